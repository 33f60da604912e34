"""The residence permit as a record: {issued_on, valid_until, endorsements, area}."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from jifen.facts.fault import FactFault, find_unknown_keys
from jifen.facts.values import BadValue, coerce_value, parse_day, parse_days, quote_value
from jifen.facts.words import say
from jifen.policy.months import subtract_months, to_month
from jifen.policy.vocabulary import Fact

_KEYS = ("issued_on", "valid_until", "endorsements", "area")


@dataclass(frozen=True, slots=True)
class PermitRecord:
    """A permit; `endorsements` None: not known."""

    issued_on: date | None
    valid_until: date | None
    endorsements: tuple[date, ...] | None
    area: str | None

    def is_valid_on(self, on: date) -> bool | None:
        """Whether the permit is valid on a day; None where a date is missing."""
        if self.issued_on is not None and on < self.issued_on:
            return False
        if self.valid_until is not None and on > self.valid_until:
            return False
        if self.endorsements is not None and (self.held_since(on) or on) > on:
            return False  # a due endorsement is missing: the permit's functions are suspended
        return None if self.issued_on is None or self.valid_until is None else True

    def held_since(self, on: date) -> date | None:
        """The day from which the permit has been held without a break, as far as is known by `on`.

        The permit must be endorsed before each full year (State Council Decree 663, Art. 10);
        made up later, years count from the day of making up. The last day of a year, which the card
        shows, is still in time. None where it cannot be told.
        """
        if self.issued_on is None:
            return None
        since, due = self.issued_on, _find_anniversary(self.issued_on, 1)
        year = 1
        while due < on:
            if self.endorsements is None:
                return None
            before = _find_anniversary(since, year - 1)
            if any(before < e <= due for e in self.endorsements):
                year += 1
            else:
                late = [e for e in self.endorsements if due < e <= on]
                if not late:
                    return on + timedelta(days=1)
                since, year = late[0], 1
            due = _find_anniversary(since, year)
        return since


NO_PERMIT = PermitRecord(None, None, None, None)
"""The record of somebody who holds no permit (null, "does not apply")."""


def _find_anniversary(day_: date, years: int) -> date:
    return subtract_months(day_, -12 * years)


def count_full_months(since: date, until: date) -> int:
    """Full months from the first day to the last day, both inside.

    A month is full with the day before the same day of the next month, or before that month's last
    day where it has no such day: a permit of 1 January has been held for a year by 31 December, one
    of 31 January for a month by 27 February. So must the measure of Chengdu be read: it counts the
    time since the issue to the end of the month before an application, and a permit of 1 January
    has twelve whole months behind it on 31 December. State Council Decree 663, art. 10, says the
    same from the other side: a year is full on the same day of the next year (满1年之日), and on
    that day it is over; the last day that it needs is the one before.

    All that counts months by a permit counts them so, with the day itself. What asks for full years
    on a day asks for those that are over when it begins: for the months up to the day before.
    """
    after = until + timedelta(days=1)
    months = to_month(after) - to_month(since)
    return max(0, months - (subtract_months(since, -months) > after))


def read_permit(
    value: Any, area: Fact | None, faults: list[FactFault], path: str = "permit"
) -> PermitRecord | None:
    """Read a permit; what is wrong goes to `faults` with its path."""
    if not isinstance(value, Mapping):
        faults.append(_no_permit_fault(value, path))
        return None
    before = len(faults)
    faults.extend(find_unknown_keys(value, _KEYS, path))
    readers: dict[str, Callable[[Any], Any]] = {
        "issued_on": parse_day,
        "valid_until": parse_day,
        "endorsements": parse_days,
    }
    if area is not None:
        readers["area"] = partial(coerce_value, area)
    parts = _read_parts(value, readers, faults, path)
    issued, until = parts.get("issued_on"), parts.get("valid_until")
    if issued and until and until < issued:
        faults.append(_reversed_dates_fault(issued, until, path))
    early = [e for e in parts.get("endorsements") or () if issued and e < issued]
    if issued and early:
        faults.append(_early_endorsement_fault(early[0], issued, path))
    if len(faults) > before:
        return None
    return PermitRecord(issued, until, parts.get("endorsements"), parts.get("area"))


def _read_parts(
    value: Mapping[Any, Any],
    readers: Mapping[str, Callable[[Any], Any]],
    faults: list[FactFault],
    path: str,
) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for key, read in readers.items():
        if value.get(key) is not None:
            try:
                parts[key] = read(value[key])
            except BadValue as error:
                faults.append(error.to_fault(f"{path}.{key}"))
    return parts


def _no_permit_fault(value: Any, path: str) -> FactFault:
    return FactFault(
        "JF-F030",
        path,
        quote_value(value),
        say("permit.a_permit_issued_on_valid"),
        say("permit.write_a_mapping_with_these"),
    )


def _early_endorsement_fault(endorsed: date, issued: date, path: str) -> FactFault:
    return FactFault(
        "JF-F032",
        f"{path}.endorsements",
        say("permit.endorsed_issued", endorsed=endorsed, issued=issued),
        say("permit.endorsements_on_or_after"),
        say("permit.correct_one_of_the_two"),
        say("permit.the_endorsement_of_is_before", endorsed=endorsed, issued=issued),
    )


def _reversed_dates_fault(issued: date, until: date, path: str) -> FactFault:
    return FactFault(
        "JF-F031",
        f"{path}.valid_until",
        say("permit.valid_until_issued", until=until, issued=issued),
        say("permit.a_day_on_or_after"),
        say("permit.correct_one_of_the_two"),
        say("permit.the_permit_ends_on_before", until=until, issued=issued),
    )
