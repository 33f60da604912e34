"""An answer as JSON, schema jifen.route.v1: stable, exact, nothing left out for being unknown."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.planning.answer import Answer, Risks
from jifen.planning.case import Case
from jifen.planning.forecast import Change, Forecast, Step, Unmet
from jifen.planning.model import Move
from jifen.planning.questions import answers_of
from jifen.planning.robust import Otherwise, Robust
from jifen.planning.routes import Bound, OpenRoute, Route
from jifen.planning.schedule import Set, Standing
from jifen.planning.words import by_day, denial, earliest, ending, hindrance, verdict
from jifen.policy.model import NO_THRESHOLD
from jifen.policy.text import Lang, Text
from jifen.scoring.result import number, plain_value
from jifen.scoring.standing import standing_document, standing_of

SCHEMA = "jifen.route.v1"
Told = dict[str, Any]


def to_dict(answers: Iterable[Answer], lang: Lang = "zh") -> Told:
    """The answers of one or several cities; `first` is the city where the line is reached first,
    `order` all of them by that day."""
    listed = list(answers)
    ordered = by_day(listed)
    reached = [answer for answer in ordered if earliest(answer) is not None]
    return {
        "schema": SCHEMA,
        "on": listed[0].case.on.isoformat() if listed else None,
        "first": reached[0].case.city if reached else None,
        "order": [answer.case.city for answer in ordered],
        "cities": [_city(answer, lang) for answer in listed],
    }


def _city(answer: Answer, lang: Lang) -> Told:
    case, today = answer.case, answer.today
    looked = {robust.route.ids: robust for robust in answer.robust}
    routes = answer.routes
    return {
        "city": case.city,
        "policy": today.rules.policy,
        "version": today.rules.version,
        "policy_hash": today.rules.hash,
        "until": case.last.isoformat(),
        "total": None if today.total is None else number(today.total),
        "bounds": [number(end) for end in today.bounds],
        "threshold": _line(today.threshold),
        "mode": today.rules.decision.mode,
        "reached": today.reached,
        "standing": standing_document(standing_of(today), lang),
        "missing": list(answer.missing),
        "contradictions": [one.to_dict(lang) for one in today.situation.contradictions],
        "verdict": _verdict(answer, lang),
        "forecast": forecast_told(case, answer.forecast, lang),
        "moves": [_standing(case, standing, lang) for standing in answer.standings],
        "routes": None
        if routes is None
        else [_route(r, looked.get(r.ids), lang) for r in routes.found],
        "readings": [_otherwise(other, lang) for other in answer.elsewise],
        "perhaps_on": _day(routes.perhaps_on) if routes else None,
        "earliest": _earliest(answer, lang),
        "open_routes": None if routes is None else [_open_route(one, lang) for one in routes.open],
        "bound": bound_told(routes.bound, case, lang) if routes and routes.bound else None,
        "looked_at": {"sets": routes.sets, "days": routes.days} if routes else None,
        "risks": _risks(case, answer.risks, lang) if answer.risks else None,
    }


def _earliest(answer: Answer, lang: Lang) -> Told | None:
    """The range of the first day at the line, with the questions that decide."""
    found, vocabulary = answer.earliest, answer.case.rules.vocabulary
    if found is None:
        return None
    decided_by = [vocabulary[ident] for ident in found.decided_by]
    return {
        "best": _day(found.best),
        "worst": _day(found.worst),
        "exact": found.exact,
        "decided_by": [
            {
                "id": fact.id,
                "label": fact.label(lang),
                "question": (fact.question if fact.question.zh else fact.label)(lang),
                "answers": answers_of(fact)(lang),
            }
            for fact in decided_by
        ],
    }


def _open_route(one: OpenRoute, lang: Lang) -> Told:
    return {"moves": _done(one.done, lang), "perhaps_on": one.perhaps_on.isoformat()}


def _verdict(answer: Answer, lang: Lang) -> Told:
    found = verdict(answer)
    return {"kind": found.kind, "on": _day(found.on), "words": found.words(lang)}


def _words(text: Text | None, lang: Lang) -> str | None:
    return text(lang) if text else None


def _line(points: Decimal | None) -> int | float | None:
    """The line; None where the measure has none."""
    return None if points is None or points == NO_THRESHOLD else number(points)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def forecast_told(case: Case, found: Forecast, lang: Lang) -> Told:
    """The years ahead."""
    return {
        "reached_on": _day(found.reached_on),
        "perhaps_on": _day(found.perhaps_on),
        "lost_on": _day(found.lost_on),
        "doubtful_on": _day(found.doubtful_on),
        "ending": _words(ending(found.doubtful_on, found.lost_on), lang),
        "until": found.last.isoformat(),
        "steps": [_step(case, step, lang) for step in found.steps],
        "cautions": [
            {"on": day.isoformat(), "words": one.words(lang)} for day, one in found.cautions
        ],
    }


def _step(case: Case, step: Step, lang: Lang) -> Told:
    low, high = step.bounds
    there = step.in_force
    return {
        "on": step.on.isoformat(),
        "in_force": there,
        "total": number(low) if low == high and there else None,
        "bounds": [number(low), number(high)] if there else [None, None],
        "threshold": _line(step.threshold) if there else None,
        "reached": step.reached,
        "eligible": step.eligible,
        "version": step.version,
        "hindered": step.hindered,
        "unmet": [_unmet(one, lang) for one in step.unmet],
        "changes": [_change(case, change, lang) for change in step.changes],
    }


def _unmet(one: Unmet, lang: Lang) -> Told:
    return {
        "id": one.id,
        "kind": one.kind,
        "label": one.label(lang),
        "known": one.surely,
        "words": hindrance(one)(lang),
        "remedy": one.remedy(lang) or None,
    }


def _change(case: Case, change: Change, lang: Lang) -> Told:
    vocabulary = case.rules.vocabulary
    clause = change.basis.clause if change.basis else None
    return {
        "id": change.id,
        "kind": change.kind,
        "label": change.label(lang),
        "before": _ends(change.before),
        "after": _ends(change.after),
        "facts": [
            {
                "id": moved.fact,
                "label": vocabulary[moved.fact].label(lang),
                "before": _ends(moved.before),
                "after": _ends(moved.after),
            }
            for moved in change.facts
        ],
        "clause": clause.article(lang) if clause else None,
        "clause_confidence": clause.confidence if clause else None,
        "confidence": change.basis.confidence if change.basis else None,
    }


def _ends(ends: tuple[Any, Any]) -> list[Any] | None:
    """[least, most]; null where nothing is known."""
    if ends[0] is ABSENT:
        return None
    return [number(end) if isinstance(end, Decimal) else plain_value(end) for end in ends]


def _standing(case: Case, standing: Standing, lang: Lang) -> Told:
    move, wishes = standing.move, case.wishes
    return move_told(move, lang) | {
        "status": standing.status,
        "missing": list(standing.missing),
        "shortest": wishes.shortest(move),
        "usual": wishes.usual(move),
        "cost": _yuan(wishes.cost(move)),
    }


def move_told(move: Move, lang: Lang) -> Told:
    """A move as the city's file says it."""
    return {
        "id": move.id,
        "label": move.label(lang),
        "shortest": move.shortest,
        "usual": move.usual,
        "cost": _yuan(move.cost),
        "confidence": move.told.confidence,
        "sources": list(move.told.sources),
        "note": move.told.note(lang) or None,
    }


def _yuan(cost: Decimal | None) -> int | float | None:
    return None if cost is None else number(cost)


def _done(done: Set, lang: Lang) -> list[Told]:
    return [
        {
            "id": one.move.id,
            "label": one.move.label(lang),
            "begins": one.begun.isoformat(),
            "done": one.on.isoformat(),
        }
        for one in done
    ]


def _route(route: Route, looked: Robust | None, lang: Lang) -> Told:
    return {
        "moves": _done(route.done, lang),
        "reached_on": route.reached_on.isoformat(),
        "perhaps_on": route.perhaps_on.isoformat(),
        "usual_on": _day(route.usual_on),
        "kept_until": _day(route.until),
        "lost_on": _day(route.lost_on),
        "ending": _words(ending(route.until, route.lost_on), lang),
        "cost": _yuan(route.cost),
        "known_cost": number(route.known_cost),
        "frontier": route.frontier,
        "hangs_on": None if looked is None else [move.id for move in looked.hangs_on],
        "slips": None
        if looked is None
        else [
            {"id": slip.move.id, "late": _day(slip.late), "without": _day(slip.without)}
            for slip in looked.slips
        ],
        "readings": None if looked is None else [_otherwise(o, lang) for o in looked.readings],
    }


def _otherwise(other: Otherwise, lang: Lang) -> Told:
    return {
        "switch": other.switch.id,
        "question": other.switch.question(lang),
        "reading": other.reading.id,
        "label": other.reading.label(lang),
        "reached_on": _day(other.reached_on),
        "perhaps_on": _day(other.perhaps_on),
        "kept_until": _day(other.until),
        "confidence": other.switch.basis.confidence,
    }


def bound_told(bound: Bound, case: Case, lang: Lang) -> Told:
    """The proof that the line is not reached."""
    return {
        "words": denial(bound, case)(lang),
        "most": number(bound.most),
        "threshold": _line(bound.threshold),
        "on": bound.on.isoformat(),
        "by": _done(bound.by, lang),
        "moves": bound.moves,
        "sets": bound.sets,
        "unmet": [{"id": ident, "label": label(lang)} for ident, label in bound.unmet],
    }


def _risks(case: Case, risks: Risks, lang: Lang) -> Told:
    return {
        "contributions_stop": forecast_told(case, risks.stops, lang),
        "permit_known": risks.permit_known,
        "permit_lapses": forecast_told(case, risks.lapses, lang),
        "readings": [_otherwise(other, lang) for other in risks.readings],
        "keeping": [
            move_told(kept.standing.move, lang) | {"until": _day(kept.until)}
            for kept in risks.keeping
        ],
    }
