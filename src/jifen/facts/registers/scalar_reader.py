"""The plain path asked about single values and single persons: what it says is what holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.facts.contributions import SCHEMES, STATUSES, Spell, read_spells
from jifen.facts.fault import FactFault
from jifen.facts.situation import examine_facts
from jifen.policy.model import Rules
from jifen.policy.months import format_month

MISSING_BASE = -1
BETWEEN = "\x1f"
"""Stands between the schemes of a list once it is one text."""


def code_month(value: Any) -> int | FactFault:
    """A month as it stands in a register → months since the year 0."""
    spell = _read_spell({"from": value, "to": value})
    return spell if isinstance(spell, FactFault) else spell.since


def code_last_month(on: date, value: Any) -> int | FactFault:
    """A last month, which may be 至今 ("now") → months since the year 0."""
    faults: list[FactFault] = []
    read = read_spells([{"from": "1900-01", "to": value}], faults, on=on)
    return faults[0] if faults else read[0].until


def code_base(value: Any) -> int | FactFault:
    """A contribution base → fen per month; MISSING_BASE where none is given."""
    spell = _read_spell(_SOUND | {"base": value})
    if isinstance(spell, FactFault):
        return spell
    return MISSING_BASE if spell.base is None else int(spell.base * 100)


def code_status(value: Any) -> int | FactFault:
    """A status → its place in STATUSES."""
    spell = _read_spell(_SOUND | {"status": value})
    return spell if isinstance(spell, FactFault) else STATUSES.index(spell.status)


def code_schemes(value: str | None) -> int | FactFault:
    """Schemes as one text → a bit for each of SCHEMES."""
    listed = value if value is None else [s.strip() for s in _split_schemes(value)]
    spell = _read_spell(_SOUND | {"schemes": listed})
    return spell if isinstance(spell, FactFault) else to_bits(spell.schemes)


def _split_schemes(value: str) -> list[str]:
    return value.split(BETWEEN) if BETWEEN in value else value.split(",")


def to_bits(names: tuple[str, ...]) -> int:
    """Schemes as bits."""
    return sum(1 << number for number, name in enumerate(SCHEMES) if name in names)


_SOUND = {"from": "2000-01", "to": "2000-01"}


def _read_spell(item: Mapping[str, Any]) -> Spell | FactFault:
    faults: list[FactFault] = []
    read = read_spells([item], faults)
    return faults[0] if faults else read[0]


def find_reversed_fault(since: int, until: int) -> FactFault:
    """The fault of a spell that ends before it begins."""
    fault = _read_spell({"from": format_month(since), "to": format_month(until)})
    if isinstance(fault, FactFault):
        return fault
    raise LookupError(f"{since} – {until} is no fault")


def find_late_fault(rules: Rules, on: date, until: int) -> FactFault:
    """The fault of a month after the day of assessment."""
    text = format_month(until)
    faults = examine_facts(rules, {"contributions": [{"from": text, "to": text}]}, on)[1]
    return next(fault for fault in faults if fault.code == "JF-F009")
