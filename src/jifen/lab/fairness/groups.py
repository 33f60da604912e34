"""People of each group at the line, and how their shares compare.

A share is that of the people surely at the line. Its ratio is to the share of the reference: the
group with the highest share today among those with at least 2 % of the people, the convention of
the "four fifths" rule (29 CFR 1607.4 D). The reference is the same before and after a reform.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.classes import ReachClasses
from jifen.lab.population.further_columns import MISSING, describe_column
from jifen.lab.population.people import Grouping
from jifen.lab.scoring import ScoredPeople
from jifen.lab.weights import Count, count_by_code, to_count
from jifen.policy.text import Text

CONFIDENT = 1.959964
"""Standard errors on either side of a 95 % interval."""
LEAST_REFERENCE = 0.02
"""The share of all people that a group needs to be the reference."""
FOUR_FIFTHS = 0.8
"""Below this ratio a group is marked."""
_CLASSES = 3
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share beside that of the reference, with its 95 % interval; without ends where there is no
    sampling error (a register is everybody) or no interval (a share of 0)."""

    value: float
    least: float | None = None
    most: float | None = None

    @property
    def is_low(self) -> bool:
        """Whether it is below four fifths."""
        return self.value < FOUR_FIFTHS


@dataclass(frozen=True, eq=False)
class FairGroup:
    """One group: people by class before and after (surely not, open, surely at the line)."""

    id: str
    label: Text
    crossings: NDArray[Any]
    effective: float | None
    """As many people drawn evenly would tell as much (Kish); None: everybody is here."""

    @property
    def people(self) -> Count:
        """How many people with usable values it has."""
        return to_count(self.crossings.sum())

    @property
    def before(self) -> ReachClasses:
        """By today's rules."""
        return _to_classes(self.crossings.sum(1))

    @property
    def after(self) -> ReachClasses:
        """By the rules of the reform."""
        return _to_classes(self.crossings.sum(0))

    @property
    def gains(self) -> Count:
        """Surely not at the line before, surely after."""
        return to_count(self.crossings[0, 2])

    @property
    def loses(self) -> Count:
        """Surely at the line before, surely not after."""
        return to_count(self.crossings[2, 0])

    @property
    def share_before(self) -> float:
        """Of them the share surely at the line today."""
        return float(self.before.surely / self.people) if self.people else 0.0

    @property
    def share_after(self) -> float:
        """The share surely at the line after the reform."""
        return float(self.after.surely / self.people) if self.people else 0.0

    @property
    def is_known(self) -> bool:
        """Whether it is a group of people, and not of those of whom it is not known."""
        return self.label.en not in ("unknown", MISSING)


@dataclass(frozen=True, slots=True)
class FairGrouping:
    """The groups by one fact or column; `reference` is one of them, None where nobody reaches."""

    name: str
    label: Text
    groups: tuple[FairGroup, ...]
    reference: FairGroup | None

    def compare_before(self, group: FairGroup) -> Ratio | None:
        """A group's share beside that of the reference, today."""
        return self._compare(group, "share_before")

    def compare_after(self, group: FairGroup) -> Ratio | None:
        """A group's share beside that of the reference, after the reform."""
        return self._compare(group, "share_after")

    def _compare(self, group: FairGroup, which: str) -> Ratio | None:
        reference = self.reference
        if reference is None or not group.people or not group.is_known:
            return None
        share, beside = getattr(group, which), getattr(reference, which)
        if not beside:
            return None
        if group is reference:
            return Ratio(1.0)
        return compare_shares(share, group.effective, beside, reference.effective)


def compare_shares(
    share: float, people: float | None, beside: float, others: float | None
) -> Ratio:
    """The ratio of two shares of samples of so many people, with the interval of its logarithm
    (Katz and others, Biometrics 34, 1978)."""
    ratio = share / beside
    if not people or not others or not share:
        return Ratio(ratio)
    error = CONFIDENT * sqrt((1 - share) / (people * share) + (1 - beside) / (others * beside))
    return Ratio(ratio, exp(log(ratio) - error), exp(log(ratio) + error))


def count_grouping(
    grouping: Grouping, before: ScoredPeople, after: ScoredPeople, *, sampled: bool
) -> FairGrouping:
    """The groups that have people, in the order of their fact or column."""
    count = len(grouping.labels)
    kind = np.int64 if before.weights is None else np.float64
    sums, squares = np.zeros(count * _CLASSES**2, kind), np.zeros(count)
    for start in range(0, len(grouping.codes), _BLOCK):
        span = slice(start, start + _BLOCK)
        usable = before.everybody[span]
        codes = grouping.codes[span][usable].astype(np.int64)
        weights = None if before.weights is None else before.weights[span][usable]
        crossing = _classify(before, span)[usable] * _CLASSES + _classify(after, span)[usable]
        sums += count_by_code(codes * _CLASSES**2 + crossing, len(sums), weights)
        if sampled:
            squares += count_by_code(codes, count, None if weights is None else weights**2)
    return _build_grouping(grouping, sums.reshape(count, _CLASSES, _CLASSES), squares, sampled)


def _build_grouping(
    grouping: Grouping, crossings: NDArray[Any], squares: NDArray[Any], sampled: bool
) -> FairGrouping:
    ids = grouping.list_ids()
    groups = tuple(
        FairGroup(
            ids[n],
            label,
            crossings[n],
            float(crossings[n].sum() ** 2 / squares[n]) if sampled and squares[n] else None,
        )
        for n, label in enumerate(grouping.labels)
        if crossings[n].any()
    )
    groups = _sort_groups(grouping.name, groups)
    return FairGrouping(grouping.name, grouping.label, groups, _choose_reference(groups))


def _sort_groups(name: str, groups: Sequence[FairGroup]) -> tuple[FairGroup, ...]:
    """In the order of the words of a column; where it has none, as they are."""
    order = {answer: number for number, answer in enumerate(describe_column(name).answers)}
    return tuple(sorted(groups, key=lambda group: order.get(group.id, len(order))))


def _choose_reference(groups: Sequence[FairGroup]) -> FairGroup | None:
    everybody = sum(group.people for group in groups)
    large = [g for g in groups if g.is_known and g.people >= LEAST_REFERENCE * everybody]
    best = max(large, key=lambda group: group.share_before, default=None)
    return best if best is not None and best.share_before else None


def _classify(scored: ScoredPeople, span: slice) -> NDArray[np.int64]:
    return scored.reached[span] * np.int64(2) + scored.perhaps[span]


def _to_classes(counts: NDArray[Any]) -> ReachClasses:
    surely_not, perhaps, surely = map(to_count, counts)
    return ReachClasses(surely, perhaps, surely_not)
