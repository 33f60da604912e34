"""An answer of the planner as text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.planning.answer_formats import describe_answers
from jifen.planning.case import PlanCase
from jifen.planning.forecast import ItemChange, UnmetRequirement
from jifen.planning.messages import (
    CITIES_ASSUMPTION,
    describe_denial,
    describe_ending,
    describe_forecast,
    describe_soonest_moves,
    describe_unmet,
    describe_verdict,
    find_first_sure_day,
    sort_by_day,
)
from jifen.planning.model import Move
from jifen.planning.planner import PlanResult, Risks
from jifen.planning.robustness import OtherReading, RouteRobustness
from jifen.planning.route_models import Bound, Route
from jifen.planning.schedule import MoveSet
from jifen.policy.certainty import LEGEND, MARK, format_marked_clause
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text, display_width, pad_to_width
from jifen.scoring.result_status import derive_status, describe_status

SURE = {
    "certain": Text("确定", "certain"),
    "likely": Text("较可能", "likely"),
    "unsure": Text("不确定", "unsure"),
}
KINDS = {"condition": Text("条件", "condition"), "veto": Text("否决", "veto")}


def format_routes(answers: Sequence[PlanResult], lang: Lang) -> str:
    """Everything of one or several cities."""
    lines: list[str] = []
    if len(answers) > 1:
        lines += [*_format_side_by_side(answers, lang), ""]
    for answer in answers:
        lines += [*_format_city(answer, lang), ""]
    return "\n".join(lines).rstrip()


def _format_side_by_side(answers: Sequence[PlanResult], lang: Lang) -> Iterator[str]:
    yield _choose_words(lang, "最早达到分数线：", "The line is reached first:")
    for answer in sort_by_day(answers):
        day, route = find_first_sure_day(answer), describe_soonest_moves(answer)
        best = answer.earliest_day.best if answer.earliest_day else None
        days = str(day) if best in (None, day) else f"{best} … {day}"
        when = days if day else describe_verdict(answer).words(lang)
        yield f"  {pad_to_width(answer.case.city, 12)} {when}" + (
            f"  {route(lang)}" if route else ""
        )
    yield "  " + CITIES_ASSUMPTION(lang)


def _format_city(answer: PlanResult, lang: Lang) -> Iterator[str]:
    case, today = answer.case, answer.today
    spoken = describe_status(derive_status(today)).spoken
    yield f"{today.rules.title(lang)}  ·  {case.on} – {case.last_day}"
    yield _choose_words(lang, f"今天：{spoken.zh}", f"Today: {spoken.en}")
    if answer.missing_facts:
        yield _choose_words(lang, "还缺：", "Missing: ") + ", ".join(
            _list_labels(case, answer.missing_facts, lang)
        )
    for fault in today.situation.contradictions:
        yield _choose_words(lang, "注意：", "Note: ") + fault.to_sentence(lang)
    yield from _format_deciding_facts(answer, lang)
    yield ""
    yield _choose_words(lang, "如果什么都不变", "If nothing changes")
    forecast = [*_format_forecast(answer, lang)]
    yield from forecast
    if any(MARK in line for line in forecast):
        yield f"  {LEGEND(lang)}"
    yield ""
    if answer.risks is not None:
        yield from _format_risks(case, answer.risks, lang)
    else:
        yield from _format_route_list(answer, lang)
    yield ""
    yield from _format_moves(answer, lang)


def _format_deciding_facts(answer: PlanResult, lang: Lang) -> Iterator[str]:
    """The range of the earliest day, and the questions on which it hangs with their answers."""
    earliest, vocabulary = answer.earliest_day, answer.case.rules.vocabulary
    if earliest is None or (earliest.is_exact and not earliest.decided_by):
        return
    best, worst = (
        earliest.best,
        earliest.worst or _choose_words(lang, "期限内不一定", "perhaps not in these years"),
    )
    if earliest.is_exact:
        days = _choose_words(lang, f"最早 {best}，走哪条路", f"Earliest {best}, the way there")
    else:
        zh, en = f"最早：最好 {best}，最迟 {worst}", f"Earliest: {best} at best, {worst} at worst"
        days = _choose_words(lang, zh, en)
    if not earliest.decided_by:
        yield days + _choose_words(lang, "，现有记录分不出", ", which no answer tells")
        return
    yield days + _choose_words(
        lang,
        "取决于（写进文件，或用 --fact 回答）："
        if earliest.is_exact
        else "，取决于（写进文件，或用 --fact 回答）：",
        " by these answers (in the file, or with --fact):",
    )
    for fact in (vocabulary[fact_id] for fact_id in earliest.decided_by):
        question = (fact.question if fact.question.zh else fact.label)(lang)
        how = f"{fact.id}: {describe_answers(fact)(lang)}"
        yield f"  {question}" + _choose_words(lang, f"（{how}）", f" ({how})")


def _list_labels(case: PlanCase, fact_ids: Iterable[str], lang: Lang) -> list[str]:
    return [f"{case.rules.vocabulary[fact_id].label(lang)} ({fact_id})" for fact_id in fact_ids]


def _choose_words(lang: Lang, zh: str, en: str) -> str:
    return en if lang == "en" else zh


def _format_forecast(answer: PlanResult, lang: Lang) -> Iterator[str]:
    case, forecast = answer.case, answer.forecast
    ranked = answer.today.reached and not case.rules.decision.has_threshold
    yield "  " + (describe_verdict(answer).words if ranked else describe_forecast(forecast))(lang)
    for before, step in zip((None, *forecast.steps[:-1]), forecast.steps, strict=True):
        low, high = step.bounds
        points = (
            format_number(low) if low == high else f"{format_number(low)} … {format_number(high)}"
        )
        points = points if step.in_force else "–"
        mark = {True: "✓", False: "✗", None: "?"}[step.reached]
        reasons = [_format_change(case, change, lang) for change in step.changes]
        reasons += (
            [_format_unmet(requirement, lang) for requirement in step.unmet]
            if step.is_hindered
            else []
        )
        if not reasons and before and before.version != step.version:
            zh, en = f"施行 {step.version} 年办法", f"the measure of {step.version} applies"
            reasons = [_choose_words(lang, zh, en)]
        why = _choose_words(lang, "；", "; ").join(reasons)
        yield f"  {step.on}  {mark} {pad_to_width(points, 10)} {why}".rstrip()
    for day, caution in forecast.cautions:
        yield _choose_words(
            lang, f"  {day} 起请注意：", f"  note, from {day} on: "
        ) + caution.words(lang)


def _format_unmet(requirement: UnmetRequirement, lang: Lang) -> str:
    remedy = (
        _choose_words(lang, f"（{requirement.remedy.zh}）", f" ({requirement.remedy.en})")
        if requirement.remedy.zh
        else ""
    )
    return describe_unmet(requirement)(lang) + remedy


def _format_change(case: PlanCase, change: ItemChange, lang: Lang) -> str:
    facts = ", ".join(
        f"{case.rules.vocabulary[movement.fact].label(lang)} "
        f"{_format_range(movement.before, lang)} → {_format_range(movement.after, lang)}"
        for movement in change.facts
    )
    clause = (
        format_marked_clause(change.basis, lang) if change.basis and change.basis.clause else None
    )
    kind = KINDS[change.kind](lang) + " " if change.kind in KINDS else ""
    ends = f"{_format_range(change.before, lang)} → {_format_range(change.after, lang)}"
    summary = f"{kind}{change.label(lang)} {ends}"
    details = ", ".join(part for part in (facts, clause) if part)
    return f"{summary} ({details})" if details else summary


def _format_range(ends: tuple[Any, Any], lang: Lang) -> str:
    low, high = ends
    if low is ABSENT or low is None:
        return "?" if low is ABSENT else "–"
    if isinstance(low, bool) and isinstance(high, bool):
        return _choose_words(lang, "是" if low else "否", "yes" if low else "no")
    return _format_value(low) if low == high else f"{_format_value(low)}…{_format_value(high)}"


def _format_value(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else format_number(value)


def _format_route_list(answer: PlanResult, lang: Lang) -> Iterator[str]:
    routes = answer.route_search
    if routes is None:
        return
    star = Text("* 表示没有更优的方案", "* where none is better")
    if routes.open_routes:
        star = Text(
            "* 表示确定的方案中没有更优的，? 表示尚不能确定",
            "* where none that is sure is better, ? where it is open",
        )
    yield _choose_words(
        lang,
        f"可行方案（计算了 {routes.sets} 种组合 × {routes.days} 天；{star.zh}）",
        f"Routes ({routes.sets} sets of moves on {routes.days} days; {star.en})",
    )
    robust_by_moves = {robust.route.move_ids: robust for robust in answer.robustness}
    for route in routes.routes:
        yield from _format_route(answer.case, route, robust_by_moves.get(route.move_ids), lang)
    for open_route in routes.open_routes:
        yield _choose_words(
            lang, f" ? 可能 {open_route.perhaps_on}", f" ? perhaps on {open_route.perhaps_on}"
        )
        yield from (f"     {line}" for line in _format_steps(open_route.timed_moves, lang))
    if routes.bound:
        yield from _format_bound(answer.case, routes.bound, lang)
    elif not routes.routes:
        yield "  " + describe_verdict(answer).words(lang)
    yield from (f"  {line}" for line in _format_readings(answer.other_readings, lang))


def _format_route(
    case: PlanCase, route: Route, robust: RouteRobustness | None, lang: Lang
) -> Iterator[str]:
    star = "*" if route.frontier else " "
    usual = route.usual_on or _choose_words(lang, "期限内不能", "not within the years")
    cost = format_number(route.known_cost)
    yuan = (
        cost
        if route.cost is not None
        else _choose_words(lang, f"{cost} + 不明", f"{cost} + unknown")
    )
    first = (f"最早 {route.reached_on}", f"earliest {route.reached_on}")
    if route.perhaps_on < route.reached_on:
        zh = f"最好 {route.perhaps_on}，最迟 {route.reached_on}"
        first = zh, f"at best {route.perhaps_on}, at worst {route.reached_on}"
    head = _choose_words(
        lang,
        f"{first[0]}，一般 {usual}，费用 {yuan} 元",
        f"{first[1]}, usual {usual}, cost {yuan} yuan",
    )
    yield f" {star} {head}"
    yield from (f"     {line}" for line in _format_steps(route.timed_moves, lang))
    if ends := describe_ending(route.until, route.lost_on):
        yield f"     {ends(lang)}"
    if robust is not None:
        yield from (f"     {line}" for line in _format_key_moves(robust, lang))


def _format_steps(done: MoveSet, lang: Lang) -> Iterator[str]:
    if not done:
        yield _choose_words(lang, "什么都不做，等待", "do nothing, wait")
    for step in done:
        yield f"{step.begun} → {step.on}  {step.move.label(lang)} ({step.move.id})"


def _format_key_moves(robust: RouteRobustness, lang: Lang) -> Iterator[str]:
    never = _choose_words(lang, "期限内达不到", "never within the years")
    late = {slip.move.id: slip for slip in robust.delays}
    for move in robust.critical_moves:
        day = late[move.id].reached_if_late or never
        yield _choose_words(
            lang,
            f"关键：{move.label.zh}；晚半年则 {day}",
            f"hangs on: {move.label.en}; half a year late: {day}",
        )
    yield from _format_readings(robust.readings, lang)


def _format_readings(others: Iterable[OtherReading], lang: Lang) -> Iterator[str]:
    for other in others:
        day = _format_reading_day(other, lang)
        label = f"{other.switch.question(lang)} {other.reading.label(lang)}"
        yield _choose_words(lang, f"另一读法：{label} → {day}", f"other reading: {label} → {day}")


def _format_reading_day(other: OtherReading, lang: Lang) -> str:
    if other.reached_on is None and other.perhaps_on is not None:
        return _choose_words(lang, "缺少事实，不能确定", "undecided: facts are missing")
    if other.reached_on is None:
        return _choose_words(lang, "期限内达不到", "never within the years")
    until = (
        _choose_words(lang, f"，到 {other.until}", f", until {other.until}") if other.until else ""
    )
    return f"{other.reached_on}{until}"


def _format_bound(case: PlanCase, bound: Bound, lang: Lang) -> Iterator[str]:
    size = _choose_words(
        lang,
        "任何组合" if bound.moves is None else f"不多于 {bound.moves} 步的组合",
        "any set of moves" if bound.moves is None else f"sets of at most {bound.moves} moves",
    )
    most, no = format_number(bound.most), describe_denial(bound, case)
    line = "" if bound.threshold == NO_THRESHOLD else format_number(bound.threshold)
    yield "  " + _choose_words(
        lang,
        f"{no.zh}：{size}（{bound.sets} 种）最接近的是 {most} 分（{bound.on}）"
        f"{f'，线 {line} 分' if line else ''}",
        f"{no.en}: {size} ({bound.sets}) come no nearer than "
        f"{most} points (on {bound.on}){f', the line is {line}' if line else ''}",
    )
    yield from (f"     {line}" for line in _format_steps(bound.move_set, lang))
    for _, label in bound.unmet:
        yield "  " + _choose_words(lang, f"始终不满足：{label.zh}", f"never met: {label.en}")


def _format_risks(case: PlanCase, risks: Risks, lang: Lang) -> Iterator[str]:
    if case.rules.decision.has_threshold:
        yield _choose_words(lang, "已经达到；风险", "At the line already; the risks")
    else:
        yield _choose_words(lang, "可以参加排序；风险", "May enter the ranking; the risks")
    for label, risk in (
        (
            _choose_words(lang, "现在停止缴费", "contributions stop now"),
            risks.without_contributions,
        ),
        (
            _choose_words(lang, "居住证不再签注", "the permit is not endorsed any more"),
            risks.without_endorsement,
        ),
    ):
        ends = describe_ending(risk.doubtful_on, risk.lost_on)
        when = (ends or Text("看不出失去", "no loss to be seen"))(lang)
        if risk is risks.without_endorsement and not risks.permit_known:
            when = _choose_words(
                lang, "缺少居住证日期，无法判断", "it cannot be said without its dates"
            )
        yield f"  {label}: {when}"
    yield from (f"  {line}" for line in _format_readings(risks.readings, lang))
    for keeping in risks.keeping_moves:
        kept_until = str(keeping.until or case.last_day)
        label = keeping.move_status.move.label(lang)
        yield "  " + _choose_words(
            lang, f"有用：{label} → 保持到 {kept_until}", f"helps: {label} → until {kept_until}"
        )


def _format_moves(answer: PlanResult, lang: Lang) -> Iterator[str]:
    """The moves that are offered, to rule out or to change whatever the outcome, and those that
    wait for a fact."""
    rows = [
        _format_offer(answer.case, s.move, lang)
        for s in answer.move_statuses
        if s.status == "offered"
    ]
    if rows:
        yield _choose_words(
            lang,
            "可选的步骤（--without 排除，--takes、--costs 改用时和费用）",
            "Moves that are offered (--without rules out, --takes and --costs change)",
        )
    columns = [max(map(display_width, cells)) + 2 for cells in list(zip(*rows, strict=True))[:3]]
    for *cells, sure in rows:
        shown = "".join(
            pad_to_width(cell, column_width)
            for cell, column_width in zip(cells, columns, strict=True)
        )
        yield f"  {shown}{sure}"
    for standing in answer.move_statuses:
        if standing.status == "unknown":
            lack, move = ", ".join(_list_labels(answer.case, standing.missing, lang)), standing.move
            yield "  " + _choose_words(
                lang, f"能否{move.label.zh}，还缺：{lack}", f"{move.label.en}: needs {lack}"
            )


def _format_offer(case: PlanCase, move: Move, lang: Lang) -> tuple[str, str, str, str]:
    """What it is, how long it takes, what it costs, how sure that is and why."""
    shortest, usual, cost = (
        case.wishes.shortest_months(move),
        case.wishes.usual_months(move),
        case.wishes.find_cost(move),
    )
    months = str(shortest) if shortest == usual else f"{shortest}–{usual}"
    return (
        f"{move.label(lang)} ({move.id})",
        _choose_words(lang, f"{months} 个月", f"{months} months"),
        _choose_words(lang, "费用不明", "cost unknown")
        if cost is None
        else _choose_words(lang, f"{format_number(cost)} 元", f"{format_number(cost)} yuan"),
        f"[{SURE[move.provenance.confidence](lang)}] {move.provenance.note(lang)}".rstrip(),
    )
