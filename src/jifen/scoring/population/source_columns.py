"""Columns from which a fact is derived: a date or month of birth, an identity number, a list of
dates. Each value is read as one person's facts are read, with the same faults."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.identity import read_identity
from jifen.facts.measures import is_in_window
from jifen.facts.spelling import AmbiguousSpelling, read_day, read_month
from jifen.facts.values import coerce_value, parse_day, parse_days
from jifen.policy.months import completed_years
from jifen.policy.vocabulary import Fact

IDENTITY_MEASURES = ("birth_date", "sex")


@dataclass(frozen=True, slots=True)
class CountingRule:
    """The day to which a measure counts, and whether it counts whole months back from there."""

    day: date
    whole_months: bool = True


def build_value_reader(fact: Fact, column: str, counting: CountingRule) -> Callable[[Any], Any]:
    """How a value of a column gives the value of a fact; it raises BadValue."""
    name, derive = column.rpartition(".")[2], fact.derive
    if name == fact.id or derive is None:
        return lambda value: coerce_value(fact, value)
    if derive.measure == "records_in_window":
        return lambda value: _count_in_window(value, derive.window, counting)
    if derive.measure == "sex":
        return lambda value: read_identity(value).sex
    counting_day = derive.day_of_years(counting.day)
    if name != derive.source:  # the identity number, which gives the date of birth
        return lambda value: _count_years(read_identity(value).birth_date, counting_day)
    return lambda value: read_age(value, counting_day)


def _count_in_window(value: Any, window: int | None, counting: CountingRule) -> int:
    record_days = parse_days(value)
    return sum(
        is_in_window(record_day, window, counting.day, whole_months=counting.whole_months)
        for record_day in record_days
    )


def read_age(value: Any, counting_day: date) -> int:
    """Completed years from a date of birth, or from its month where every day of that month gives
    the same number. Raises BadValue."""
    birth_month = read_month_range(value)
    if birth_month is None:
        return _count_years(parse_day(value), counting_day)
    ages = {_count_years(born_on, counting_day) for born_on in birth_month}
    if len(ages) > 1:
        parse_day(value)  # raises what is said of a month without a day
    return ages.pop()


def read_month_range(value: Any) -> tuple[date, date] | None:
    """The first and the last day of a month (1990年5月); None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        read_day(value)
    except AmbiguousSpelling:
        pass
    else:
        return None
    try:
        month = read_month(value)
    except AmbiguousSpelling:
        return None
    if month is None:
        return None
    year, month_index = divmod(month, 12)
    return date(year, month_index + 1, 1), date(
        year, month_index + 1, monthrange(year, month_index + 1)[1]
    )


def is_month_of_birth(fact: Fact, value: Any) -> bool:
    """Whether a value is a month from which completed years follow."""
    years = fact.derive is not None and fact.derive.measure == "completed_years"
    return years and read_month_range(value) is not None


def _count_years(born: date, counting_day: date) -> int:
    return max(completed_years(born, counting_day), 0)
