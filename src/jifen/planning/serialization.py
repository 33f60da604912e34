"""An answer as JSON, schema jifen.route.v1: stable, exact, nothing left out for being unknown."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.planning.answer_formats import describe_answers
from jifen.planning.case import PlanCase
from jifen.planning.forecast import Forecast, ForecastStep, ItemChange, UnmetRequirement
from jifen.planning.messages import (
    describe_denial,
    describe_ending,
    describe_unmet,
    describe_verdict,
    find_first_sure_day,
    sort_by_day,
)
from jifen.planning.model import Move
from jifen.planning.planner import PlanResult, Risks
from jifen.planning.robustness import OtherReading, RouteRobustness
from jifen.planning.route_models import Bound, OpenRoute, Route
from jifen.planning.schedule import MoveSet, MoveStatus
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.text import Lang, Text
from jifen.scoring.json_values import to_json_number, to_json_value
from jifen.scoring.result_status import derive_status, status_to_dict

SCHEMA = "jifen.route.v1"
Document = dict[str, Any]


def serialize_plans(answers: Iterable[PlanResult], lang: Lang = "zh") -> Document:
    """The answers of one or several cities; `first` is the city where the line is reached first,
    `order` all of them by that day."""
    listed = list(answers)
    ordered = sort_by_day(listed)
    reached = [answer for answer in ordered if find_first_sure_day(answer) is not None]
    return {
        "schema": SCHEMA,
        "on": listed[0].case.on.isoformat() if listed else None,
        "first": reached[0].case.city if reached else None,
        "order": [answer.case.city for answer in ordered],
        "cities": [_serialize_city(answer, lang) for answer in listed],
    }


def _serialize_city(answer: PlanResult, lang: Lang) -> Document:
    case, today = answer.case, answer.today
    robustness_by_route = {robust.route.move_ids: robust for robust in answer.robustness}
    routes = answer.route_search
    return {
        "city": case.city,
        "policy": today.rules.policy,
        "version": today.rules.version,
        "policy_hash": today.rules.hash,
        "until": case.last_day.isoformat(),
        "total": None if today.total is None else to_json_number(today.total),
        "bounds": [to_json_number(end) for end in today.bounds],
        "threshold": _format_threshold(today.threshold),
        "mode": today.rules.decision.mode,
        "reached": today.reached,
        "standing": status_to_dict(derive_status(today), lang),
        "missing": list(answer.missing_facts),
        "contradictions": [fault.to_dict(lang) for fault in today.situation.contradictions],
        "verdict": _serialize_verdict(answer, lang),
        "forecast": serialize_forecast(case, answer.forecast, lang),
        "moves": [_serialize_status(case, status, lang) for status in answer.move_statuses],
        "routes": None
        if routes is None
        else [
            _serialize_route(route, robustness_by_route.get(route.move_ids), lang)
            for route in routes.routes
        ],
        "readings": [_serialize_reading(other, lang) for other in answer.other_readings],
        "perhaps_on": _format_day(routes.perhaps_on) if routes else None,
        "earliest": _serialize_earliest(answer, lang),
        "open_routes": None
        if routes is None
        else [_serialize_open_route(route, lang) for route in routes.open_routes],
        "bound": serialize_bound(routes.bound, case, lang) if routes and routes.bound else None,
        "looked_at": {"sets": routes.sets, "days": routes.days} if routes else None,
        "risks": _serialize_risks(case, answer.risks, lang) if answer.risks else None,
    }


def _serialize_earliest(answer: PlanResult, lang: Lang) -> Document | None:
    """The range of the first day at the line, with the questions that decide."""
    earliest, vocabulary = answer.earliest_day, answer.case.rules.vocabulary
    if earliest is None:
        return None
    decided_by = [vocabulary[fact_id] for fact_id in earliest.decided_by]
    return {
        "best": _format_day(earliest.best),
        "worst": _format_day(earliest.worst),
        "exact": earliest.is_exact,
        "decided_by": [
            {
                "id": fact.id,
                "label": fact.label(lang),
                "question": (fact.question if fact.question.zh else fact.label)(lang),
                "answers": describe_answers(fact)(lang),
            }
            for fact in decided_by
        ],
    }


def _serialize_open_route(route: OpenRoute, lang: Lang) -> Document:
    return {
        "moves": _serialize_moves(route.timed_moves, lang),
        "perhaps_on": route.perhaps_on.isoformat(),
    }


def _serialize_verdict(answer: PlanResult, lang: Lang) -> Document:
    verdict = describe_verdict(answer)
    return {"kind": verdict.kind, "on": _format_day(verdict.on), "words": verdict.words(lang)}


def _translate(text: Text | None, lang: Lang) -> str | None:
    return text(lang) if text else None


def _format_threshold(points: Decimal | None) -> int | float | None:
    """The line; None where the measure has none."""
    return None if points is None or points == NO_THRESHOLD else to_json_number(points)


def _format_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def serialize_forecast(case: PlanCase, forecast: Forecast, lang: Lang) -> Document:
    """The years ahead."""
    return {
        "reached_on": _format_day(forecast.reached_on),
        "perhaps_on": _format_day(forecast.perhaps_on),
        "lost_on": _format_day(forecast.lost_on),
        "doubtful_on": _format_day(forecast.doubtful_on),
        "ending": _translate(describe_ending(forecast.doubtful_on, forecast.lost_on), lang),
        "until": forecast.last_day.isoformat(),
        "steps": [_serialize_step(case, step, lang) for step in forecast.steps],
        "cautions": [
            {"on": day.isoformat(), "words": caution.words(lang)}
            for day, caution in forecast.cautions
        ],
    }


def _serialize_step(case: PlanCase, step: ForecastStep, lang: Lang) -> Document:
    low, high = step.bounds
    in_force = step.in_force
    return {
        "on": step.on.isoformat(),
        "in_force": in_force,
        "total": to_json_number(low) if low == high and in_force else None,
        "bounds": [to_json_number(low), to_json_number(high)] if in_force else [None, None],
        "threshold": _format_threshold(step.threshold) if in_force else None,
        "reached": step.reached,
        "eligible": step.eligible,
        "version": step.version,
        "hindered": step.is_hindered,
        "unmet": [_serialize_unmet(unmet, lang) for unmet in step.unmet],
        "changes": [_serialize_change(case, change, lang) for change in step.changes],
    }


def _serialize_unmet(unmet: UnmetRequirement, lang: Lang) -> Document:
    return {
        "id": unmet.id,
        "kind": unmet.kind,
        "label": unmet.label(lang),
        "known": unmet.surely,
        "words": describe_unmet(unmet)(lang),
        "remedy": unmet.remedy(lang) or None,
    }


def _serialize_change(case: PlanCase, change: ItemChange, lang: Lang) -> Document:
    vocabulary = case.rules.vocabulary
    clause = change.basis.clause if change.basis else None
    return {
        "id": change.id,
        "kind": change.kind,
        "label": change.label(lang),
        "before": _serialize_range(change.before),
        "after": _serialize_range(change.after),
        "facts": [
            {
                "id": fact_change.fact,
                "label": vocabulary[fact_change.fact].label(lang),
                "before": _serialize_range(fact_change.before),
                "after": _serialize_range(fact_change.after),
            }
            for fact_change in change.facts
        ],
        "clause": clause.article(lang) if clause else None,
        "clause_confidence": clause.confidence if clause else None,
        "confidence": change.basis.confidence if change.basis else None,
    }


def _serialize_range(value_range: tuple[Any, Any]) -> list[Any] | None:
    """[least, most]; null where nothing is known."""
    if value_range[0] is ABSENT:
        return None
    return [
        to_json_number(end) if isinstance(end, Decimal) else to_json_value(end)
        for end in value_range
    ]


def _serialize_status(case: PlanCase, status: MoveStatus, lang: Lang) -> Document:
    move, wishes = status.move, case.wishes
    return serialize_move(move, lang) | {
        "status": status.status,
        "missing": list(status.missing),
        "shortest": wishes.shortest_months(move),
        "usual": wishes.usual_months(move),
        "cost": _format_yuan(wishes.find_cost(move)),
    }


def serialize_move(move: Move, lang: Lang) -> Document:
    """A move as the city's file says it."""
    return {
        "id": move.id,
        "label": move.label(lang),
        "shortest": move.shortest,
        "usual": move.usual,
        "cost": _format_yuan(move.cost),
        "confidence": move.provenance.confidence,
        "sources": list(move.provenance.sources),
        "note": move.provenance.note(lang) or None,
    }


def _format_yuan(cost: Decimal | None) -> int | float | None:
    return None if cost is None else to_json_number(cost)


def _serialize_moves(timed_moves: MoveSet, lang: Lang) -> list[Document]:
    return [
        {
            "id": timed_move.move.id,
            "label": timed_move.move.label(lang),
            "begins": timed_move.begun.isoformat(),
            "done": timed_move.on.isoformat(),
        }
        for timed_move in timed_moves
    ]


def _serialize_route(route: Route, robustness: RouteRobustness | None, lang: Lang) -> Document:
    return {
        "moves": _serialize_moves(route.timed_moves, lang),
        "reached_on": route.reached_on.isoformat(),
        "perhaps_on": route.perhaps_on.isoformat(),
        "usual_on": _format_day(route.usual_on),
        "kept_until": _format_day(route.until),
        "lost_on": _format_day(route.lost_on),
        "ending": _translate(describe_ending(route.until, route.lost_on), lang),
        "cost": _format_yuan(route.cost),
        "known_cost": to_json_number(route.known_cost),
        "frontier": route.frontier,
        "hangs_on": None if robustness is None else [move.id for move in robustness.critical_moves],
        "slips": None
        if robustness is None
        else [
            {
                "id": delay.move.id,
                "late": _format_day(delay.reached_if_late),
                "without": _format_day(delay.reached_without),
            }
            for delay in robustness.delays
        ],
        "readings": None
        if robustness is None
        else [_serialize_reading(reading, lang) for reading in robustness.readings],
    }


def _serialize_reading(other: OtherReading, lang: Lang) -> Document:
    return {
        "switch": other.switch.id,
        "question": other.switch.question(lang),
        "reading": other.reading.id,
        "label": other.reading.label(lang),
        "reached_on": _format_day(other.reached_on),
        "perhaps_on": _format_day(other.perhaps_on),
        "kept_until": _format_day(other.until),
        "confidence": other.switch.basis.confidence,
    }


def serialize_bound(bound: Bound, case: PlanCase, lang: Lang) -> Document:
    """The proof that the line is not reached."""
    return {
        "words": describe_denial(bound, case)(lang),
        "most": to_json_number(bound.most),
        "threshold": _format_threshold(bound.threshold),
        "on": bound.on.isoformat(),
        "by": _serialize_moves(bound.move_set, lang),
        "moves": bound.moves,
        "sets": bound.sets,
        "unmet": [
            {"id": condition_id, "label": label(lang)} for condition_id, label in bound.unmet
        ],
    }


def _serialize_risks(case: PlanCase, risks: Risks, lang: Lang) -> Document:
    return {
        "contributions_stop": serialize_forecast(case, risks.without_contributions, lang),
        "permit_known": risks.permit_known,
        "permit_lapses": serialize_forecast(case, risks.without_endorsement, lang),
        "readings": [_serialize_reading(other, lang) for other in risks.readings],
        "keeping": [
            serialize_move(keeping_move.move_status.move, lang)
            | {"until": _format_day(keeping_move.until)}
            for keeping_move in risks.keeping_moves
        ],
    }
