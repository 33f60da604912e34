"""What only several files together show: a file of another city, an index that says other than the
measures that it names, a file of no known kind."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jifen.cities import City, read_city
from jifen.policy.fault import DocumentError, Fault, Place, one_of
from jifen.policy.policy import Policy
from jifen.policy.source import Node
from jifen.rulebook.kinds import KINDS, Kind

_OTHER_CITY, _INDEX, _UNKNOWN = "JF-S002", "JF-S003", "JF-S004"


def unknown_kind(node: Node) -> Fault:
    """The warning of a file whose kind cannot be told."""
    keys = one_of(node.mapping) if isinstance(node.value, dict) else "no keys"
    return Fault(
        _UNKNOWN,
        node.place,
        f"a file of no known kind, with {keys}",
        f"one of: {', '.join(kind.id for kind in KINDS)}",
        "nothing in it was checked: correct its keys, or keep it outside the city's folder",
        severity="warning",
    )


def of_another_city(node: Node, city: str, kind: Kind) -> Iterator[Fault]:
    """The fault of a file that names another city than the folder's city.yaml."""
    named = node.mapping.get("city") if isinstance(node.value, dict) else None
    if city and named is not None and kind.id != "city" and str(named.value) != city:
        yield Fault(
            _OTHER_CITY,
            named.place,
            f"'{named.value}' as the city of {kind.label.en}",
            f"'{city}', as city.yaml beside it says",
            "correct the city, or move the file to the folder of its city",
        )


def no_facts() -> Fault:
    """The fault of a city without facts."""
    return _fault("no facts.yaml", "the facts of the city beside city.yaml")


def disagree(folder: Path, policies: Mapping[Path, Policy]) -> list[Fault]:
    """Where city.yaml says other than the measures: files that are not there, versions, days."""
    try:
        city = read_city(folder)
    except DocumentError:
        return []  # its own faults are told already
    return [*_versions(city, policies), *_unlisted(city, policies)]


def _versions(city: City, policies: Mapping[Path, Policy]) -> Iterator[Fault]:
    for version in city.versions:
        file = version.path.name
        if not version.path.is_file():
            yield _fault(f"the file {file} of version '{version.version}'", "a file in this folder")
            continue
        policy = policies.get(version.path)
        if policy is None:
            continue  # faulty itself
        pairs: list[tuple[str, Any, Any]] = [
            ("policy", city.policy, policy.id),
            ("version", version.version, policy.version),
            ("from", version.since, policy.since),
            ("until", version.until, policy.until),
        ]
        for what, said, found in pairs:
            if said != found:
                yield _fault(
                    f"{what}: {_said(said)} for {file}", f"{_said(found)}, as {file} says itself"
                )


def _unlisted(city: City, policies: Mapping[Path, Policy]) -> Iterator[Fault]:
    listed = {version.path for version in city.versions}
    for path in policies:
        if path not in listed:
            yield _fault(f"no version for {path.name}", "every measure of the folder", "warning")


def _said(value: Any) -> str:
    return "null" if value is None else f"{value}"


def _fault(found: str, expected: str, severity: str = "error") -> Fault:
    remedy = "correct city.yaml, or the file"
    return Fault(_INDEX, Place("city.yaml"), found, expected, remedy, severity=severity)
