"""The way to the line in three cards: the soonest, the cheapest, the surest route.

A route whose cost is not known is never called the cheapest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.office.web.public.self_assessment import Work
from jifen.planning.case import PlanCase, build_case
from jifen.planning.messages import describe_verdict
from jifen.planning.moves_file import has_moves
from jifen.planning.planner import PlanResult, plan
from jifen.planning.robustness import RouteRobustness
from jifen.planning.route_models import Route
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Fact

_SOONEST = Text("最快", "Soonest")
_CHEAPEST = Text("最省钱", "Cheapest")
_SUREST = Text("最稳妥", "Surest")
_WAITING = Text("只需等待，保持现在的情况", "Only waiting, as things are")


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a route with its days."""

    label: str
    begins: date
    done: date


@dataclass(frozen=True, slots=True)
class Card:
    """One route: for what it stands (the same route may be soonest and cheapest), when it reaches
    the line, what it costs (None: not known), its steps and on how many of them the day hangs."""

    names: tuple[str, ...]
    reached_on: date
    usual_on: date | None
    cost: Decimal | None
    known_cost: Decimal
    moves: tuple[Move, ...]
    waiting: str
    hangs_on: tuple[str, ...]
    readings: int


@dataclass(frozen=True, slots=True)
class Way:
    """The way ahead: the planner's sentence, the cards, what is taken for granted."""

    words: str
    kind: str
    reached: bool
    cards: tuple[Card, ...]
    presumed: tuple[str, ...]
    missing: tuple[str, ...]
    on: date | None


def way_ahead(work: Work, lang: Lang, policy: Policy | None = None) -> Way | None:
    """The answer of the planner in short; None where nothing is recorded of a city's moves, or
    where answers are faulty. `policy`: a version that is taken for every day, such as a draft;
    otherwise those in force."""
    city = work.policy.city
    if work.faults or not has_moves(city):
        return None
    given = work.given()
    presumed = _presumed(work, given)
    readings = work.answers.readings
    case = build_case(city, given | dict(presumed), work.on, policy=policy, readings=readings)
    answer = plan(case)
    said = describe_verdict(answer)
    vocabulary = work.rules.vocabulary
    return Way(
        said.words(lang),
        said.kind,
        answer.today.reached is True,
        _cards(answer, case, lang),
        tuple(vocabulary[ident].label(lang) for ident in presumed),
        tuple(
            vocabulary[ident].label(lang)
            for ident in dict.fromkeys(map(vocabulary.find_asked_fact, answer.missing_facts))
        ),
        said.on,
    )


def _presumed(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    """Adverse records that were not asked for are taken not to be there; the page says so."""
    facts: list[Fact] = [work.rules.vocabulary[i] for i in work.assessment.missing]
    return {
        fact.id: list(fact.presumed.value)
        if isinstance(fact.presumed.value, tuple)
        else fact.presumed.value
        for fact in facts
        if fact.presumed and fact.id not in given
    }


def _cards(answer: PlanResult, case: PlanCase, lang: Lang) -> tuple[Card, ...]:
    found = list(answer.routes)
    if not found:
        return ()
    looked = {one.route.move_ids: one for one in answer.robustness}
    chosen = [(_SOONEST, min(found, key=lambda r: (r.reached_on, len(r.timed_moves))))]
    if priced := [route for route in found if route.cost is not None]:
        chosen.append((_CHEAPEST, min(priced, key=lambda r: (r.cost, r.reached_on))))
    chosen.append(
        (_SUREST, min(found, key=lambda r: (*_risk(r, looked.get(r.move_ids)), r.reached_on)))
    )
    names: dict[frozenset[str], list[str]] = {}
    routes: dict[frozenset[str], Route] = {}
    for name, route in chosen:
        names.setdefault(route.move_ids, []).append(name(lang))
        routes[route.move_ids] = route
    return tuple(
        _card(tuple(names[ids]), route, looked.get(ids), lang) for ids, route in routes.items()
    )


def _risk(route: Route, looked: RouteRobustness | None) -> tuple[bool, int, int]:
    """How much a route hangs on: decisive steps, readings that change its day, steps at all."""
    if looked is None:
        return True, 0, len(route.timed_moves)
    return False, len(looked.critical_moves) + len(looked.readings), len(route.timed_moves)


def _card(names: tuple[str, ...], route: Route, looked: RouteRobustness | None, lang: Lang) -> Card:
    return Card(
        names,
        route.reached_on,
        route.usual_on,
        route.cost,
        route.known_cost,
        tuple(Move(one.move.label(lang), one.begun, one.on) for one in route.timed_moves),
        "" if route.timed_moves else _WAITING(lang),
        tuple(move.label(lang) for move in looked.critical_moves) if looked else (),
        len(looked.readings) if looked else 0,
    )
