"""Programs of any choice of values, put together from the tables of the elements."""

from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jifen.lab.search.elements import Line, elements_of, table_of
from jifen.lab.search.space import Choice, Space
from jifen.policy.model import DecisionRule, Group
from jifen.scoring.population.program import Program
from jifen.scoring.population.tables import OutcomeTable
from jifen.scoring.tree import GroupNode, build_tree


class VariantPrograms:
    """The program of each choice of a space, on a day. Raises PolicyError where the space cannot be
    searched (`elements_of`)."""

    def __init__(self, space: Space, on: date) -> None:
        self.space, self.on = space, on
        self.elements = elements_of(space, on)
        self._tables: dict[tuple[int, Choice, Line], OutcomeTable] = {}
        self._trees: dict[tuple[Group, ...], GroupNode] = {}

    @cached_property
    def today(self) -> Program:
        """Today's rules over the axes of all variants."""
        first = self.elements[0]
        return first.programs[first.today]

    @cached_property
    def directions(self) -> tuple[int | None, ...]:
        """Of each figure, whether more people reach the line as it goes from value to value."""
        of_figure = {
            figure: element.find_direction(figure, self.on)
            for element in self.elements
            for figure in element.figures
        }
        return tuple(of_figure[number] for number in range(len(self.space.figures)))

    @cached_property
    def extremes(self) -> tuple[Program, Program]:
        """The lowest and the highest points, caps and lines that any table of any choice has: two
        programs between which every other lies."""
        return self._build_extreme(highest=False), self._build_extreme(highest=True)

    def build_program(self, choice: Choice) -> Program:
        """The rules with the values of a choice."""
        tables = {
            "points": list(self.today.points),
            "conditions": list(self.today.conditions),
            "vetoes": list(self.today.vetoes),
        }
        groups = {group.id: group for group in self.today.rules.groups}
        decision = self.today.rules.decision
        for number, element in enumerate(self.elements):
            places = tuple(choice[figure] for figure in element.figures)
            for line in element.leaves:
                tables[line[0]][line[1]] = self._get_outcome_table(number, places, line)
            rules = element.get_rules(places)
            groups |= {
                group.id: group
                for group in rules.groups
                if group != _find_group(self.today, group.id)
            }
            if rules.decision != self.today.rules.decision:
                decision = rules.decision
        lowest, highest = self.extremes
        return self._put_together(
            tables, tuple(groups.values()), decision, lowest.least, highest.most
        )

    def _get_outcome_table(self, number: int, places: Choice, line: Line) -> OutcomeTable:
        key = number, places, line
        if key not in self._tables:
            element = self.elements[number]
            self._tables[key] = table_of(element.leaves[line], element.get_row(line, places))
        return self._tables[key]

    def _put_together(
        self,
        tables: dict[str, list[OutcomeTable]],
        groups: tuple[Group, ...],
        decision: DecisionRule,
        least: int,
        most: int,
    ) -> Program:
        today = self.today
        rules = replace(today.rules, groups=groups, decision=decision)
        if groups not in self._trees:
            self._trees[groups] = build_tree(rules, today.scale)
        points, conditions, vetoes = (tuple(part) for part in tables.values())
        return replace(
            today,
            rules=rules,
            points=points,
            conditions=conditions,
            vetoes=vetoes,
            tree=self._trees[groups],
            least=least,
            most=most,
        )

    def _build_extreme(self, *, highest: bool) -> Program:
        """All tables, caps and lines at one end."""
        tables = {
            "points": list(self.today.points),
            "conditions": list(self.today.conditions),
            "vetoes": list(self.today.vetoes),
        }
        every = [p.rules for element in self.elements for p in element.programs.values()]
        for element in self.elements:
            for line, leaf in element.leaves.items():
                rows = [element.get_row(line, choice) for choice in element.programs]
                row = _find_end(np.stack(rows), highest=highest)
                tables[line[0]][line[1]] = table_of(leaf, row)
        groups = tuple(
            sorted(
                (rules.groups[number] for rules in every),
                key=lambda group: float("inf") if group.most is None else float(group.most),
            )[-1 if highest else 0]
            for number in range(len(self.today.rules.groups))
        )
        decision = sorted(
            (rules.decision for rules in every), key=lambda d: d.threshold_on(self.on)
        )[-1 if highest else 0]
        tree = build_tree(replace(self.today.rules, groups=groups), self.today.scale)
        points = tables["points"]
        least, most = tree.tally_bounds(
            [table.least for table in points],
            [table.most for table in points],
            [True] * len(points),
        )
        if self.today.floor is not None:
            least, most = max(least, self.today.floor), max(most, self.today.floor)
        return self._put_together(tables, groups, decision, least, most)


def _find_end(rows: NDArray[np.int32], *, highest: bool) -> NDArray[np.int32]:
    return np.asarray(rows.max(0) if highest else rows.min(0))


def _find_group(program: Program, ident: str) -> Group:
    return next(group for group in program.rules.groups if group.id == ident)
