"""The measures by which records and facts give other facts. One function each.

A measure returns Derived: a value, None (does not apply), or ABSENT with the reason; and, for
months, a way to see each month.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jifen.facts.contributions import ContributionHistory, CountedMonth
from jifen.facts.identity import Identity
from jifen.facts.permit import NO_PERMIT, PermitRecord, count_full_months
from jifen.facts.words import say
from jifen.policy.model import Rules
from jifen.policy.months import (
    completed_years,
    first_day,
    format_month,
    subtract_months,
    to_month,
)
from jifen.policy.record_rules import count_record_points
from jifen.policy.text import EMPTY, Text
from jifen.policy.vocabulary import Derivation


class _Absent:
    """A value that is not known; differs from None (does not apply) and from zero."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class MonthShown:
    """One month in the account of a derived fact."""

    month: str
    counts: bool
    base: Decimal | None
    wage: Decimal | None
    why: Text


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A derived fact: its value, the reason where it is absent, and its months."""

    value: Any
    reason: Text = EMPTY
    between: tuple[int, int] | None = None
    """Where the value is absent: the least and the most that the known months allow."""
    months: tuple[MonthShown, ...] = ()


_NONE_COUNTED = DerivedFact(0)


@dataclass(slots=True)
class PersonRecords:
    """The records of a person that measures read, with the day and the rules."""

    rules: Rules
    on: date
    counting_day: date
    history: ContributionHistory | None = None
    permit: PermitRecord | None = None
    identity: Identity | None = None
    dates: Mapping[str, Any] = field(default_factory=dict)
    """The values known so far."""
    tables: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    """Records of several fields, by the fact that holds them."""
    _wages: dict[int, Decimal | None] = field(default_factory=dict)

    def wage_for(self, month: int) -> Decimal | None:
        """The average wage with which the base of a month is compared; None where none is known."""
        if month not in self._wages:  # several measures look at the same months
            series = self.rules.find_series(self.rules.contributions.series)
            self._wages[month] = series.find_figure(month) if series else None
        return self._wages[month]


def _completed_years(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    born = records.dates[derivation.source]
    if born is None:  # of another person, who there is not
        return DerivedFact(None)
    return DerivedFact(max(completed_years(born, derivation.day_of_years(records.counting_day)), 0))


def _records_in_window(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    days = records.dates[derivation.source]
    if not days:  # none are on record, or the fact does not apply
        return _NONE_COUNTED
    whole = records.rules.reference.kind != "on_the_day"
    counting_day = records.counting_day
    return DerivedFact(
        sum(is_in_window(day, derivation.window, counting_day, whole_months=whole) for day in days)
    )


def is_in_window(day: date, months: int | None, counting_day: date, *, whole_months: bool) -> bool:
    """Whether a record counts: later than the counting day less the window, not after that day.

    A measure that counts to the end of a month counts whole months back from there.
    """
    if day > counting_day:
        return False
    if months is None:
        return True
    if whole_months:
        return day >= first_day(to_month(counting_day) - months + 1)
    return day > subtract_months(counting_day, months)


def _record_points(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    """What records of several fields give, as the version says it."""
    rule = records.rules.find_record_rule(derivation.gives)
    if rule is None:
        why = say("measures.this_version_does_not_say")
        return DerivedFact(ABSENT, why)
    whole = records.rules.reference.kind != "on_the_day"
    counted = [
        record
        for record in records.tables[derivation.source]
        if is_in_window(record[rule.on], rule.window, records.counting_day, whole_months=whole)
    ]
    return DerivedFact(count_record_points(rule, counted))


def _show_months(records: PersonRecords, months: list[CountedMonth]) -> tuple[MonthShown, ...]:
    return tuple(
        MonthShown(format_month(m.month), m.counts, m.base, records.wage_for(m.month), m.why)
        for m in months
    )


def _require_history(records: PersonRecords) -> ContributionHistory:
    if records.history is None:
        raise LookupError("contributions")
    return records.history


def _valid_months(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    months = list(_require_history(records).iter_months(derivation.window, derivation.scheme))
    return DerivedFact(sum(month.counts for month in months), months=_show_months(records, months))


def _unbroken_months(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    run = _require_history(records).current_run(derivation.scheme)
    return DerivedFact(len(run), months=_show_months(records, run))


def _months_at_base(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    """Months of the window whose base is at or above a multiple of the wage of that month."""
    months = list(_require_history(records).iter_months(derivation.window, derivation.scheme))
    multiple = derivation.multiple or Decimal(1)
    reached: list[CountedMonth] = []
    open_: list[Text] = []
    for m in months:
        wage = records.wage_for(m.month)
        if not m.counts:
            reached.append(m)
        elif wage is None or m.base is None:
            open_.append(_explain_no_comparison(m, wage))
            reached.append(CountedMonth(m.month, False, m.base, open_[-1]))
        else:
            met = m.base >= multiple * wage
            sign = "≥" if met else "<"
            words = f"{m.base:f} {sign} {multiple} × {wage:f}"
            reached.append(CountedMonth(m.month, met, m.base, Text(words, words)))
    certain, shown = sum(m.counts for m in reached), _show_months(records, reached)
    if open_:
        return DerivedFact(ABSENT, open_[0], (certain, certain + len(open_)), shown)
    return DerivedFact(certain, months=shown)


def _explain_no_comparison(m: CountedMonth, wage: Decimal | None) -> Text:
    month = format_month(m.month)
    if wage is None:
        return say("measures.no_average_wage_is_recorded", month=month)
    return say("measures.no_contribution_base_is_given", month=month)


def _mean_base_ratio(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    """The mean of the monthly ratios base ÷ wage over the window, all of it unbroken."""
    window = derivation.window or 36
    run = _require_history(records).current_run(derivation.scheme or "pension")
    if len(run) < window:
        return DerivedFact(None, say("measures.fewer_than_unbroken_months", window=window))
    total = Fraction(0)
    for m in run[-window:]:
        wage = records.wage_for(m.month)
        if wage is None or m.base is None:
            return DerivedFact(ABSENT, _explain_no_comparison(m, wage))
        total += Fraction(m.base) / Fraction(wage)
    mean = total / window
    exact = Decimal(mean.numerator) / Decimal(mean.denominator)
    return DerivedFact(exact.normalize() + 0, months=_show_months(records, run[-window:]))


def _require_permit(records: PersonRecords) -> PermitRecord:
    if records.permit is None:
        raise LookupError("permit")
    return records.permit


def _permit_valid(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    del derivation
    if _require_permit(records) is NO_PERMIT:
        return DerivedFact(False)
    valid = _require_permit(records).is_valid_on(records.on)
    if valid is None:
        return DerivedFact(ABSENT, say("measures.the_permit_lacks_a_date"))
    return DerivedFact(valid)


def _permit_months(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    del derivation
    if _require_permit(records) is NO_PERMIT:
        return DerivedFact(0)
    since = _require_permit(records).held_since(records.counting_day)
    if since is None:
        return DerivedFact(ABSENT, say("measures.the_endorsements_are_not_given"))
    return DerivedFact(count_full_months(since, records.counting_day))


def _permit_area(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    del derivation
    if _require_permit(records) is NO_PERMIT:
        return DerivedFact(None)
    area = _require_permit(records).area
    return DerivedFact(area) if area else DerivedFact(ABSENT, say("measures.no_area_is_given"))


def _read_birth_date(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    del derivation
    return DerivedFact(records.identity.birth_date if records.identity else ABSENT)


def _read_sex(records: PersonRecords, derivation: Derivation) -> DerivedFact:
    del derivation
    return DerivedFact(records.identity.sex if records.identity else ABSENT)


MEASURES: dict[str, Callable[[PersonRecords, Derivation], DerivedFact]] = {
    "completed_years": _completed_years,
    "records_in_window": _records_in_window,
    "valid_months": _valid_months,
    "unbroken_months": _unbroken_months,
    "months_at_base": _months_at_base,
    "mean_base_ratio": _mean_base_ratio,
    "permit_valid": _permit_valid,
    "permit_months": _permit_months,
    "permit_area": _permit_area,
    "birth_date": _read_birth_date,
    "sex": _read_sex,
    "record_points": _record_points,
}
