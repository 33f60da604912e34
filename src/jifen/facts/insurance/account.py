"""Every month of somebody's insurance as it counts: with its base, the wage that it is compared
with and the multiple, the gaps between, and the terms in which deferred months were recognised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from typing import Literal

from jifen.facts.contributions import ContributionHistory, CountedMonth, Spell, find_last_month
from jifen.facts.words import say
from jifen.policy.model import DeferredMonths, Rules
from jifen.policy.months import to_month
from jifen.policy.text import EMPTY, Text

MonthState = Literal["counts", "deferred", "not_counted", "gap"]
"""Counts; deferred and counts as paid; paid in a way that does not count; no contribution."""
_CENT = Decimal("0.01")
_GAP = say("insurance.account.gap")


@dataclass(frozen=True, slots=True)
class InsuredMonth:
    """One month. `base` and `wage` in yuan per month; `multiple` is base ÷ wage with two decimals,
    cut off and never rounded up: what shows 0.99 is below the wage. `term`: the term by which a
    deferred month counts."""

    month: int
    state: MonthState
    base: Decimal | None
    wage: Decimal | None
    multiple: Decimal | None
    why: Text
    term: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Gap:
    """Months without a contribution between two that have one; both ends are inside."""

    since: int
    until: int

    @property
    def months(self) -> int:
        """How many months it lasts."""
        return self.until - self.since + 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months that follow each other and count alike, with one base and one wage."""

    since: int
    until: int
    state: MonthState
    base: Decimal | None
    wage: Decimal | None
    multiple: Decimal | None
    why: Text


@dataclass(frozen=True, slots=True)
class InsuranceAccount:
    """The months from the first record to the last that may count, the gaps in them, and the terms
    of deferral that fall into them."""

    months: tuple[InsuredMonth, ...]
    gaps: tuple[Gap, ...]
    terms: tuple[DeferredMonths, ...] = ()

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The months in as few rows as say the same."""
        stretches = list[Stretch]()
        for month in self.months:
            alike = Stretch(month.month, month.month, *_what_counts(month))
            if stretches and replace(stretches[-1], since=0, until=0) == replace(
                alike, since=0, until=0
            ):
                alike = replace(stretches.pop(), until=month.month)
            stretches.append(alike)
        return tuple(stretches)

    @property
    def years(self) -> tuple[tuple[int, tuple[InsuredMonth | None, ...]], ...]:
        """The years as bars of twelve; None before the first record and after the last month."""
        months_by_number = {month.month: month for month in self.months}
        years = sorted({number // 12 for number in months_by_number})
        return tuple(
            (year, tuple(months_by_number.get(year * 12 + index) for index in range(12)))
            for year in years
        )

    def count_months_at_least(self, multiple: Decimal) -> int:
        """How many months that count have a base of at least so many times the wage."""
        return sum(
            month.state in ("counts", "deferred")
            and month.base is not None
            and month.wage is not None
            and month.base >= multiple * month.wage
            for month in self.months
        )


def _what_counts(
    month: InsuredMonth,
) -> tuple[MonthState, Decimal | None, Decimal | None, Decimal | None, Text]:
    """What is the same in every month of a stretch. In a gap the wage is compared with nothing."""
    wage = None if month.state == "gap" else month.wage
    return month.state, month.base, wage, month.multiple, month.why


def build_account(spells: Sequence[Spell], rules: Rules, on: date) -> InsuranceAccount:
    """The account of spells that were read (`read_spells`), under a measure on a day."""
    over = rules.reference.last_month(on)
    last = find_last_month(list(spells), rules.contributions, to_month(on), over)
    history = ContributionHistory(list(spells), rules.contributions, last)
    recorded_months = {month for spell in spells for month in range(spell.since, spell.until + 1)}
    months = [
        _describe_month(history.month_at(month), rules, month in recorded_months)
        for month in _month_range(history)
    ]
    terms = tuple(
        term
        for term in rules.contributions.deferred
        if history.first <= term.until and term.since <= history.last
    )
    return InsuranceAccount(tuple(months), tuple(_find_gaps(recorded_months)), terms)


def _month_range(history: ContributionHistory) -> range:
    return range(history.first, history.last + 1)


def _describe_month(counted: CountedMonth, rules: Rules, has_record: bool) -> InsuredMonth:
    series = rules.find_series(rules.contributions.series)
    wage = series.find_figure(counted.month) if series else None
    multiple = None
    if counted.base is not None and wage:
        multiple = (counted.base / wage).quantize(_CENT, ROUND_DOWN)
    term = _find_term(counted, rules)
    state: MonthState = "not_counted" if has_record else "gap"
    if counted.counts:
        state = "deferred" if term else "counts"
    why = counted.why if has_record else _GAP
    return InsuredMonth(
        counted.month, state, counted.base, wage, multiple, why, term.label if term else EMPTY
    )


def _find_term(counted: CountedMonth, rules: Rules) -> DeferredMonths | None:
    """The term by which a deferred month counts: its label stands in the reason of the month."""
    if not counted.counts:
        return None
    terms = rules.contributions.deferred
    return next(
        (
            term
            for term in terms
            if term.since <= counted.month <= term.until and _mentions_term(counted, term)
        ),
        None,
    )


def _mentions_term(counted: CountedMonth, term: DeferredMonths) -> bool:
    return term.label.zh in counted.why.zh


def _find_gaps(recorded_months: set[int]) -> list[Gap]:
    """Stretches of months without a record between the first and the last with one."""
    gaps, months = [], sorted(recorded_months)
    for before, after in pairwise(months):
        if after > before + 1:
            gaps.append(Gap(before + 1, after - 1))
    return gaps
