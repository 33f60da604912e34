"""Results that stand beside many of their kind (variants, lines, years): what differs between two
of them would tell of single people, so every count is rounded to fives."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from jifen.lab.analysis.quota import QuotaResult, QuotaThreshold
from jifen.lab.analysis.side_by_side import CountRange, PolicyColumn, SideBySide
from jifen.lab.classes import ReachClasses
from jifen.lab.disclosure.runs import ShownClasses
from jifen.lab.fairness.measure import FairnessResult
from jifen.lab.small_counts import FEWEST
from jifen.lab.sweeps.sweeper import Counts, SweepResult
from jifen.lab.uncertainty.figure_ranges import FigureRange
from jifen.lab.uncertainty.headline import HeadlineRange
from jifen.lab.uncertainty.years_range import YearsRange
from jifen.lab.weights import Count
from jifen.lab.years.results import YearsResult
from jifen.lab.years.tally import COUNTS, Tally

Part_ = TypeVar("Part_")


@dataclass(frozen=True, eq=False)
class RoundedSweep(SweepResult):
    """A sweep of a register: groups and everybody rounded each by itself."""

    all_reached: Counts
    all_perhaps: Counts

    def count_reached(self) -> Counts:
        """By variant, people who surely reach the line."""
        return self.all_reached

    def count_perhaps(self) -> Counts:
        """By variant, people who could reach the line, settled not."""
        return self.all_perhaps

    def mean_total(self) -> Any:
        """The mean total of the known people in points; none where they are few."""
        few = self.known.sum() < FEWEST
        return np.full(len(self.programs), np.nan) if few else super().mean_total().round(2)


def round_to_fives(counts: Any) -> Any:
    """A count, or an array of them, rounded to the next multiple of five."""
    if isinstance(counts, np.ndarray):
        return (np.rint(counts / FEWEST) * FEWEST).astype(counts.dtype)
    return type(counts)(FEWEST * round(counts / FEWEST))


def protect_sweep(result: SweepResult) -> RoundedSweep:
    """A sweep of a register."""
    return RoundedSweep(
        result.programs,
        result.grouping,
        round_to_fives(result.reached),
        round_to_fives(result.perhaps),
        result.sums,
        result.known,
        result.usable,
        result.people,
        round_to_fives(result.count_reached()),
        round_to_fives(result.count_perhaps()),
    )


def protect_quota(result: QuotaResult) -> QuotaResult:
    """The line for a quota of a register: the line is exact, the people it admits are rounded."""
    following = result.next_line
    return replace(
        result,
        admissible=_round_classes(result.admissible),
        line=_round_threshold(result.line),
        lowest=_round_threshold(result.lowest),
        next_line=None if following is None else _round_threshold(following),
        around=tuple(map(_round_threshold, result.around)),
        ranked=None if result.ranked is None else round_to_fives(result.ranked),
    )


def protect_comparison(result: SideBySide) -> SideBySide:
    """Several policies over one register."""
    return replace(
        result,
        columns=tuple(
            PolicyColumn(
                column.program,
                column.on,
                _round_classes(column.reached),
                _round_classes(column.admissible),
            )
            for column in result.columns
        ),
        both=_round_range(result.both),
        only=_round_range(result.only),
        none=_round_range(result.none),
    )


def protect_years(result: YearsResult) -> YearsResult:
    """The years of a register."""
    tally = result.tally
    counts = round_to_fives(tally.counts)
    known, total = (COUNTS.index(name) for name in ("known", "total"))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = tally.counts[..., total] / tally.counts[..., known]
    sums = np.nan_to_num(means) * counts[..., known]
    counts[..., total] = np.rint(sums) if counts.dtype == np.int64 else sums
    return replace(
        result,
        tally=Tally(
            counts,
            round_to_fives(tally.first),
            round_to_fives(tally.left),
            round_to_fives(tally.under),
            {
                key: {reason: round_to_fives(count) for reason, count in reasons.items()}
                for key, reasons in tally.why.items()
            },
        ),
    )


def protect_years_range(result: YearsRange) -> YearsRange:
    """The ranges of the years of a register."""
    return replace(
        result,
        years=tuple(_round_ends(year, "reached", "least", "most") for year in result.years),
        parts=tuple(_round_ends(part, "least", "most") for part in result.parts),
    )


def protect_headline(result: HeadlineRange) -> HeadlineRange:
    """The people of a register at the line as a range."""
    return replace(
        result,
        base=round_to_fives(result.base),
        parts=tuple(_round_ends(part, "least", "most") for part in result.parts),
        readings=tuple(_round_ends(reading, "reached") for reading in result.readings),
    )


def round_figure(figure: FigureRange) -> FigureRange:
    """A number of people and its ends."""
    return replace(
        figure,
        base=round_to_fives(figure.base),
        parts=tuple(_round_ends(part, "least", "most") for part in figure.parts),
    )


def _round_ends(part: Part_, *names: str) -> Part_:
    rounded = {name: round_to_fives(getattr(part, name)) for name in names}
    return replace(part, **rounded)  # type: ignore[type-var]


def protect_fairness(result: FairnessResult) -> FairnessResult:
    """Children who need a place, rounded; groups are hidden where they are shown."""
    places = tuple(
        replace(
            needed,
            before=tuple(map(round_to_fives, needed.before)),
            after=tuple(map(round_to_fives, needed.after)),
        )
        for needed in result.places
    )
    return replace(result, places=places)


def _round_classes(classes: ReachClasses) -> ShownClasses:
    surely, perhaps, surely_not = map(
        round_to_fives, (classes.surely, classes.perhaps, classes.surely_not)
    )
    return ShownClasses(surely, perhaps, surely_not, classes.people)


def _round_range(counts: CountRange) -> CountRange:
    return CountRange(round_to_fives(counts.least), round_to_fives(counts.most))


def _round_threshold(threshold: QuotaThreshold) -> QuotaThreshold:
    least: Count = round_to_fives(threshold.least)
    most: Count = round_to_fives(threshold.most)
    if threshold.most > threshold.least and most == least:
        most = least + FEWEST  # what is not certain does not become so by rounding
    return replace(threshold, least=least, most=most)
