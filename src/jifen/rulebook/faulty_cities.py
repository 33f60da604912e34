"""Cities from outside the package are read whole before a site offers them: one that cannot be read
is told with its faults and left out, and the others are there."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from jifen import cities
from jifen.cities.worked_cases import find_cases_of_policy
from jifen.entitlements import load_entitlements
from jifen.lists import load_list_rules
from jifen.permits import load_permit_rules
from jifen.planning.moves_file import has_moves, moves_for_city
from jifen.policy.fault import DocumentError, Fault, Place
from jifen.policy.policy import Policy
from jifen.process import load_processes

_FILES: dict[str, Callable[[cities.City], object]] = {
    "process.yaml": load_processes,
    "permit.yaml": load_permit_rules,
    "lists.yaml": load_list_rules,
    "moves.yaml": lambda city: moves_for_city(city) if has_moves(city) else None,
    "entitlements.yaml": load_entitlements,
}
"""The files of a city that pages read, beside its facts and measures."""


def leave_out_broken() -> None:
    """Take cities with faults out of the index of this process; each is told on stderr."""
    for city in list(cities.index().values()):
        if city.folder.parent != cities.ROOT and (faults := find_reading_faults(city)):
            cities.exclude_city(city.folder, faults)


def find_reading_faults(city: cities.City) -> list[Fault]:
    """The faults with which the files of a city cannot be read, each with its whole path. The
    checks of `jifen policy check` are not made here."""
    readers: list[tuple[str, Callable[[], object]]] = [
        (version.path.name, lambda path=version.path: _read_whole(path))  # type: ignore[misc]
        for version in city.versions
    ]
    readers += [(name, lambda read=read: read(city)) for name, read in _FILES.items()]  # type: ignore[misc]
    faults = [fault for name, read in readers for fault in _collect_faults(city.folder, name, read)]
    return list(dict.fromkeys(faults))


def _collect_faults(folder: Path, name: str, read: Callable[[], object]) -> Iterator[Fault]:
    try:
        read()
    except DocumentError as error:
        for fault in error.faults:
            yield cities.place_fault_in_folder(fault, folder)
    except OSError as error:
        why = error.strerror or str(error)
        path = Path(error.filename or folder / name)
        words = cities.CITIES.fault_words("JF-X001", "unreadable", place=path, why=why)
        yield Fault.from_words("JF-X001", Place(str(path), 0), words)


def _read_whole(path: Path) -> None:
    """A measure on every day on which its rules change, under every reading, and its cases."""
    policy = cities.load_policy_file(path)
    for day in _list_change_days(policy):
        policy.rules_on(day)
        for ident, options in policy.choices.items():
            for option in options:
                policy.rules_on(day, {ident: option})
    find_cases_of_policy(policy)


def _list_change_days(policy: Policy) -> set[date]:
    since = [policy.since, *(overlay.since for overlay in policy.overlays)]
    return {max(day, policy.since) for day in since}
