"""Reads the permit file of a city (`permit.yaml`) and reports every fault of it in one run."""

import re
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from jifen import cities
from jifen.permits.model import (
    AutomaticRule,
    EarlyRule,
    EndorsementRule,
    IssueRule,
    LateCause,
    LateRule,
    PermitProvenance,
    PermitRules,
    PointsRule,
    RestorationRule,
)
from jifen.permits.permit_schema import PERMIT_SCHEMA
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml

_DAY = re.compile(r"(0[1-9]|1[0-2])-([0-2][0-9]|3[01])\Z")


class NoPermitRules(LookupError):
    """No permit rules of the city are known on that day."""


def permit_rules_on(city: cities.CityOrId, on: date) -> PermitRules:
    """Return the rules in force on a day. Raises NoPermitRules, UnknownCity."""
    matching_rules = next(
        (rules for rules in load_permit_rules(city) if rules.in_force_on(on)), None
    )
    if matching_rules is None:
        raise NoPermitRules(
            f"no rules of the residence permit of {cities.find_city(city).id} are known on {on}"
        )
    return matching_rules


def load_permit_rules(city: cities.CityOrId) -> tuple[PermitRules, ...]:
    """Return every edition of a city's rules; none where it has no permit file."""
    return _load_permit_rules(cities.find_city(city).folder)


@cache
def _load_permit_rules(folder: Path) -> tuple[PermitRules, ...]:
    path = folder / "permit.yaml"
    return read_permit_rules(path) if path.is_file() else ()


def read_permit_rules(path: Path) -> tuple[PermitRules, ...]:
    """Read a permit file. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = PERMIT_SCHEMA.read(parse_yaml(text, path.name), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    report_repeated_ids(entry["rules"], sink, "rules")
    for rule_entry in entry["rules"]:
        _check_edition(rule_entry, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    sources = tuple(
        Source(source["id"], source["where"], source["what"]) for source in entry["sources"] or ()
    )
    editions = tuple(
        _build_rules(entry["city"], rule_entry, sources) for rule_entry in entry["rules"]
    )
    _check_succession(editions, entry, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return editions


def _check_edition(entry: Entry, sink: Sink) -> None:
    endorsement, later, early, automatic = (
        entry[key] for key in ("endorsement", "later", "early", "automatic")
    )
    if (endorsement["opens_days"] is None) == (endorsement["opens_months"] is None):
        _add_fault(
            sink,
            "JF-E001",
            endorsement,
            "a window without one length",
            "opens_days or opens_months",
        )
    if later["reading"] not in later["readings"]:
        _add_fault(sink, "JF-E002", later, f"'{later['reading']}'", "one of its readings")
    if "register_again" in later["readings"] and later["register_again_after_days"] is None:
        _add_fault(sink, "JF-E003", later, "no days", "register_again_after_days")
    if early:
        for key in ("season_from", "season_until"):
            if not _is_month_day(early[key]):
                _add_fault(
                    sink, "JF-E004", early, f"'{early[key]}'", "a month and day such as 04-01"
                )
    if automatic and not 0 < automatic["last_days"] <= automatic["first_days"]:
        _add_fault(
            sink, "JF-E005", automatic, "an end before its beginning", "last_days ≤ first_days"
        )


def _is_month_day(text: str) -> bool:
    """A month and day of every year: 29 February is none."""
    try:
        return bool(_DAY.match(text)) and bool(date(2001, int(text[:2]), int(text[3:])))
    except ValueError:
        return False


def _check_succession(rules: tuple[PermitRules, ...], entry: Entry, sink: Sink) -> None:
    for place, (earlier, following) in zip(entry["rules"][1:], pairwise(rules), strict=True):
        if earlier.until is None or earlier.until >= following.since:
            actual = f"'{earlier.id}' and '{following.id}' in force on the same day"
            _add_fault(sink, "JF-E006", place, actual, "one edition on each day, in order")
        elif earlier.until + timedelta(days=1) < following.since:
            actual = f"no rules between '{earlier.id}' and '{following.id}'"
            _add_fault(sink, "JF-E007", place, actual, "an edition that begins on the day after")


def _add_fault(sink: Sink, code: str, entry: Entry, actual: str, expected: str) -> None:
    sink.add_fault(code, entry.place_of(), actual, expected, "correct it")


def _build_rules(city: str, entry: Entry, sources: tuple[Source, ...]) -> PermitRules:
    issue, endorsement, later = entry["issue"], entry["endorsement"], entry["later"]
    return PermitRules(
        city,
        entry["id"],
        entry["from"],
        entry["until"],
        entry["label"],
        IssueRule(
            issue["registered_months"],
            tuple(issue["grounds"]),
            issue["days"],
            _read_provenance(issue),
        ),
        EndorsementRule(
            endorsement["opens_days"], endorsement["opens_months"], _read_provenance(endorsement)
        ),
        entry["made_up"]["within_days"],
        _read_provenance(entry["made_up"]),
        LateRule(
            later["reading"],
            tuple(later["readings"]),
            later["register_again_after_days"],
            _read_provenance(later),
        ),
        _read_restoration(entry["restoration"]),
        _read_automatic(entry["automatic"]),
        _read_early(entry["early"]),
        PointsRule(entry["points"]["follow_days"], _read_provenance(entry["points"])),
        sources,
    )


def _read_provenance(entry: Entry) -> PermitProvenance:
    return PermitProvenance(entry["cite"], entry["confidence"], entry["note"])


def _read_restoration(entry: Entry | None) -> RestorationRule | None:
    if entry is None:
        return None
    grounds = tuple(LateCause(cause["id"], cause["label"]) for cause in entry["grounds"])
    return RestorationRule(entry["within_months"], grounds, _read_provenance(entry))


def _read_automatic(entry: Entry | None) -> AutomaticRule | None:
    if entry is None:
        return None
    dwellings = tuple(entry["dwellings"])
    return AutomaticRule(
        entry["first_days"], entry["last_days"], dwellings, _read_provenance(entry)
    )


def _read_early(entry: Entry | None) -> EarlyRule | None:
    if entry is None:
        return None
    first, last = (_read_month_day(entry[key]) for key in ("season_from", "season_until"))
    return EarlyRule(first, last, entry["opens_days"], _read_provenance(entry))


def _read_month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])
