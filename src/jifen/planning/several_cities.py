"""One person in several cities: where the line is reached first, with each city's own line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from jifen import cities
from jifen.planning.case import PlanCase
from jifen.planning.faults import refuse_unusable_everywhere
from jifen.planning.planner import PlanResult, plan
from jifen.planning.routes import MOST_MOVES
from jifen.policy.fault import Place
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.scoring.comparison import compare

CityName = TypeVar("CityName", bound=cities.CityOrId)
CaseBuilder = Callable[[CityName, Mapping[str, Any]], PlanCase]
"""City and facts → the case that is asked for."""


def plan_for_cities(
    names: Sequence[CityName],
    given: Mapping[str, Any],
    on: date,
    case_of: CaseBuilder[CityName],
    *,
    policies: Mapping[CityName, Policy | None],
    readings: Mapping[str, str] | None = None,
    most: int = MOST_MOVES,
    places: dict[str, Place] | None = None,
    lang: Lang = "zh",
) -> Iterator[PlanResult]:
    """An answer for each city with a measure (`policies`, None: none in force). Facts are taken as
    in a comparison: each must be known to one of the cities. Raises as `plan` and `compare`,
    for a wish that none of the cities can use with those of all in mind."""
    in_force = [
        (name, policy_in_force) for name in names if (policy_in_force := policies[name]) is not None
    ]
    vocabularies = [cities.load_vocabulary(cities.find_city(name).folder) for name in names]
    compared = compare(
        [policy for _, policy in in_force],
        given,
        on,
        readings=readings,
        places=places,
        lang=lang,
        also_named=vocabularies,
    )
    known_facts = {fact_id for vocabulary in vocabularies for fact_id in vocabulary.ids}
    cases = [
        case_of(
            name, {fact_id: value for fact_id, value in given.items() if fact_id not in set_aside}
        )
        for (name, _), set_aside in zip(in_force, compared.set_aside, strict=True)
    ]
    refuse_unusable_everywhere(cases, most, lang)
    for case in cases:
        yield plan(case, most=most, places=places, lang=lang, also_known=known_facts)
