"""The same person in the other cities: for the public page and for a holder's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jifen.cities import City, index
from jifen.office.web.public.catalogue import readable
from jifen.planning.case import PlanCase, build_case
from jifen.planning.messages import (
    PlanVerdict,
    describe_soonest_moves,
    describe_verdict,
    sort_by_day,
)
from jifen.planning.moves_file import has_moves
from jifen.planning.several_cities import plan_for_cities
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the same answers come to in another city; `route`: the moves that get there soonest."""

    city: City
    verdict: PlanVerdict
    route: Text | None
    missing: int


def elsewhere(case: PlanCase) -> list[Elsewhere]:
    """The same person in every other city with a measure and moves, each with its own line, the
    earliest first. What was chosen of moves and readings holds where a city has the same."""
    policies = {
        city.id: readable(city.version_on(case.on))
        for city in index().values()
        if has_moves(city.id)
    }
    there = [name for name, policy in policies.items() if policy]

    def theirs(name: str, given: Mapping[str, Any]) -> PlanCase:
        return build_case(
            name,
            given,
            case.on,
            years=case.years,
            wishes=case.wishes.wishes_for_city(name, there),
            habits=case.habits,
            readings=case.readings,
        )

    found = plan_for_cities(
        list(policies), case.given, case.on, theirs, policies=policies, readings=case.readings
    )
    others = sort_by_day(answer for answer in found if answer.case.city != case.city)
    return [
        Elsewhere(
            index()[a.case.city],
            describe_verdict(a),
            describe_soonest_moves(a),
            len(a.missing_facts),
        )
        for a in others
    ]
