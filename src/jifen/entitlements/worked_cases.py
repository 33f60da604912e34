"""Worked cases beside the data: what is known of somebody on a day, and what is open then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jifen import cities
from jifen.entitlements.answers import KnownStatus
from jifen.policy.fault import PolicyError
from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    FLAG,
    IDENT,
    WHOLE,
    WORD,
    Choice,
    Closed,
    Entry,
    Field,
    ListOf,
    Sink,
    optional,
)
from jifen.policy.text import Text

_ANSWERS = Closed(
    "answers",
    {
        "open": optional(ListOf(IDENT), ()),
        "not_open": optional(ListOf(IDENT), ()),
        "unknown": optional(ListOf(IDENT), ()),
        "done": optional(ListOf(IDENT), ()),
    },
)
_KNOWN = Closed(
    "what is known",
    {
        "permit": optional(FLAG),
        "permit_ended_on": optional(DATE),
        "permit_since": optional(DATE),
        "permit_months": optional(WHOLE),
        "all_months": optional(WHOLE),
        "points": optional(FLAG),
        "points_by": optional(WORD),
        "points_on": optional(DATE),
        "notice": optional(FLAG),
        "notice_until": optional(DATE),
        "settled_on": optional(DATE),
        "met": optional(ListOf(IDENT), ()),
        "not_met": optional(ListOf(IDENT), ()),
    },
)
_CASE = Closed(
    "a worked case",
    {
        "id": Field(WORD),
        "label": Field(BILINGUAL),
        "on": Field(DATE),
        "known": Field(_KNOWN),
        "expect": Field(_ANSWERS),
        "since": optional(DATE, doc="since when the first missing thing is missing"),
        "opens_on": optional(DATE, doc="when the first missing years are full"),
    },
    "id",
)
CASES = Closed(
    "worked cases", {"language": Field(Choice(("1",))), "cases": Field(ListOf(_CASE, 1))}
)


@dataclass(frozen=True)
class EntitlementCase:
    """One worked case. `expect`: entitlement → state."""

    id: str
    label: Text
    on: date
    known: KnownStatus
    expect: Mapping[str, str]
    since: date | None
    opens_on: date | None


def load_cases(city: cities.CityOrId) -> list[EntitlementCase]:
    """The worked cases of a city. Raises PolicyError."""
    return read_cases(cities.find_city(city).folder / "entitlements.cases.yaml")


def read_cases(path: Path) -> list[EntitlementCase]:
    """Read a file of worked cases. Raises PolicyError."""
    sink = Sink()
    entry = CASES.read(cities.read_yaml_file(path), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    return [_build_case(case_entry) for case_entry in entry["cases"]]


def _build_case(entry: Entry) -> EntitlementCase:
    known = entry["known"]
    met = dict.fromkeys(known["met"] or (), True) | dict.fromkeys(known["not_met"] or (), False)
    plain = {k: v for k, v in known.items() if k not in ("met", "not_met") and v is not None}
    expect = {name: state for state, names in entry["expect"].items() for name in names or ()}
    return EntitlementCase(
        entry["id"],
        entry["label"],
        entry["on"],
        KnownStatus(**plain, met=met),
        expect,
        entry["since"],
        entry["opens_on"],
    )
