"""What the points are made of: indicators, the caps that cut them, the conditions that fail."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople
from jifen.lab.weights import Count, Weights, count_mask, to_count
from jifen.lab.words import say
from jifen.policy.text import Text
from jifen.scoring.population.bounds import get_bounder
from jifen.scoring.population.factors import multiply_array
from jifen.scoring.population.program import Program
from jifen.scoring.tree import GroupNode

_BLOCK = 1 << 18


@dataclass(slots=True)
class IndicatorCounts:
    """One indicator over the people of whom every fact is known: sums are scaled points."""

    id: str
    label: Text
    sum: Count = 0
    sum_of_reached: Count = 0
    people: Count = 0
    """With points other than 0."""
    counted: Count = 0
    """Of these, not beaten by the other side of a best-of."""
    at_most: Count = 0
    """At the highest that the indicator gives."""


@dataclass(slots=True)
class CapCounts:
    """A cap (or the floor): the people it cuts (or lifts) and the scaled points in all."""

    id: str
    label: Text
    limit: int
    people: Count = 0
    points: Count = 0


@dataclass(slots=True)
class FailedCounts:
    """A condition that is not met, or a veto that stands: of everybody whose values can be used,
    the people of whom that is sure and those of whom it is open; and of the people of whom every
    fact is known, those with no other."""

    id: str
    label: Text
    people: Count = 0
    perhaps: Count = 0
    alone: Count = 0


@dataclass(frozen=True, slots=True)
class PointParts:
    """What the points are made of. `known_reached`: of the people of whom every fact is known, how
    many reach the line (the `sum_of_reached` are theirs)."""

    indicators: tuple[IndicatorCounts, ...]
    caps: tuple[CapCounts, ...]
    failed: tuple[FailedCounts, ...]
    known_reached: Count = 0


def count_parts(people: People, program: Program, scored: ScoredPeople) -> PointParts:
    """Count block by block: points over the people of whom every fact is known, conditions and
    vetoes over everybody whose values can be used."""
    counter = _PartsCounter(program)
    columns, reached, known = people.get_columns(program), scored.reached, scored.known
    for start in range(0, people.count, _BLOCK):
        span = slice(start, start + _BLOCK)
        keep = np.flatnonzero(known[span])
        lines = [line[span][keep].astype(np.int32) for line in scored.lines]
        codes = {ident: columns[ident][span][keep] for ident in program.facts}
        counter.set_weights(None if scored.weights is None else scored.weights[span][keep])
        counter.add_known(lines, reached[span][keep], codes)
    rows = scored.unknown_rows
    if len(rows):
        counter.set_weights(None if scored.weights is None else scored.weights[rows])
        counter.add_unknown({ident: columns[ident][rows] for ident in program.facts}, len(rows))
    return replace(counter.parts, known_reached=scored.count_people(reached & known))


class _PartsCounter:
    def __init__(self, program: Program) -> None:
        rules = program.rules
        self._program = program
        self._bounder = get_bounder(program)
        self._weights: Weights | None = None
        labels = {requirement.id: requirement.label for requirement in rules.requirements}
        labels |= {i.id: i.label for i in rules.indicators}
        groups = {group.id: group for group in rules.groups}
        self._caps = {
            ident: CapCounts(ident, group.label, int(group.most * program.scale))
            for ident, group in groups.items()
            if group.most is not None
        }
        if program.floor is not None:
            self._caps["floor"] = CapCounts(
                "floor", say("analysis.point_parts.the_floor"), program.floor
            )
        gates = [*program.conditions, *program.vetoes]
        self.parts = PointParts(
            tuple(IndicatorCounts(i.id, i.label) for i in rules.indicators if not i.is_veto),
            tuple(self._caps.values()),
            tuple(FailedCounts(gate.id, labels[gate.id]) for gate in gates),
        )
        self._nodes = [group.id for group in rules.groups]

    def set_weights(self, weights: Weights | None) -> None:
        """The weights of those who are added next."""
        self._weights = weights

    def _sum_points(self, points: NDArray[Any], mask: NDArray[np.bool_] | None = None) -> Count:
        weights = self._weights
        if mask is not None:
            points, weights = points[mask], None if weights is None else weights[mask]
        return int(points.sum()) if weights is None else to_count(weights @ points)

    def add_known(
        self,
        lines: list[NDArray[np.int32]],
        reached: NDArray[np.bool_],
        codes: dict[str, NDArray[Any]],
    ) -> None:
        counted = [np.ones(len(reached), bool) for _ in lines]
        total = self._total_node(self._program.tree, lines, counted)
        if self._program.floor is not None:
            lift = self._program.floor - total
            self._count_cap("floor", lift)
        places = {table.id: n for n, table in enumerate(self._program.points)}
        for indicator in self.parts.indicators:
            n = places[indicator.id]
            most = self._program.points[n].most
            self._count_indicator(indicator, lines[n], counted[n], reached, most)
        self._count_gates(codes, len(reached))

    def _count_indicator(
        self,
        indicator: IndicatorCounts,
        points: NDArray[np.int32],
        counted: NDArray[np.bool_],
        reached: NDArray[np.bool_],
        most: int,
    ) -> None:
        indicator.sum += self._sum_points(points)
        indicator.sum_of_reached += self._sum_points(points, reached)
        indicator.people += count_mask(points != 0, self._weights)
        indicator.counted += count_mask((points != 0) & counted, self._weights)
        indicator.at_most += count_mask(points == most, self._weights) if most else 0

    def _total_node(
        self, node: GroupNode, lines: list[NDArray[np.int32]], counted: list[NDArray[np.bool_]]
    ) -> NDArray[np.int32]:
        sides = [(lines[line], [line]) for line in node.lines]
        sides += [
            (self._total_node(group, lines, counted), group.all_lines()) for group in node.groups
        ]
        if not sides:
            return np.zeros(len(counted[0]) if counted else 0, np.int32)
        total = np.asarray(
            np.maximum.reduce([p for p, _ in sides]) if node.best else sum(p for p, _ in sides)
        )
        if node.best:
            self._mark_beaten(sides, total, counted)
        if node.most is not None:
            self._count_cap(node.id, total - node.most)
            total = np.minimum(total, node.most)
        return total if node.rounding is None else multiply_array(node.rounding, total)

    def _mark_beaten(
        self,
        sides: list[tuple[NDArray[np.int32], list[int]]],
        best: NDArray[np.int32],
        counted: list[NDArray[np.bool_]],
    ) -> None:
        """Of equal sides the first counts, as in the account of one person."""
        taken = np.zeros(len(best), bool)
        for points, members in sides:
            wins = (points == best) & ~taken
            taken |= wins
            for line in members:
                counted[line] &= wins

    def _count_cap(self, ident: str, beyond: NDArray[np.int32]) -> None:
        cap = self._caps[ident]
        cap.people += count_mask(beyond > 0, self._weights)
        cap.points += self._sum_points(beyond, beyond > 0)

    def add_unknown(self, codes: dict[str, NDArray[Any]], people: int) -> None:
        """The conditions and vetoes of people of whom something is not known."""
        may_fail = self._bounder.find_possibly_failing(codes, people)
        may_hold = self._bounder.find_possibly_passing(codes, people)
        for failed, fails, holds in zip(self.parts.failed, may_fail, may_hold, strict=True):
            failed.people += count_mask(~holds, self._weights)
            failed.perhaps += count_mask(fails & holds, self._weights)

    def _count_gates(self, codes: dict[str, NDArray[Any]], people: int) -> None:
        fails = self._bounder.find_failing(codes, people)
        many = np.sum(fails, axis=0) if fails else np.zeros(people)
        for failed, failing in zip(self.parts.failed, fails, strict=True):
            failed.people += count_mask(failing, self._weights)
            failed.alone += count_mask(failing & (many == 1), self._weights)
