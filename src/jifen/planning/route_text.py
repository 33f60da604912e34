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
from jifen.planning.words import say
from jifen.policy.certainty import LEGEND, MARK, format_marked_clause
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.quantity import format_number
from jifen.policy.text import EMPTY, Lang, display_width, pad_to_width
from jifen.scoring.result_status import derive_status, describe_status

SURE = {
    "certain": say("route_text.sure_certain"),
    "likely": say("route_text.sure_likely"),
    "unsure": say("route_text.sure_unsure"),
}
KINDS = {"condition": say("route_text.kinds_condition"), "veto": say("route_text.kinds_veto")}


def format_routes(answers: Sequence[PlanResult], lang: Lang) -> str:
    """Everything of one or several cities."""
    lines: list[str] = []
    if len(answers) > 1:
        lines += [*_format_side_by_side(answers, lang), ""]
    for answer in answers:
        lines += [*_format_city(answer, lang), ""]
    return "\n".join(lines).rstrip()


def _format_side_by_side(answers: Sequence[PlanResult], lang: Lang) -> Iterator[str]:
    yield say("route_text.the_line_is_reached_first")(lang)
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
    yield say("route_text.today", spoken=spoken)(lang)
    if answer.missing_facts:
        yield say("route_text.missing")(lang) + ", ".join(
            _list_labels(case, answer.missing_facts, lang)
        )
    for fault in today.situation.contradictions:
        yield say("route_text.note")(lang) + fault.to_sentence(lang)
    yield from _format_deciding_facts(answer, lang)
    yield ""
    yield say("route_text.if_nothing_changes")(lang)
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
        earliest.worst or say("route_text.perhaps_not_in_these_years")(lang),
    )
    if earliest.is_exact:
        days = say("route_text.earliest_the_way_there", best=best)(lang)
    else:
        words = say("route_text.earliest_at_best_at_worst", best=best, worst=worst)
        days = words(lang)
    if not earliest.decided_by:
        yield days + say("route_text.which_no_answer_tells")(lang)
        return
    yield days + (
        say("route_text.on_one_day_by_these_answers")
        if earliest.is_exact
        else say("route_text.in_a_range_by_these_answers")
    )(lang)
    for fact in (vocabulary[fact_id] for fact_id in earliest.decided_by):
        question = (fact.question if fact.question.zh else fact.label)(lang)
        how = f"{fact.id}: {describe_answers(fact)(lang)}"
        yield f"  {question}" + say("route_text.how_in_brackets", how=how)(lang)


def _list_labels(case: PlanCase, fact_ids: Iterable[str], lang: Lang) -> list[str]:
    return [f"{case.rules.vocabulary[fact_id].label(lang)} ({fact_id})" for fact_id in fact_ids]


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
            words = say("route_text.the_measure_of_applies", version=step.version)
            reasons = [words(lang)]
        why = say("route_text.between_reasons")(lang).join(reasons)
        yield f"  {step.on}  {mark} {pad_to_width(points, 10)} {why}".rstrip()
    for day, caution in forecast.cautions:
        yield say("route_text.note_from", day=day)(lang) + caution.words(lang)


def _format_unmet(requirement: UnmetRequirement, lang: Lang) -> str:
    remedy = (
        say("route_text.remedy_in_brackets", remedy=requirement.remedy)(lang)
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
        return (say("route_text.yes") if low else say("route_text.no"))(lang)
    return _format_value(low) if low == high else f"{_format_value(low)}…{_format_value(high)}"


def _format_value(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else format_number(value)


def _format_route_list(answer: PlanResult, lang: Lang) -> Iterator[str]:
    routes = answer.route_search
    if routes is None:
        return
    star = say("route_text.where_none_is_better")
    if routes.open_routes:
        star = say("route_text.where_none_that_is_sure")
    yield say("route_text.routes_sets_of_moves", sets=routes.sets, days=routes.days, star=star)(
        lang
    )
    robust_by_moves = {robust.route.move_ids: robust for robust in answer.robustness}
    for route in routes.routes:
        yield from _format_route(answer.case, route, robust_by_moves.get(route.move_ids), lang)
    for open_route in routes.open_routes:
        yield say("route_text.perhaps_on", perhaps_on=open_route.perhaps_on)(lang)
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
    usual = route.usual_on or say("route_text.not_within_the_years")(lang)
    cost = format_number(route.known_cost)
    yuan = cost if route.cost is not None else say("route_text.unknown", cost=cost)(lang)
    first = say("route_text.earliest", day=route.reached_on)
    if route.perhaps_on < route.reached_on:
        first = say("route_text.best_and_worst", best=route.perhaps_on, worst=route.reached_on)
    head = say("route_text.usual_cost_yuan", usual=usual, yuan=yuan, first=first)(lang)
    yield f" {star} {head}"
    yield from (f"     {line}" for line in _format_steps(route.timed_moves, lang))
    if ends := describe_ending(route.until, route.lost_on):
        yield f"     {ends(lang)}"
    if robust is not None:
        yield from (f"     {line}" for line in _format_key_moves(robust, lang))


def _format_steps(done: MoveSet, lang: Lang) -> Iterator[str]:
    if not done:
        yield say("route_text.do_nothing_wait")(lang)
    for step in done:
        yield f"{step.begun} → {step.on}  {step.move.label(lang)} ({step.move.id})"


def _format_key_moves(robust: RouteRobustness, lang: Lang) -> Iterator[str]:
    never = say("route_text.never_within_the_years")(lang)
    late = {slip.move.id: slip for slip in robust.delays}
    for move in robust.critical_moves:
        day = late[move.id].reached_if_late or never
        yield say("route_text.hangs_on_half_a_year", move_label=move.label, day=day)(lang)
    yield from _format_readings(robust.readings, lang)


def _format_readings(others: Iterable[OtherReading], lang: Lang) -> Iterator[str]:
    for other in others:
        day = _format_reading_day(other, lang)
        label = f"{other.switch.question(lang)} {other.reading.label(lang)}"
        yield say("route_text.other_reading", label=label, day=day)(lang)


def _format_reading_day(other: OtherReading, lang: Lang) -> str:
    if other.reached_on is None and other.perhaps_on is not None:
        return say("route_text.undecided_facts_are_missing")(lang)
    if other.reached_on is None:
        return say("route_text.never_within_the_years")(lang)
    until = say("route_text.until", until=other.until)(lang) if other.until else ""
    return f"{other.reached_on}{until}"


def _format_bound(case: PlanCase, bound: Bound, lang: Lang) -> Iterator[str]:
    size = (
        say("route_text.any_set_of_moves")
        if bound.moves is None
        else say("route_text.sets_of_at_most_moves", moves=bound.moves)
    )(lang)
    most, no = format_number(bound.most), describe_denial(bound, case)
    line = "" if bound.threshold == NO_THRESHOLD else format_number(bound.threshold)
    yield "  " + say(
        "route_text.come_no_nearer_than_points",
        no=no,
        size=size,
        sets=bound.sets,
        most=most,
        on=bound.on,
        part=say("route_text.the_line", line=line) if line else EMPTY,
    )(lang)
    yield from (f"     {line}" for line in _format_steps(bound.move_set, lang))
    for _, label in bound.unmet:
        yield "  " + say("route_text.never_met", label=label)(lang)


def _format_risks(case: PlanCase, risks: Risks, lang: Lang) -> Iterator[str]:
    if case.rules.decision.has_threshold:
        yield say("route_text.at_the_line_already")(lang)
    else:
        yield say("route_text.may_enter_the_ranking")(lang)
    for label, risk in (
        (
            say("route_text.contributions_stop_now")(lang),
            risks.without_contributions,
        ),
        (
            say("route_text.the_permit_is_not_endorsed")(lang),
            risks.without_endorsement,
        ),
    ):
        ends = describe_ending(risk.doubtful_on, risk.lost_on)
        when = (ends or say("route_text.no_loss_to_be_seen"))(lang)
        if risk is risks.without_endorsement and not risks.permit_known:
            when = say("route_text.it_cannot_be_said_without")(lang)
        yield f"  {label}: {when}"
    yield from (f"  {line}" for line in _format_readings(risks.readings, lang))
    for keeping in risks.keeping_moves:
        kept_until = str(keeping.until or case.last_day)
        label = keeping.move_status.move.label(lang)
        yield "  " + say("route_text.helps_until", label=label, kept_until=kept_until)(lang)


def _format_moves(answer: PlanResult, lang: Lang) -> Iterator[str]:
    """The moves that are offered, to rule out or to change whatever the outcome, and those that
    wait for a fact."""
    rows = [
        _format_offer(answer.case, s.move, lang)
        for s in answer.move_statuses
        if s.status == "offered"
    ]
    if rows:
        yield say("route_text.moves_that_are_offered_without")(lang)
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
            yield "  " + say("route_text.needs", move_label=move.label, lack=lack)(lang)


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
        say("route_text.months", months=months)(lang),
        say("route_text.cost_unknown")(lang)
        if cost is None
        else say("route_text.yuan", cost=format_number(cost))(lang),
        f"[{SURE[move.provenance.confidence](lang)}] {move.provenance.note(lang)}".rstrip(),
    )
