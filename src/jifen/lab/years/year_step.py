"""One year of a block of people: what was, who paid, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.years.assumptions import Interruption, Movement
from jifen.lab.years.draws import Draw
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis

Column = NDArray[Any]
Mask = NDArray[np.bool_]
Rings = dict[str, list[Column]]
"""For a fact with a window: its months (or records) by years back, the newest first, each of the
dtype of the fact's codes."""
MONTHS_OF_YEAR = 12


@dataclass(slots=True)
class YearStep:
    """Codes `before` and `after` a year. `paid` (uint8): insured months of the year; `whole`: who
    had no gap; `since` (uint8): months paid since the gap."""

    vocabulary: Vocabulary
    before: Mapping[str, Column]
    after: dict[str, Column]
    yearly_counts: Rings
    levels: Mapping[str, Mask]
    draw: Draw
    paid: NDArray[np.uint8]
    since: NDArray[np.uint8]
    whole: Mask
    axes: dict[str, Axis] = field(default_factory=dict)

    def get_axis(self, fact: str) -> Axis:
        """How a fact is numbered."""
        return self.axes.setdefault(fact, Axis(self.vocabulary[fact]))

    def count_gain(self, movement: Movement) -> NDArray[np.uint8]:
        """The months of this year that a movement adds for each person."""
        gain = self.paid if movement.insured else np.full(len(self.paid), MONTHS_OF_YEAR, np.uint8)
        if movement.while_fact:
            gain = gain * mark_holding(self.vocabulary, self.before, movement.while_fact, len(gain))
        return gain


def mark_holding(
    vocabulary: Vocabulary, codes: Mapping[str, Column], fact: str, people: int
) -> NDArray[np.uint8]:
    """1 where a yes-or-no is yes, or a choice is another than 'none'; unknown counts as yes, so
    that months go on (the person stays undecided by the unknown fact itself)."""
    if fact not in codes:
        return np.ones(people, np.uint8)
    declared = vocabulary[fact]
    no = [NOT_APPLICABLE]
    if declared.type == "choice" and "none" in declared.ids:
        no.append(Axis(declared).encode("none"))
    return (~np.isin(codes[fact], no)).astype(np.uint8)


def draw_insured_months(
    gap: Interruption, employed: NDArray[np.uint8], draw: Draw
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], Mask]:
    """Months paid, months since the gap, and who had none: drawn once a year for each person, so
    that all insurance facts tell of the same year."""
    broken = draw("interruption") < gap.share
    left = MONTHS_OF_YEAR - gap.months
    when = np.minimum((draw("gap ends") * left).astype(np.uint8) + 1, left)
    paid = np.where(broken, left, MONTHS_OF_YEAR).astype(np.uint8) * employed
    since = np.where(broken, when, MONTHS_OF_YEAR).astype(np.uint8) * employed
    return paid, since, ~broken & (employed == 1)


def decode_values(axis: Axis, codes: Column) -> tuple[NDArray[np.int32], Mask]:
    """Codes of a whole number → values (int32, 0 where there is none) and where there is one."""
    has_number = (codes != NOT_APPLICABLE) & (codes != axis.absent)
    numbers = codes.astype(np.int32) + (int(axis.fact.least) - 1)
    return np.where(has_number, numbers, 0), has_number


def encode_values(axis: Axis, numbers: Column, has_number: Mask, before: Column) -> Column:
    """Values → codes, at most the most of the vocabulary; as before where there is no value."""
    fact = axis.fact
    codes = np.clip(numbers, int(fact.least), int(fact.most)) - (int(fact.least) - 1)
    return np.where(has_number, codes, before).astype(axis.dtype)
