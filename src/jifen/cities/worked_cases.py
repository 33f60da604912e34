"""Worked cases beside a policy: data that runs as tests and is shown on the policy page."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jifen.cities import CityOrId, find_city, read_yaml_file
from jifen.policy.document import CASES
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.shapes import Entry, Sink
from jifen.policy.text import Text

_ABSENT = "absent"
_PLAIN = {"true": True, "false": False, None: None}


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A person (or, for a ranking, several) and what the rule gives."""

    id: str
    label: Text
    on: date
    readings: dict[str, str]
    """Readings of switches, and under `purpose` the purpose where the case names one."""
    facts: dict[str, Any]
    own_facts: dict[str, Any]
    """What this case says beyond what every case of the file has."""
    expect: dict[str, Any]
    source: Text
    people: dict[str, dict[str, Any]]
    filings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of a selection: where and when somebody filed (`place`, `filed`, `reached`), as written."""
    quota: int | None = None
    place_quotas: dict[str, int] = field(default_factory=dict)
    draws: tuple[tuple[int, str], ...] = ()
    """Repeated draws: how many are taken, and the time as written."""


def load_cases(city: CityOrId, version: str) -> tuple[WorkedCase, ...]:
    """The worked cases of a version; none where it has no file of them. Raises PolicyError."""
    return _read_cases_beside(find_city(city).find_version(version).path)


def find_cases_of_policy(policy: Policy) -> tuple[WorkedCase, ...]:
    """The worked cases of a policy: those beside its file. Raises PolicyError."""
    return (
        _read_cases_beside(policy.path) if policy.path else load_cases(policy.city, policy.version)
    )


@cache
def _read_cases_beside(path: Path) -> tuple[WorkedCase, ...]:
    return read_cases(path.with_name(path.stem + ".cases.yaml"))


def read_cases(path: Path) -> tuple[WorkedCase, ...]:
    """Read a file of worked cases."""
    if not path.exists():
        return ()
    sink = Sink()
    entry = CASES.read(read_yaml_file(path), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    given = {fact_id: node.to_plain() for fact_id, node in entry["given"].items()}
    return tuple(_build_case(case, entry["on"], given) for case in entry["cases"])


def _build_case(entry: Entry, on: date, given: dict[str, Any]) -> WorkedCase:
    own_facts = {fact_id: node.to_plain() for fact_id, node in (entry["facts"] or {}).items()}
    people = {
        name: _merge_facts(
            given, {fact_id: value.to_plain() for fact_id, value in node.mapping.items()}
        )
        for name, node in (entry["people"] or {}).items()
    }
    expect = {key: _convert_expected(node.to_plain()) for key, node in entry["expect"].items()}
    return WorkedCase(
        entry["id"],
        entry["label"],
        entry["on"] or on,
        ({CHOICE: entry["purpose"]} if entry["purpose"] else {}) | dict(entry["readings"] or {}),
        _merge_facts(given, own_facts),
        own_facts,
        expect,
        entry["source"],
        people,
        {
            name: {key: filing[key] for key in ("place", "filed", "reached") if filing[key]}
            for name, filing in (entry["filings"] or {}).items()
        },
        entry["quota"],
        dict(entry["place_quotas"] or {}),
        tuple((draw["people"], draw["at"]) for draw in entry["draws"]),
    )


def _merge_facts(given: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    return {fact_id: value for fact_id, value in {**given, **own}.items() if value != _ABSENT}


def _convert_expected(value: Any) -> Any:
    """Expected values: true, false, null, numbers as written; lists and mappings of them."""
    if isinstance(value, list):
        return [_convert_expected(item) for item in value]
    if isinstance(value, dict):
        return {key: _convert_expected(item) for key, item in value.items()}
    return _PLAIN.get(value, value)
