"""The same person in the other cities: for the public page and for a holder's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jifen.cities import City, index
from jifen.office.web.public.catalogue import readable
from jifen.planning.case import Case, case_of
from jifen.planning.read import has_moves
from jifen.planning.several import plan_several
from jifen.planning.words import Verdict, by_day, soonest, verdict
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the same answers come to in another city; `route`: the moves that get there soonest."""

    city: City
    verdict: Verdict
    route: Text | None
    missing: int


def elsewhere(case: Case) -> list[Elsewhere]:
    """The same person in every other city with a measure and moves, each with its own line, the
    earliest first. What was chosen of moves and readings holds where a city has the same."""
    policies = {
        city.id: readable(city.on(case.on)) for city in index().values() if has_moves(city.id)
    }
    there = [name for name, policy in policies.items() if policy]

    def theirs(name: str, given: Mapping[str, Any]) -> Case:
        return case_of(
            name,
            given,
            case.on,
            years=case.years,
            wishes=case.wishes.of(name, there),
            habits=case.habits,
            readings=case.readings,
        )

    found = plan_several(
        list(policies), case.given, case.on, theirs, policies=policies, readings=case.readings
    )
    others = by_day(answer for answer in found if answer.case.city != case.city)
    return [Elsewhere(index()[a.case.city], verdict(a), soonest(a), len(a.missing)) for a in others]
