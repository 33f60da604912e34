"""A question of fairness as it is asked: by what groups, with what costs, on which map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jifen.cities import find_city_of_policy
from jifen.lab.fairness.costs_file import Costs, find_costs_file, load_costs
from jifen.lab.fairness.district_tiles import DistrictTiles, load_tiles
from jifen.lab.fairness.measure import FairnessResult, choose_groups, measure_fairness
from jifen.lab.population.further_columns import list_further_columns
from jifen.lab.population.people import People
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class FairnessQuestion:
    """`groups` by which people are compared, `costs` of places at school, `tiles` of the city."""

    groups: tuple[str, ...]
    costs: Costs | None
    tiles: DistrictTiles | None
    columns: frozenset[str]

    def list_further_columns(self, vocabulary: Vocabulary) -> list[str]:
        """The columns to be read beside the facts: groups, and numbers of children."""
        groups = list_further_columns(self.groups, vocabulary)
        stages = self.costs.stages if self.costs else ()
        children = [stage.children for stage in stages if stage.children not in vocabulary]
        present = [name for name in children if name in self.columns]
        return list(dict.fromkeys([*groups, *present]))

    def ask(
        self, people: People, policy: Policy, on: date, reform: Policy | None = None
    ) -> FairnessResult:
        """The answer. Raises TableError."""
        return measure_fairness(people, policy, on, reform, groups=self.groups, costs=self.costs)


def build_question(
    policy: Policy,
    columns: frozenset[str],
    by: Sequence[str] = (),
    costs: str | Path | None = None,
) -> FairnessQuestion:
    """For people with some columns: by what is asked for, or by the usual groups for which there
    are columns; with a file of costs, or that of the city. Raises PolicyError, FileFault."""
    city = find_city_of_policy(policy)
    tiles = load_tiles(city.id)
    groups = list(by) or choose_groups(columns, tiles.column if tiles else None)
    path = Path(costs) if costs else find_costs_file(city)
    read = load_costs(path, city.id) if path else None
    return FairnessQuestion(tuple(groups), read, tiles, columns)
