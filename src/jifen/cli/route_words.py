"""An answer of the planner as text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.planning.answer import Answer, Risks
from jifen.planning.case import Case
from jifen.planning.forecast import Change, Unmet
from jifen.planning.model import Move
from jifen.planning.questions import answers_of
from jifen.planning.robust import Otherwise, Robust
from jifen.planning.routes import Bound, Route
from jifen.planning.schedule import Set
from jifen.planning.words import (
    TAKEN,
    ahead_words,
    by_day,
    denial,
    earliest,
    ending,
    hindrance,
    soonest,
    verdict,
)
from jifen.policy.certainty import LEGEND, MARK, format_marked_clause
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text, display_width, pad_to_width
from jifen.scoring.standing import standing_of, words_of

SURE = {
    "certain": Text("确定", "certain"),
    "likely": Text("较可能", "likely"),
    "unsure": Text("不确定", "unsure"),
}
KINDS = {"condition": Text("条件", "condition"), "veto": Text("否决", "veto")}


def route_text(answers: Sequence[Answer], lang: Lang) -> str:
    """Everything of one or several cities."""
    lines: list[str] = []
    if len(answers) > 1:
        lines += [*_side_by_side(answers, lang), ""]
    for answer in answers:
        lines += [*_city(answer, lang), ""]
    return "\n".join(lines).rstrip()


def _side_by_side(answers: Sequence[Answer], lang: Lang) -> Iterator[str]:
    yield _say(lang, "最早达到分数线：", "The line is reached first:")
    for answer in by_day(answers):
        day, route = earliest(answer), soonest(answer)
        best = answer.earliest.best if answer.earliest else None
        days = str(day) if best in (None, day) else f"{best} … {day}"
        when = days if day else verdict(answer).words(lang)
        yield f"  {pad_to_width(answer.case.city, 12)} {when}" + (
            f"  {route(lang)}" if route else ""
        )
    yield "  " + TAKEN(lang)


def _city(answer: Answer, lang: Lang) -> Iterator[str]:
    case, today = answer.case, answer.today
    said = words_of(standing_of(today)).spoken
    yield f"{today.rules.title(lang)}  ·  {case.on} – {case.last}"
    yield _say(lang, f"今天：{said.zh}", f"Today: {said.en}")
    if answer.missing:
        yield _say(lang, "还缺：", "Missing: ") + ", ".join(_labels(case, answer.missing, lang))
    for fault in today.situation.contradictions:
        yield _say(lang, "注意：", "Note: ") + fault.words(lang)
    yield from _deciding(answer, lang)
    yield ""
    yield _say(lang, "如果什么都不变", "If nothing changes")
    forecast = [*_forecast(answer, lang)]
    yield from forecast
    if any(MARK in line for line in forecast):
        yield f"  {LEGEND(lang)}"
    yield ""
    if answer.risks is not None:
        yield from _risks(case, answer.risks, lang)
    else:
        yield from _routes(answer, lang)
    yield ""
    yield from _aside(answer, lang)


def _deciding(answer: Answer, lang: Lang) -> Iterator[str]:
    """The range of the earliest day, and the questions on which it hangs with their answers."""
    found, vocabulary = answer.earliest, answer.case.rules.vocabulary
    if found is None or (found.exact and not found.decided_by):
        return
    best, worst = (
        found.best,
        found.worst or _say(lang, "期限内不一定", "perhaps not in these years"),
    )
    if found.exact:
        days = _say(lang, f"最早 {best}，走哪条路", f"Earliest {best}, the way there")
    else:
        zh, en = f"最早：最好 {best}，最迟 {worst}", f"Earliest: {best} at best, {worst} at worst"
        days = _say(lang, zh, en)
    if not found.decided_by:
        yield days + _say(lang, "，现有记录分不出", ", which no answer tells")
        return
    yield days + _say(
        lang,
        "取决于（写进文件，或用 --fact 回答）："
        if found.exact
        else "，取决于（写进文件，或用 --fact 回答）：",
        " by these answers (in the file, or with --fact):",
    )
    for fact in (vocabulary[ident] for ident in found.decided_by):
        question = (fact.question if fact.question.zh else fact.label)(lang)
        how = f"{fact.id}: {answers_of(fact)(lang)}"
        yield f"  {question}" + _say(lang, f"（{how}）", f" ({how})")


def _labels(case: Case, idents: Iterable[str], lang: Lang) -> list[str]:
    return [f"{case.rules.vocabulary[ident].label(lang)} ({ident})" for ident in idents]


def _say(lang: Lang, zh: str, en: str) -> str:
    return en if lang == "en" else zh


def _forecast(answer: Answer, lang: Lang) -> Iterator[str]:
    case, found = answer.case, answer.forecast
    ranked = answer.today.reached and not case.rules.decision.has_threshold
    yield "  " + (verdict(answer).words if ranked else ahead_words(found))(lang)
    for before, step in zip((None, *found.steps[:-1]), found.steps, strict=True):
        low, high = step.bounds
        points = (
            format_number(low) if low == high else f"{format_number(low)} … {format_number(high)}"
        )
        points = points if step.in_force else "–"
        mark = {True: "✓", False: "✗", None: "?"}[step.reached]
        told = [_change(case, change, lang) for change in step.changes]
        told += [_unmet(one, lang) for one in step.unmet] if step.hindered else []
        if not told and before and before.version != step.version:
            zh, en = f"施行 {step.version} 年办法", f"the measure of {step.version} applies"
            told = [_say(lang, zh, en)]
        why = _say(lang, "；", "; ").join(told)
        yield f"  {step.on}  {mark} {pad_to_width(points, 10)} {why}".rstrip()
    for day, caution in found.cautions:
        yield _say(lang, f"  {day} 起请注意：", f"  note, from {day} on: ") + caution.words(lang)


def _unmet(one: Unmet, lang: Lang) -> str:
    remedy = _say(lang, f"（{one.remedy.zh}）", f" ({one.remedy.en})") if one.remedy.zh else ""
    return hindrance(one)(lang) + remedy


def _change(case: Case, change: Change, lang: Lang) -> str:
    facts = ", ".join(
        f"{case.rules.vocabulary[m.fact].label(lang)} {_ends(m.before, lang)} → "
        f"{_ends(m.after, lang)}"
        for m in change.facts
    )
    clause = (
        format_marked_clause(change.basis, lang) if change.basis and change.basis.clause else None
    )
    kind = KINDS[change.kind](lang) + " " if change.kind in KINDS else ""
    said = f"{kind}{change.label(lang)} {_ends(change.before, lang)} → {_ends(change.after, lang)}"
    told = ", ".join(part for part in (facts, clause) if part)
    return f"{said} ({told})" if told else said


def _ends(ends: tuple[Any, Any], lang: Lang) -> str:
    low, high = ends
    if low is ABSENT or low is None:
        return "?" if low is ABSENT else "–"
    if isinstance(low, bool) and isinstance(high, bool):
        return _say(lang, "是" if low else "否", "yes" if low else "no")
    return _plain(low) if low == high else f"{_plain(low)}…{_plain(high)}"


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else format_number(value)


def _routes(answer: Answer, lang: Lang) -> Iterator[str]:
    routes = answer.routes
    if routes is None:
        return
    star = Text("* 表示没有更优的方案", "* where none is better")
    if routes.open:
        star = Text(
            "* 表示确定的方案中没有更优的，? 表示尚不能确定",
            "* where none that is sure is better, ? where it is open",
        )
    yield _say(
        lang,
        f"可行方案（计算了 {routes.sets} 种组合 × {routes.days} 天；{star.zh}）",
        f"Routes ({routes.sets} sets of moves on {routes.days} days; {star.en})",
    )
    looked = {robust.route.ids: robust for robust in answer.robust}
    for route in routes.found:
        yield from _route(answer.case, route, looked.get(route.ids), lang)
    for one in routes.open:
        yield _say(lang, f" ? 可能 {one.perhaps_on}", f" ? perhaps on {one.perhaps_on}")
        yield from (f"     {line}" for line in _steps(one.done, lang))
    if routes.bound:
        yield from _bound(answer.case, routes.bound, lang)
    elif not routes.found:
        yield "  " + verdict(answer).words(lang)
    yield from (f"  {line}" for line in _readings(answer.elsewise, lang))


def _route(case: Case, route: Route, looked: Robust | None, lang: Lang) -> Iterator[str]:
    star = "*" if route.frontier else " "
    usual = route.usual_on or _say(lang, "期限内不能", "not within the years")
    cost = format_number(route.known_cost)
    yuan = cost if route.cost is not None else _say(lang, f"{cost} + 不明", f"{cost} + unknown")
    first = (f"最早 {route.reached_on}", f"earliest {route.reached_on}")
    if route.perhaps_on < route.reached_on:
        zh = f"最好 {route.perhaps_on}，最迟 {route.reached_on}"
        first = zh, f"at best {route.perhaps_on}, at worst {route.reached_on}"
    head = _say(
        lang,
        f"{first[0]}，一般 {usual}，费用 {yuan} 元",
        f"{first[1]}, usual {usual}, cost {yuan} yuan",
    )
    yield f" {star} {head}"
    yield from (f"     {line}" for line in _steps(route.done, lang))
    if ends := ending(route.until, route.lost_on):
        yield f"     {ends(lang)}"
    if looked is not None:
        yield from (f"     {line}" for line in _hangs(looked, lang))


def _steps(done: Set, lang: Lang) -> Iterator[str]:
    if not done:
        yield _say(lang, "什么都不做，等待", "do nothing, wait")
    for one in done:
        yield f"{one.begun} → {one.on}  {one.move.label(lang)} ({one.move.id})"


def _hangs(looked: Robust, lang: Lang) -> Iterator[str]:
    never = _say(lang, "期限内达不到", "never within the years")
    late = {slip.move.id: slip for slip in looked.slips}
    for move in looked.hangs_on:
        day = late[move.id].late or never
        yield _say(
            lang,
            f"关键：{move.label.zh}；晚半年则 {day}",
            f"hangs on: {move.label.en}; half a year late: {day}",
        )
    yield from _readings(looked.readings, lang)


def _readings(others: Iterable[Otherwise], lang: Lang) -> Iterator[str]:
    for other in others:
        day = _day_or_open(other, lang)
        label = f"{other.switch.question(lang)} {other.reading.label(lang)}"
        yield _say(lang, f"另一读法：{label} → {day}", f"other reading: {label} → {day}")


def _day_or_open(other: Otherwise, lang: Lang) -> str:
    if other.reached_on is None and other.perhaps_on is not None:
        return _say(lang, "缺少事实，不能确定", "undecided: facts are missing")
    if other.reached_on is None:
        return _say(lang, "期限内达不到", "never within the years")
    until = _say(lang, f"，到 {other.until}", f", until {other.until}") if other.until else ""
    return f"{other.reached_on}{until}"


def _bound(case: Case, bound: Bound, lang: Lang) -> Iterator[str]:
    size = _say(
        lang,
        "任何组合" if bound.moves is None else f"不多于 {bound.moves} 步的组合",
        "any set of moves" if bound.moves is None else f"sets of at most {bound.moves} moves",
    )
    most, no = format_number(bound.most), denial(bound, case)
    line = "" if bound.threshold == NO_THRESHOLD else format_number(bound.threshold)
    yield "  " + _say(
        lang,
        f"{no.zh}：{size}（{bound.sets} 种）最接近的是 {most} 分（{bound.on}）"
        f"{f'，线 {line} 分' if line else ''}",
        f"{no.en}: {size} ({bound.sets}) come no nearer than "
        f"{most} points (on {bound.on}){f', the line is {line}' if line else ''}",
    )
    yield from (f"     {line}" for line in _steps(bound.by, lang))
    for _, label in bound.unmet:
        yield "  " + _say(lang, f"始终不满足：{label.zh}", f"never met: {label.en}")


def _risks(case: Case, risks: Risks, lang: Lang) -> Iterator[str]:
    if case.rules.decision.has_threshold:
        yield _say(lang, "已经达到；风险", "At the line already; the risks")
    else:
        yield _say(lang, "可以参加排序；风险", "May enter the ranking; the risks")
    for label, found in (
        (_say(lang, "现在停止缴费", "contributions stop now"), risks.stops),
        (_say(lang, "居住证不再签注", "the permit is not endorsed any more"), risks.lapses),
    ):
        ends = ending(found.doubtful_on, found.lost_on)
        when = (ends or Text("看不出失去", "no loss to be seen"))(lang)
        if found is risks.lapses and not risks.permit_known:
            when = _say(lang, "缺少居住证日期，无法判断", "not to be said without its dates")
        yield f"  {label}: {when}"
    yield from (f"  {line}" for line in _readings(risks.readings, lang))
    for kept in risks.keeping:
        kept_until = str(kept.until or case.last)
        label = kept.standing.move.label(lang)
        yield "  " + _say(
            lang, f"有用：{label} → 保持到 {kept_until}", f"helps: {label} → until {kept_until}"
        )


def _aside(answer: Answer, lang: Lang) -> Iterator[str]:
    """The moves that are offered, to rule out or to change whatever the outcome, and those that
    wait for a fact."""
    rows = [_offer(answer.case, s.move, lang) for s in answer.standings if s.status == "offered"]
    if rows:
        yield _say(
            lang,
            "可选的步骤（--without 排除，--takes、--costs 改用时和费用）",
            "Moves that are offered (--without rules out, --takes and --costs change)",
        )
    columns = [max(map(display_width, cells)) + 2 for cells in list(zip(*rows, strict=True))[:3]]
    for *cells, sure in rows:
        shown = "".join(pad_to_width(cell, n) for cell, n in zip(cells, columns, strict=True))
        yield f"  {shown}{sure}"
    for standing in answer.standings:
        if standing.status == "unknown":
            lack, move = ", ".join(_labels(answer.case, standing.missing, lang)), standing.move
            yield "  " + _say(
                lang, f"能否{move.label.zh}，还缺：{lack}", f"{move.label.en}: needs {lack}"
            )


def _offer(case: Case, move: Move, lang: Lang) -> tuple[str, str, str, str]:
    """What it is, how long it takes, what it costs, how sure that is and why."""
    shortest, usual, cost = (
        case.wishes.shortest(move),
        case.wishes.usual(move),
        case.wishes.cost(move),
    )
    months = str(shortest) if shortest == usual else f"{shortest}–{usual}"
    return (
        f"{move.label(lang)} ({move.id})",
        _say(lang, f"{months} 个月", f"{months} months"),
        _say(lang, "费用不明", "cost unknown")
        if cost is None
        else _say(lang, f"{format_number(cost)} 元", f"{format_number(cost)} yuan"),
        f"[{SURE[move.told.confidence](lang)}] {move.told.note(lang)}".rstrip(),
    )
