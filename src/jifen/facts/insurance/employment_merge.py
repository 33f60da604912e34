"""Records of months and stretches → employments: what is alike and follows in time is one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from jifen.facts.contributions import SCHEMES
from jifen.facts.insurance.employers import Employment

DoubledMonths = list[tuple[int, int]]
"""Line and month of records that another record of the same month contradicts."""


class _EmployedMonth(NamedTuple):
    """A month of an employment, whatever its schemes."""

    month: int
    employment: Employment


def merge_records(
    records: Iterable[tuple[int, Employment]],
) -> tuple[list[Employment], DoubledMonths]:
    """Employments in time, from records with their lines. The two schemes of a month may stand on
    lines of their own. Of two records of one scheme and month that differ the first is kept."""
    schemes, doubled = dict[_EmployedMonth, set[str]](), DoubledMonths()
    taken = dict[tuple[int, str], _EmployedMonth]()
    for line, record in records:
        alike = replace(record, since=0, until=0, schemes=())
        clashes = set[int]()
        for month in range(record.since, record.until + 1):
            key = _EmployedMonth(month, alike)
            for scheme in record.schemes:
                if taken.setdefault((month, scheme), key) == key:
                    schemes.setdefault(key, set()).add(scheme)
                else:
                    clashes.add(month)
        if clashes:
            doubled.append((line, min(clashes)))
    return _merge_months(schemes), doubled


def _merge_months(schemes: dict[_EmployedMonth, set[str]]) -> list[Employment]:
    """Months that are alike and follow each other, as one."""
    employments = list[Employment]()
    open_ = dict[Employment, int]()
    for key in sorted(schemes, key=lambda key: key.month):
        paid_schemes = tuple(scheme for scheme in SCHEMES if scheme in schemes[key])
        alike = replace(key.employment, schemes=paid_schemes)
        at = open_.get(alike)
        if at is not None and employments[at].until + 1 == key.month:
            employments[at] = replace(employments[at], until=key.month)
        else:
            open_[alike] = len(employments)
            employments.append(replace(alike, since=key.month, until=key.month))
    return employments
