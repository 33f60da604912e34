"""Contribution months, past and to come: each counts surely, perhaps, or not.

The past is what records say (or, where only totals are known, the two ways in which the months of a
total can lie that give the least and the most later on); to come is what the person keeps paying,
or begins to pay by a move. Every count over a window is then a difference of two running sums.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from jifen.facts.contributions import ContributionHistory
from jifen.planning.days import DaySpan, Mask, Numbers
from jifen.policy.model import Series
from jifen.policy.months import to_month

MonthMask = NDArray[np.bool_]
MonthRange = tuple[Numbers, Numbers]


@dataclass(frozen=True, slots=True)
class PlannedContribution:
    """Contributions that begin, or rise, by a move: from a month on, at so many average wages or
    more (0: at any base)."""

    since: int
    multiple: Decimal


@dataclass(frozen=True, slots=True)
class ContributionOutlook:
    """How contributions go on if nothing changes: whether (None: not known), and at how many
    average wages (None: not known; the base is taken to keep up with the wage).

    `since`: from which month on they surely do, where they do; of the months between the record and
    that one nobody knows. `lags`: the record runs one of so many months behind the day."""

    goes_on: bool | None
    at_least: Decimal | None
    below: Decimal | None
    """The base is at `at_least` average wages or more, and under `below`; None: no such bound."""
    since: int = 0
    lags: tuple[int, ...] = (0,)
    level_is_stated: bool = False
    """Whether the bounds were said of all that is paid from now on, in another job too."""

    def counts_in(self, months: Numbers, end: int) -> MonthMask:
        """Which months to come count: surely (end 0), or perhaps (end 1)."""
        if end:
            return np.full(len(months), self.goes_on is not False)
        return (months >= self.since) & (self.goes_on is True)

    def reaches_multiple(self, multiple: Decimal, end: int) -> bool:
        """Whether its base reaches a multiple: surely (end 0), or perhaps (end 1)."""
        if end:
            return self.below is None or multiple < self.below
        return self.at_least is not None and self.at_least >= multiple


@dataclass(frozen=True, slots=True, eq=False)
class PastMonths:
    """Months from `first` on that count: `surely`, and `perhaps`; arrays of the same length."""

    first: int
    surely: MonthMask
    perhaps: MonthMask

    @property
    def last_month(self) -> int:
        """The last month that is told of."""
        return self.first + len(self.surely) - 1

    @property
    def one_month_sooner(self) -> "PastMonths":
        """The same months, each one sooner."""
        return replace(self, first=self.first - 1)


def months_from_records(
    history: ContributionHistory,
    last: int,
    scheme: str | None,
    multiple: Decimal | None,
    wages: Series | None,
) -> PastMonths:
    """The past by records, month by month as the assessment counts them."""
    first = min(history.first, last + 1)
    months = [history.month_at(month, scheme) for month in range(first, last + 1)]
    surely = np.array([month.counts for month in months], bool)
    if multiple is None:
        return PastMonths(first, surely, surely)
    perhaps = surely.copy()
    for number, month in enumerate(months):
        wage = wages.find_figure(month.month) if wages else None
        if month.counts and (wage is None or month.base is None):
            surely[number] = False
        elif month.counts and wage is not None and month.base is not None:
            surely[number] = perhaps[number] = month.base >= multiple * wage
    return PastMonths(first, surely, perhaps)


def months_from_total(months: int, last: int, window: int | None) -> PastMonths:
    """The past by a total alone: within a window its months are the oldest, or the newest."""
    size = max(window or months, months)
    oldest, newest = np.zeros(size, bool), np.zeros(size, bool)
    oldest[:months] = True
    newest[size - months :] = True
    return PastMonths(last - size + 1, oldest, newest)


def months_unknown(most: int, last: int, window: int | None) -> PastMonths:
    """The past where not even a total is known: no month counts surely, and each perhaps."""
    size = min(window or most, most)
    return PastMonths(last - size + 1, np.zeros(size, bool), np.ones(size, bool))


@dataclass(frozen=True, slots=True, eq=False)
class InsuranceMonths:
    """Counts by day. `recorded`: the last month that the record tells of on the first day of the
    plan; `filing`: a month counts in the month of filing itself, where it is on record; `began`:
    the month of the first day does; `together`: how many months all schemes together run behind, as
    a month under way is on record where each of them is. Where nobody knows how late the record
    runs, or whether contributions go on at all, every way in which it may is looked at."""

    span: DaySpan
    outlook: ContributionOutlook
    last_recorded: int
    counts_filing_month: bool
    first_month_counts: bool
    joint_lags: tuple[int, ...] = (0,)

    @property
    def one_month_sooner(self) -> "InsuranceMonths":
        """The same, where the month of the first day is not on record."""
        return replace(self, last_recorded=self.last_recorded - 1, first_month_counts=False)

    def count_within(
        self,
        past: PastMonths,
        window: int | None,
        multiple: Decimal | None,
        planned: Sequence[PlannedContribution],
    ) -> MonthRange:
        """Months that count within a window (None: since the first record), by day."""

        def count_window(months: MonthMask, last: Numbers, seen: Numbers) -> Numbers:
            sums = np.concatenate([[0], np.cumsum(months)]).astype(np.int32)
            stop = np.clip(seen + 1 - past.first, 0, len(months))
            start = np.zeros_like(stop)
            if window is not None:
                start = np.clip(last - window + 1 - past.first, 0, stop)
            return np.asarray(sums[stop] - sums[start], np.int32)

        months = [self._mark_months(past, multiple, planned, end) for end in (0, 1)]
        return _combine_counts(
            months, self._list_record_ends(planned, self.outlook.lags), count_window
        )

    def count_unbroken(
        self, past: PastMonths, planned: Sequence[PlannedContribution]
    ) -> MonthRange:
        """Months of the current run, by day; none where the last month is not on record."""

        def count_run(months: MonthMask, last: Numbers, seen: Numbers) -> Numbers:
            positions = np.arange(len(months) + 1)
            gaps = np.where(np.concatenate([[True], ~months]), positions, 0)
            runs = positions - np.maximum.accumulate(gaps)
            index = np.clip(last + 1 - past.first, 0, len(months))
            return np.where(seen == last, runs[index], 0).astype(np.int32)

        months = [self._mark_months(past, None, planned, end) for end in (0, 1)]
        return _combine_counts(months, self._list_record_ends(planned, self._run_lags), count_run)

    @property
    def _run_lags(self) -> tuple[int, ...]:
        """A record too late for any run is not taken to be so for ever: it may catch up."""
        lags = self.outlook.lags
        return (*lags, 1) if self.counts_filing_month and min(lags) > 1 else lags

    def count_future(self, planned: Sequence[PlannedContribution]) -> MonthRange:
        """Months paid since the first day of the plan, by day."""
        no_past = PastMonths(
            to_month(self.span.first_counting_day) + 1, np.zeros(0, bool), np.zeros(0, bool)
        )
        counts = []
        for end in (0, 1):
            months = self._mark_months(no_past, None, planned, end)
            sums = np.concatenate([[0], np.cumsum(months)]).astype(np.int32)
            begun = self.span.counting_months - to_month(self.span.first_counting_day)
            counts.append(sums[np.clip(begun, 0, len(months))])
        return counts[0], counts[1]

    def _mark_months(
        self,
        past: PastMonths,
        multiple: Decimal | None,
        planned: Sequence[PlannedContribution],
        end: int,
    ) -> MonthMask:
        """Every month from the first to the last day's: whether it counts."""
        future = np.arange(past.last_month + 1, int(self.span.months[-1]) + 1, dtype=np.int32)
        counts = self.outlook.counts_in(future, end)
        for contribution in planned:
            counts |= future >= contribution.since
        if multiple is not None:
            counts &= self._mark_reaching(future, multiple, planned, end)
        return np.concatenate([past.perhaps if end else past.surely, counts])

    def _mark_reaching(
        self, future: Numbers, multiple: Decimal, planned: Sequence[PlannedContribution], end: int
    ) -> MonthMask:
        """Which months to come reach a multiple. What another job pays nobody knows, beyond what
        the move says of it."""
        reaching, first_paid = (
            np.full(len(future), self.outlook.reaches_multiple(multiple, end)),
            self._find_first_paid(planned),
        )
        if first_paid is not None and not self.outlook.level_is_stated:
            reaching[future >= first_paid] = bool(end)
        for contribution in planned:
            if contribution.multiple >= multiple:
                reaching |= future >= contribution.since
        return reaching

    def _list_record_ends(
        self, planned: Sequence[PlannedContribution], lags: Sequence[int]
    ) -> list[MonthRange]:
        """For each way in which the record may run behind the last month that may count on each
        day, and the last that is on record."""
        under_way = not self.counts_filing_month and bool(
            (self.span.completed_months == self.span.months).any()
        )
        joint_lags = self.joint_lags if under_way else (0,)
        lag_pairs = dict.fromkeys((lag, max(lag, behind)) for lag in lags for behind in joint_lags)
        lasts = [self._find_last_counting(planned, behind) for _, behind in lag_pairs]
        return [
            (last, self._find_last_seen(last, planned, lag))
            for last, (lag, _) in zip(lasts, lag_pairs, strict=True)
        ]

    def _find_last_counting(self, planned: Sequence[PlannedContribution], lag: int) -> Numbers:
        """The last month that may count on each day: one that is under way where it is on record,
        else the month before."""
        filing_months, first_paid = self.span.months, self._find_first_paid(planned)
        last = filing_months if self.counts_filing_month else self.span.completed_months
        if not (last == filing_months).any():
            return last
        is_on_record = filing_months < 0 if first_paid is None else filing_months >= first_paid
        if lag == 0:
            first = to_month(self.span.on)
            is_on_record = is_on_record | (filing_months > first) & (
                self.outlook.goes_on is not False
            )
            is_on_record = is_on_record | (filing_months <= first) & (
                self.first_month_counts | self._unsettled_days
            )
        return np.where((last < filing_months) | is_on_record, last, last - 1).astype(np.int32)

    @property
    def _unsettled_days(self) -> Mask:
        """The days on which more may have come onto the record than anybody can tell."""
        return (self.span.ordinals > self.span.on.toordinal()) & (len(self.outlook.lags) > 1)

    def _find_last_seen(
        self, last: Numbers, planned: Sequence[PlannedContribution], lag: int
    ) -> Numbers:
        """The last of these months that is on record on each day; on the first day nothing is but
        what the record tells of."""
        today = self.span.ordinals <= self.span.on.toordinal()
        behind = np.minimum(last, np.where(today, self.last_recorded, self.span.months - lag))
        first_paid = self._find_first_paid(planned)
        if first_paid is None:
            return behind.astype(np.int32)
        return np.where(last >= first_paid, last, behind).astype(np.int32)

    def _find_first_paid(self, planned: Sequence[PlannedContribution]) -> int | None:
        """From which month a move pays what would not be paid; None: none does. A base that is
        raised is on record no sooner than the months before it."""
        if self.outlook.goes_on is True:
            return None
        return min((contribution.since for contribution in planned), default=None)


def _combine_counts(
    month_masks: Sequence[MonthMask],
    record_ends: Sequence[MonthRange],
    count: Callable[[MonthMask, Numbers, Numbers], Numbers],
) -> MonthRange:
    """The least and the most of all ways in which the record may run behind."""
    low, high = (
        [count(month_mask, *record_end) for record_end in record_ends] for month_mask in month_masks
    )
    if len(record_ends) == 1:
        return low[0], high[0]
    return np.minimum.reduce(low), np.maximum.reduce(high)
