"""Rules as a program over columns of codes. Kernels run programs, and kernel caches are keyed by
their fingerprints. Points are integers in the policy's smallest unit (tenths where the precision is
1).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import NO_THRESHOLD, Rules
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.derived_numbers import DerivedAxis
from jifen.scoring.population.tables import (
    OutcomeTable,
    TableSource,
    build_axes,
    prepare_condition,
    prepare_indicator,
    tabulate,
)
from jifen.scoring.tree import GroupNode, build_tree, list_factors, list_rounded_groups


@dataclass(frozen=True, eq=False)
class Program:
    """Tables of one set of rules: `points` one per indicator in the order of the rules,
    `conditions` and `vetoes` with 1 where they hold; `tree` adds the points up.
    """

    rules: Rules
    scale: int
    axes: Mapping[str, Axis]
    points: tuple[OutcomeTable, ...]
    conditions: tuple[OutcomeTable, ...]
    vetoes: tuple[OutcomeTable, ...]
    tree: GroupNode
    floor: int | None
    least: int
    most: int
    ways: tuple[OutcomeTable, ...] = ()
    """Who is on each way without points, in the order of the rules."""
    derived: Mapping[str, DerivedAxis] = field(default_factory=dict)
    """Derived numbers over which tables stand, by their keys: they have no column."""

    def facts_read_by(self, table: OutcomeTable) -> tuple[str, ...]:
        """The facts that a table reads, those behind its derived numbers too."""
        facts_of_keys = (
            self.derived[key].formula.list_facts() if key in self.derived else (key,)
            for key in table.facts
        )
        return tuple(dict.fromkeys(fact_id for facts in facts_of_keys for fact_id in facts))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that have a column, in the order of the vocabulary."""
        return tuple(self.axes)

    @property
    def total_dtype(self) -> np.dtype[Any]:
        """int16 where no sum on the way to a total can leave it, else int32."""
        extent = sum(max(abs(table.least), abs(table.most)) for table in self.points)
        extent += abs(self.floor or 0)
        for product in (*list_rounded_groups(self.tree), *list_factors(self.tree)):
            extent = max(extent, product.multiply(extent))
        return np.dtype(np.int16 if extent <= np.iinfo(np.int16).max else np.int32)

    @property
    def has_products(self) -> bool:
        """Whether something multiplies or rounds a group or the total."""
        return bool(list_factors(self.tree) or list_rounded_groups(self.tree))

    @property
    def multiplier_lines(self) -> tuple[int, ...]:
        """The numbers of the indicators that multiply: their tables hold 1 where they do."""
        return tuple(factor.line for factor in list_factors(self.tree))

    def threshold_on(self, day: date) -> int:
        """The scaled points to be reached; far below every total where the measure names none."""
        threshold = self.rules.decision.threshold_on(day) * self.scale
        return max(int(threshold.to_integral_value(ROUND_CEILING)), -(2**30))

    def threshold_points(self, threshold: int) -> Decimal | None:
        """The points of a scaled threshold; None where the measure names none."""
        none = max(int(NO_THRESHOLD) * self.scale, -(2**30))
        return None if threshold <= none else self.unscale_points(threshold)

    def unscale_points(self, scaled: int) -> Decimal:
        """Points from the smallest unit."""
        return Decimal(scaled).scaleb(-self.rules.precision)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that the kernel does: equal programs share their compiled kernel."""
        digest = hashlib.sha256(f"floor {self.floor}".encode())
        for axis in self.axes.values():
            digest.update(f"{axis.fact.id} {axis.dtype} {axis.cuts}".encode())
        for table in (*self.points, *self.conditions, *self.vetoes, *self.ways):
            digest.update(f"{table.id} {table.facts} {table.starts}".encode())
            digest.update(table.cells.tobytes())
        if self.ways:
            digest.update(repr([way.waives_conditions for way in self.rules.ways]).encode())
        digest.update(_describe_tree(self.tree).encode())
        return digest.hexdigest()


def _describe_tree(node: GroupNode) -> str:
    inner = ",".join(_describe_tree(group) for group in node.groups)
    factors = [(f.line, f.above, f.below, f.size, f.mode) for f in node.factors]
    multiplied = f",{factors}" if factors else ""
    if node.rounding is not None:
        multiplied += f",rounded {node.rounding.size} {node.rounding.mode}"
    return f"({node.best},{node.most},{node.lines},{inner}{multiplied})"


@lru_cache(maxsize=128)
def build_program(rules: Rules) -> Program:
    """The program of some rules. Raises TooWide where an indicator cannot be tabulated."""
    return build_programs((rules,))[0]


@lru_cache(maxsize=32)
def build_programs(rulesets: tuple[Rules, ...]) -> tuple[Program, ...]:
    """Programs of several rules of one city over the same axes, so that people coded once can be
    scored by each: today's rules and a reform, or a thousand variants."""
    sources_of_rules = [_list_table_sources(rules) for rules in rulesets]
    sources = [
        source for rule_sources in sources_of_rules for part in rule_sources for source in part
    ]
    # a draft may ask more than its version: the widest has every fact of the others
    vocabulary = max((rules.vocabulary for rules in rulesets), key=lambda known: len(known.ids))
    axes = build_axes(vocabulary, sources)
    derived = {key: number for source in sources for key, number in source.derived.items()}
    deciding_facts = {
        fact_id for source in dict.fromkeys(sources) for fact_id in tabulate(source, axes).facts
    }
    deciding_facts |= {
        fact_id
        for key in deciding_facts & derived.keys()
        for fact_id in derived[key].formula.list_facts()
    }
    used = {
        fact_id: axis
        for fact_id, axis in axes.items()
        if fact_id in deciding_facts - derived.keys()
    }
    return tuple(
        _assemble_program(rules, rule_sources, axes, used)
        for rules, rule_sources in zip(rulesets, sources_of_rules, strict=True)
    )


_TableSources = tuple[list[TableSource], ...]


def _list_table_sources(rules: Rules) -> _TableSources:
    """The indicators, the conditions, the vetoes and the ways of some rules."""
    scale, vocabulary = 10**rules.precision, rules.vocabulary
    return (
        [prepare_indicator(indicator, vocabulary, scale) for indicator in rules.indicators],
        [
            prepare_condition(requirement.id, requirement.when, vocabulary)
            for requirement in rules.requirements
        ],
        [
            prepare_condition(indicator.id, indicator.mechanism.when, vocabulary)
            for indicator in rules.indicators
            if isinstance(indicator.mechanism, Veto) and indicator.mechanism.refuses
        ],
        [prepare_condition(way.id, way.when, vocabulary) for way in rules.ways],
    )


def _assemble_program(
    rules: Rules, rule_sources: _TableSources, axes: dict[str, Axis], used: dict[str, Axis]
) -> Program:
    points, conditions, vetoes, ways = (
        tuple(tabulate(source, axes) for source in part) for part in rule_sources
    )
    scale = 10**rules.precision
    tree = build_tree(rules, scale)
    lows, highs = [t.least for t in points], [t.most for t in points]
    least, most = tree.tally_bounds(lows, highs, [True] * len(lows))
    floor = None if rules.floor is None else int(rules.floor * scale)
    if floor is not None:
        least, most = max(least, floor), max(most, floor)
    derived = {
        key: DerivedAxis(axes[key], number.formula)
        for source, table in zip(rule_sources[0], points, strict=True)
        for key, number in source.derived.items()
        if key in table.facts
    }
    return Program(
        rules, scale, used, points, conditions, vetoes, tree, floor, least, most, ways, derived
    )
