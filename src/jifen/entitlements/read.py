"""Reading what is opened in a city: the national file, then its own; every fault in one run."""

from functools import cache
from pathlib import Path

from jifen import cities
from jifen.entitlements.model import Also, City, Entitlement, Needs, Told
from jifen.entitlements.shape import ENTITLEMENTS
from jifen.policy.fault import PolicyError
from jifen.policy.model import Source
from jifen.policy.shapes import Entry, Sink, report_repeated_ids
from jifen.policy.source import decode_bytes, parse_yaml

NATIONAL = cities.ROOT / "entitlements.yaml"


def entitlements(city: cities.CityOrId) -> City:
    """All that is opened in a city. Raises UnknownCity, PolicyError."""
    there = cities.find_city(city)
    return _entitlements(there.id, there.folder)


@cache
def _entitlements(city: str, folder: Path) -> City:
    return join(city, NATIONAL, folder / "entitlements.yaml")


def join(city: str, everywhere: Path, own: Path) -> City:
    """What is opened in the whole country and, where the file is there, in the city. Raises
    PolicyError."""
    national = read_entitlements(everywhere)
    if not own.is_file():
        return City(city, national.plainly, national.entitlements, national.sources)
    found = read_entitlements(own)
    every = national.entitlements + found.entitlements
    return City(city, found.plainly, every, national.sources + found.sources)


def read_entitlements(path: Path) -> City:
    """Read one file. Raises PolicyError with every fault and its place."""
    text = decode_bytes(path.read_bytes(), path.name)
    sink = Sink(tuple(text.splitlines()))
    entry = ENTITLEMENTS.read(parse_yaml(text, path.name), sink)
    _stop(sink)
    report_repeated_ids(entry["entitlements"], sink, "entitlements")
    for one in entry["entitlements"]:
        _check(one, sink)
    _stop(sink)
    sources = tuple(Source(s["id"], s["where"], s["what"]) for s in entry["sources"] or ())
    found = tuple(map(_entitlement, entry["entitlements"]))
    return City(entry["city"], entry["plainly"], found, sources)


def _stop(sink: Sink) -> None:
    if sink.faults:
        raise PolicyError(sink.faults)


def _check(entry: Entry, sink: Sink) -> None:
    needs, route = entry["needs"], entry["route"]
    some = ("permit", "permit_years", "points", "notice", "also")
    if not any(needs[key] for key in some):
        _tell(sink, "JF-W001", needs, "nothing that is needed", f"at least one of: {some}")
    if entry["until"] and entry["until"] < entry["from"]:
        _tell(sink, "JF-W002", entry, "an end before its beginning", "from ≤ until")
    if route == "permit" and (needs["points"] or needs["notice"]):
        _tell(sink, "JF-W003", needs, "points", "none: what the permit opens needs no points")
    if route == "points" and not needs["points"]:
        _tell(sink, "JF-W003", needs, "no points", "points: true, or another route")
    if needs["cumulative"] and not needs["permit_years"]:
        _tell(sink, "JF-W004", needs, "cumulative without years", "permit_years")
    if needs["measures"] and not needs["points"]:
        _tell(sink, "JF-W006", needs, "measures without points", "points: true")
    if entry["confidence"] == "certain" and not entry["cite"]:
        _tell(sink, "JF-W005", entry, "certain without a source", "cite, or another confidence")


def _tell(sink: Sink, code: str, entry: Entry, found: str, expected: str) -> None:
    sink.add_fault(code, entry.place_of(), found, expected, "correct it")


def _entitlement(entry: Entry) -> Entitlement:
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
        Needs(
            needs["permit"],
            needs["permit_years"],
            needs["cumulative"],
            needs["points"],
            tuple(needs["measures"] or ()),
            needs["notice"],
            tuple(Also(one["id"], one["label"]) for one in needs["also"] or ()),
        ),
        Told(entry["cite"], entry["confidence"], entry["note"]),
    )
