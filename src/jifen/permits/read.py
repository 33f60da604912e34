"""Reading the permit file of a city; every fault of it in one run."""

import re
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from jifen import cities
from jifen.permits.model import (
    AutomaticRule,
    Cause,
    EarlyRule,
    Endorsement,
    Issue,
    Later,
    PermitRules,
    Points,
    Restoration,
    Told,
)
from jifen.permits.shape import PERMITS
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml

_DAY = re.compile(r"(0[1-9]|1[0-2])-([0-2][0-9]|3[01])\Z")


class NoPermitRules(LookupError):
    """A city of which no rules of the permit are known on that day."""


def rules_on(city: cities.CityOrId, on: date) -> PermitRules:
    """The rules in force. Raises NoPermitRules, UnknownCity."""
    found = next((one for one in permit_rules(city) if one.covers(on)), None)
    if found is None:
        raise NoPermitRules(
            f"no rules of the residence permit of {cities.find_city(city).id} are known on {on}"
        )
    return found


def permit_rules(city: cities.CityOrId) -> tuple[PermitRules, ...]:
    """Every edition of a city; none where it has no file."""
    return _permit_rules(cities.find_city(city).folder)


@cache
def _permit_rules(folder: Path) -> tuple[PermitRules, ...]:
    path = folder / "permit.yaml"
    return read_permits(path) if path.is_file() else ()


def read_permits(path: Path) -> tuple[PermitRules, ...]:
    """Read a permit file. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = PERMITS.read(parse_yaml(text, path.name), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    report_repeated_ids(entry["rules"], sink, "rules")
    for one in entry["rules"]:
        _check(one, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    sources = tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"] or ())
    found = tuple(_rules(entry["city"], one, sources) for one in entry["rules"])
    _check_apart(found, entry, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return found


def _check(entry: Entry, sink: Sink) -> None:
    window, later, early, ahead = (
        entry[key] for key in ("endorsement", "later", "early", "automatic")
    )
    if (window["opens_days"] is None) == (window["opens_months"] is None):
        _tell(sink, "JF-E001", window, "a window without one length", "opens_days or opens_months")
    if later["reading"] not in later["readings"]:
        _tell(sink, "JF-E002", later, f"'{later['reading']}'", "one of its readings")
    if "register_again" in later["readings"] and later["register_again_after_days"] is None:
        _tell(sink, "JF-E003", later, "no days", "register_again_after_days")
    if early:
        for key in ("season_from", "season_until"):
            if not _is_day(early[key]):
                _tell(sink, "JF-E004", early, f"'{early[key]}'", "a month and day such as 04-01")
    if ahead and not 0 < ahead["last_days"] <= ahead["first_days"]:
        _tell(sink, "JF-E005", ahead, "an end before its beginning", "last_days ≤ first_days")


def _is_day(text: str) -> bool:
    """A month and day of every year: 29 February is none."""
    try:
        return bool(_DAY.match(text)) and bool(date(2001, int(text[:2]), int(text[3:])))
    except ValueError:
        return False


def _check_apart(rules: tuple[PermitRules, ...], entry: Entry, sink: Sink) -> None:
    for place, (one, other) in zip(entry["rules"][1:], pairwise(rules), strict=True):
        if one.until is None or one.until >= other.since:
            found = f"'{one.id}' and '{other.id}' in force on the same day"
            _tell(sink, "JF-E006", place, found, "one edition on each day, in order")
        elif one.until + timedelta(days=1) < other.since:
            found = f"no rules between '{one.id}' and '{other.id}'"
            _tell(sink, "JF-E007", place, found, "an edition that begins on the day after")


def _tell(sink: Sink, code: str, entry: Entry, found: str, expected: str) -> None:
    sink.add_fault(code, entry.place_of(), found, expected, "correct it")


def _rules(city: str, entry: Entry, sources: tuple[Source, ...]) -> PermitRules:
    issue, window, later = entry["issue"], entry["endorsement"], entry["later"]
    return PermitRules(
        city,
        entry["id"],
        entry["from"],
        entry["until"],
        entry["label"],
        Issue(issue["registered_months"], tuple(issue["grounds"]), issue["days"], _told(issue)),
        Endorsement(window["opens_days"], window["opens_months"], _told(window)),
        entry["made_up"]["within_days"],
        _told(entry["made_up"]),
        Later(
            later["reading"],
            tuple(later["readings"]),
            later["register_again_after_days"],
            _told(later),
        ),
        _restoration(entry["restoration"]),
        _automatic(entry["automatic"]),
        _early(entry["early"]),
        Points(entry["points"]["follow_days"], _told(entry["points"])),
        sources,
    )


def _told(entry: Entry) -> Told:
    return Told(entry["cite"], entry["confidence"], entry["note"])


def _restoration(entry: Entry | None) -> Restoration | None:
    if entry is None:
        return None
    grounds = tuple(Cause(one["id"], one["label"]) for one in entry["grounds"])
    return Restoration(entry["within_months"], grounds, _told(entry))


def _automatic(entry: Entry | None) -> AutomaticRule | None:
    if entry is None:
        return None
    dwellings = tuple(entry["dwellings"])
    return AutomaticRule(entry["first_days"], entry["last_days"], dwellings, _told(entry))


def _early(entry: Entry | None) -> EarlyRule | None:
    if entry is None:
        return None
    first, last = (_month_day(entry[key]) for key in ("season_from", "season_until"))
    return EarlyRule(first, last, entry["opens_days"], _told(entry))


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])
