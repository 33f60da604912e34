"""A worked case of several people: ranked, and taken as the measure's order of selection says.

People, times, places and quotas stand in the case itself.
"""

from datetime import datetime
from typing import Any

from jifen.cities.worked_cases import WorkedCase
from jifen.policy.model import SelectionRule
from jifen.policy.policy import Policy
from jifen.scoring import assess
from jifen.scoring.ranking import build_entrant, order_entrants
from jifen.scoring.selection import (
    Draw,
    FiledApplication,
    Selected,
    draw_repeatedly,
    select_by_place,
    select_people,
    stamp_entrants,
)


def select_people_of_case(policy: Policy, case: WorkedCase) -> dict[str, Any]:
    """`order` of everybody who may be ranked; `admitted` and `rounds`, where the case gives quotas
    or draws, else None. Raises ValueError for somebody who cannot be ranked and for a time that is
    none, FactsError and DocumentError as `assess` does."""
    rule = policy.rules_on(case.on, case.readings).decision.selection or SelectionRule()
    results = {
        name: assess(policy, facts, case.on, readings=case.readings)
        for name, facts in case.people.items()
    }
    filings = {name: _read_filing(given) for name, given in case.filings.items()}
    entrants = stamp_entrants(
        [build_entrant(name, result) for name, result in results.items() if result.reached],
        filings,
        rule,
    )
    placed = order_entrants(entrants)
    selected: Selected | None = None
    if case.draws:
        draws = [Draw(people, _read_time(at)) for people, at in case.draws]
        selected = draw_repeatedly(entrants, filings, draws, rule)
    elif case.place_quotas:
        selected = select_by_place(placed, filings, case.place_quotas, rule)
    elif case.quota is not None:
        selected = select_people(placed, case.quota, rule)
    return {
        "order": [name for name, _ in placed],
        "admitted": list(selected.names) if selected else None,
        "rounds": [list(taken) for taken in selected.rounds] if selected else None,
    }


def _read_filing(given: dict[str, str]) -> FiledApplication:
    filed, reached = _read_time(given.get("filed", "")), _read_time(given.get("reached", ""))
    return FiledApplication(given.get("place", ""), filed, reached)


def _read_time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
