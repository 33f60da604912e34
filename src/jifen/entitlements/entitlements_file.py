"""Reading what is opened in a city: the national file, then its own; every fault in one run."""

from functools import cache
from pathlib import Path

from jifen import cities
from jifen.entitlements.model import (
    CityEntitlements,
    Entitlement,
    EntitlementNeeds,
    EntitlementProvenance,
    OtherCondition,
)
from jifen.entitlements.schema import ENTITLEMENTS
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml

NATIONAL = cities.ROOT / "entitlements.yaml"


def load_entitlements(city: cities.CityOrId) -> CityEntitlements:
    """All that is opened in a city. Raises UnknownCity, PolicyError."""
    found_city = cities.find_city(city)
    return _load_entitlements(found_city.id, found_city.folder)


@cache
def _load_entitlements(city: str, folder: Path) -> CityEntitlements:
    return join_entitlements(city, NATIONAL, folder / "entitlements.yaml")


def join_entitlements(city: str, everywhere: Path, own: Path) -> CityEntitlements:
    """What is opened in the whole country and, where the file is there, in the city. Raises
    PolicyError."""
    national = read_entitlements(everywhere)
    if not own.is_file():
        return CityEntitlements(city, national.plainly, national.entitlements, national.sources)
    local = read_entitlements(own)
    every = national.entitlements + local.entitlements
    return CityEntitlements(city, local.plainly, every, national.sources + local.sources)


def read_entitlements(path: Path) -> CityEntitlements:
    """Read one file. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = ENTITLEMENTS.read(parse_yaml(text, path.name), sink)
    _raise_faults(sink)
    report_repeated_ids(entry["entitlements"], sink, "entitlements")
    for item in entry["entitlements"]:
        _check_entry(item, sink)
    _raise_faults(sink)
    sources = tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"] or ())
    entitlements = tuple(map(_build_entitlement, entry["entitlements"]))
    return CityEntitlements(entry["city"], entry["plainly"], entitlements, sources)


def _raise_faults(sink: Sink) -> None:
    if sink.faults:
        raise PolicyError(sink.faults)


def _check_entry(entry: Entry, sink: Sink) -> None:
    needs, route = entry["needs"], entry["route"]
    some = ("permit", "permit_years", "points", "notice", "also")
    if not any(needs[key] for key in some):
        _report_fault(sink, "JF-W001", needs, "nothing that is needed", f"at least one of: {some}")
    if entry["until"] and entry["until"] < entry["from"]:
        _report_fault(sink, "JF-W002", entry, "an end before its beginning", "from ≤ until")
    if route == "permit" and (needs["points"] or needs["notice"]):
        _report_fault(
            sink, "JF-W003", needs, "points", "none: what the permit opens needs no points"
        )
    if route == "points" and not needs["points"]:
        _report_fault(sink, "JF-W003", needs, "no points", "points: true, or another route")
    if needs["cumulative"] and not needs["permit_years"]:
        _report_fault(sink, "JF-W004", needs, "cumulative without years", "permit_years")
    if needs["measures"] and not needs["points"]:
        _report_fault(sink, "JF-W006", needs, "measures without points", "points: true")
    if entry["confidence"] == "certain" and not entry["cite"]:
        _report_fault(
            sink, "JF-W005", entry, "certain without a source", "cite, or another confidence"
        )


def _report_fault(sink: Sink, code: str, entry: Entry, found: str, expected: str) -> None:
    sink.add_fault(code, entry.place_of(), found, expected, "correct it")


def _build_entitlement(entry: Entry) -> Entitlement:
    needs = entry["needs"]
    return Entitlement(
        entry["id"],
        entry["route"],
        entry["group"],
        tuple(entry["for"]),
        entry["label"],
        entry["from"],
        entry["from_confidence"],
        entry["until"],
        EntitlementNeeds(
            needs["permit"],
            needs["permit_years"],
            needs["cumulative"],
            needs["points"],
            tuple(needs["measures"] or ()),
            needs["notice"],
            tuple(
                OtherCondition(condition["id"], condition["label"])
                for condition in needs["also"] or ()
            ),
        ),
        EntitlementProvenance(entry["cite"], entry["confidence"], entry["note"]),
    )
