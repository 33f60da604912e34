"""tiers: a rate for each full unit that depends on how many there are; marginal or whole.

Marginal: each part of the number gives the rate of the tier in which it lies. Whole: the tier that
the number has reached gives its rate to all units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.per_unit import refuse_other_unit
from jifen.policy.mechanisms.phrases import describe_counted, format_points, list_cap_row
from jifen.policy.possible_points import BoundsFunction, compile_single_bounds
from jifen.policy.quantity import QUANTITY, Quantity
from jifen.policy.shapes import IDENT, NUMBER, Choice, Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang
from jifen.policy.vocabulary import WHOLE_TYPES, Vocabulary
from jifen.policy.words import say

Tier = tuple[Quantity, Decimal]
"""Where a tier begins, and the points of each full unit."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """Rates by tiers; below the first there is nothing, and `most` caps what comes out."""

    of: str
    every: Quantity
    marginal: bool
    tiers: tuple[Tier, ...]
    most: Decimal | None

    def list_facts(self) -> tuple[str, ...]:
        return (self.of,)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        for since, _ in self.tiers:
            yield self.of, since.amount

    def compile_score(self, scale: int) -> ScoreFunction:
        of, every, marginal = self.of, int(self.every.amount), self.marginal
        tiers = [(int(since.amount), int(each * scale)) for since, each in self.tiers]
        most = None if self.most is None else int(self.most * scale)

        def score_facts(v: FactValues) -> int:
            value = v[of] or 0
            points = 0
            for number, (since, each) in enumerate(tiers):
                if value < since or not value:
                    break
                if marginal:
                    last = number + 1 == len(tiers)
                    until = value if last else min(value, tiers[number + 1][0])
                    points += (until - since) // every * each
                else:
                    points = value // every * each
            return most if most is not None and points > most else points

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        return compile_single_bounds(self.compile_score(scale), self.of)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        del vocabulary
        every = self.every.to_text()
        rows = []
        for since, each in self.tiers:
            start = since.to_text()
            if self.marginal:
                when = say("mechanisms.tiers.the_part_from_on_every", start=start, every=every)
            else:
                when = say("mechanisms.tiers.from_on_all", start=start, every=every)
            rows.append(RuleRow(when, format_points(each)))
        return (*rows, *list_cap_row(self.most))

    def find_row(self, values: FactValues) -> int | None:
        del values
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return describe_counted(vocabulary[self.of].label, self.list_rows(vocabulary), lang)


def build_tiers(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read tiers: quantities are whole, in the unit of the fact, and each tier begins above the one
    before."""
    of = linker.read_fact(entry, "of", WHOLE_TYPES)
    every, steps = entry["every"], [step for step in entry["steps"] if step]
    if not of or every is None or any(step["from"] is None for step in steps):
        return None
    for holder, key in [(entry, "every"), *((step, "from") for step in steps)]:
        refuse_other_unit(holder, key, of, linker)
        amount = holder[key].amount
        if amount != int(amount):
            words = {"value": amount, "fact": of}
            linker.report_fault("JF-P026", holder.place_of(key), "fraction", **words)
            return None
    if every.amount <= 0:
        place = entry.place_of("every")
        linker.report_fault("JF-P014", place, "unit_of_nothing", every=every.to_text())
        return None
    for before, after in pairwise(steps):
        if after["from"].amount <= before["from"].amount:
            words = {"low": before["from"].to_text(), "high": after["from"].to_text()}
            linker.report_fault("JF-P026", after.place_of("from"), "tiers", **words)
            return None
    return Tiers(
        of,
        every,
        entry["count"] == "marginal",
        tuple((step["from"], linker.read_points(step, "each")) for step in steps),
        linker.read_points(entry, "most") if entry["most"] is not None else None,
    )


_TIER = Closed(
    "tier",
    {
        "from": Field(QUANTITY, doc="where the tier begins"),
        "each": Field(NUMBER, doc="points for every full unit"),
    },
)
TIERS = MechanismDeclaration(
    "tiers",
    Closed(
        "tiers",
        {
            "of": Field(IDENT),
            "every": Field(QUANTITY, doc="the unit, such as 12 months"),
            "count": Field(
                Choice(("marginal", "whole")),
                doc="marginal: each tier gives for its own part; whole: the one reached gives for "
                "all",
            ),
            "steps": Field(ListOf(_TIER, 2), doc="the tiers, the lowest first"),
            "most": optional(NUMBER, doc="the cap"),
        },
    ),
    build_tiers,
    "points for every full unit, by a rate that depends on how many there are",
)
