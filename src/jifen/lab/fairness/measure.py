"""The whole question of fairness: everybody is scored once by today's rules and once by a reform's,
and everything else is counted from these two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from jifen.lab.fairness.costs_file import Costs
from jifen.lab.fairness.groups import FairGrouping, count_grouping
from jifen.lab.fairness.inequality import Spread, measure_spread
from jifen.lab.fairness.places import PlacesNeeded, count_places
from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.weights import Count, count_by_code
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.program import build_programs

USUAL = ("sex", "age:25,35,45,55", "origin", "annual_income:100000,150000,200000,300000")
"""By what people are compared where nothing else is asked for and the columns are there."""
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class FairnessResult:
    """Whom the rules reach. Without a reform, `after` is `before` everywhere. `sampled`: whether
    the people stand for others, so that ratios have intervals; else they are a register. `exact`:
    whether small counts of real people may be shown."""

    people: Count
    faulty: Count
    synthetic: bool
    sampled: bool
    exact: bool
    reform: Text | None
    groupings: tuple[FairGrouping, ...]
    spreads: tuple[Spread, Spread]
    costs: Costs | None
    places: tuple[PlacesNeeded, ...]
    left_out: tuple[Text, ...]

    @property
    def is_register(self) -> bool:
        """Whether small counts could tell of a person: real people, each for himself."""
        return not self.synthetic and not self.exact

    def find_grouping(self, name: str) -> FairGrouping | None:
        """The grouping by a fact or column."""
        return next((g for g in self.groupings if g.name == name), None)


def measure_fairness(
    people: People,
    policy: Policy,
    on: date,
    reform: Policy | None = None,
    *,
    groups: Sequence[str] = (),
    costs: Costs | None = None,
    threads: int | None = None,
) -> FairnessResult:
    """By today's rules and a reform's. Raises TableError where a column is missing."""
    rules = (policy.rules_on(on), *([reform.rules_on(on)] if reform else []))
    if reform:
        people = people.with_own_facts(reform.vocabulary)
    groupings = [people.group_by(name) for name in groups]
    scored = score_people(people, build_programs(rules), on, threads=threads)
    before, after = scored[0], scored[-1]
    sampled = people.synthetic or people.weights is not None
    places, left_out = count_places(people, costs, before, after) if costs else ([], [])
    return FairnessResult(
        people.all_people,
        people.faulty_people,
        people.synthetic,
        sampled,
        people.exact,
        reform.reforms[-1].label if reform else None,
        tuple(count_grouping(grouping, before, after, sampled=sampled) for grouping in groupings),
        (_spread_points(before), _spread_points(after)),
        costs,
        tuple(places),
        tuple(left_out),
    )


def choose_groups(columns: Sequence[str] | frozenset[str], district: str | None) -> list[str]:
    """The usual groups for which there are columns, with the district of the city's map."""
    usual = [name for name in USUAL if name.partition(":")[0] in columns]
    return [*usual, *([district] if district and district in columns else [])]


def _spread_points(scored: ScoredPeople) -> Spread:
    """The spread of the totals of those of whom every fact is known."""
    program, known = scored.program, scored.known
    kind = np.int64 if scored.weights is None else np.float64
    people = np.zeros(program.most - program.least + 1, kind)
    for start in range(0, len(known), _BLOCK):
        span = slice(start, start + _BLOCK)
        places = scored.total[span][known[span]].astype(np.int64) - program.least
        weights = None if scored.weights is None else scored.weights[span][known[span]]
        people += count_by_code(places, len(people), weights)
    totals = (np.arange(len(people)) + program.least) / program.scale
    return measure_spread(people, totals)
