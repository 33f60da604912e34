"""Districts as an office has changed them: added, named anew, closed for new cases.

A closed district keeps its name for the cases that are there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from jifen.policy.text import Text
from jifen.process.model import District, Process


@dataclass(frozen=True, slots=True)
class DistrictChange:
    """How a district of a city is from now on; `is_open`: whether it takes new cases."""

    city: str
    id: str
    label: Text
    is_open: bool


class _DistrictsOfOffice:
    """What the office changed, by city, in the order in which it was decided."""

    changes: tuple[DistrictChange, ...] = ()
    processes: ClassVar[dict[tuple[str, str], Process]] = {}
    """Those that were changed already, by city and id."""


def set_districts_of_office(changes: Iterable[DistrictChange]) -> None:
    """From now on procedures have these districts too, a later change before an earlier one."""
    _DistrictsOfOffice.changes = tuple(changes)
    _DistrictsOfOffice.processes = {}


def apply_changes(process: Process) -> Process:
    """A procedure with the districts as the office has changed them."""
    changes = [change for change in _DistrictsOfOffice.changes if change.city == process.city]
    if not changes:
        return process
    changed_processes, key = _DistrictsOfOffice.processes, (process.city, process.id)
    if key not in changed_processes:
        changed_processes[key] = _apply(process, changes)
    return changed_processes[key]


def _apply(process: Process, changes: Iterable[DistrictChange]) -> Process:
    known = {district.id: (district, True) for district in process.districts}
    for change in changes:
        known[change.id] = (District(change.id, change.label), change.is_open)
    return replace(
        process,
        districts=tuple(district for district, is_open in known.values() if is_open),
        closed_districts=tuple(district for district, is_open in known.values() if not is_open),
    )
