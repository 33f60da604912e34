"""A revision as a measure: the version that it starts from, the rules that it makes, its faults at
their paths, and the worked cases that it changes. Without a database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from jifen import cities
from jifen.cities.city_files import load_series, load_shared_sources, load_vocabulary
from jifen.office.workshop.faults import StudioFault, no_version
from jifen.office.workshop.words import say
from jifen.policy.checks.context import patch_document
from jifen.policy.checks.proposals import find_proposal_faults
from jifen.policy.editing import (
    Change,
    change_nodes,
    load_change,
    path_of,
    paths_by_place,
)
from jifen.policy.fault import DocumentError, Fault, Place, PolicyError
from jifen.policy.policy import Policy, Reform
from jifen.policy.policy_reader import read_policy
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text

if TYPE_CHECKING:
    from jifen.lab.reforms.cases import CaseChange

TEXT_FILE = "measure.yaml"
"""The name of a whole document in the places of its faults."""


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault and the path of what it is about (empty: the whole document)."""

    path: str
    fault: Fault


@dataclass(frozen=True)
class Measure:
    """A revision. `start` is the version, or the whole document that stands instead of it (None
    where that cannot be read); `policy` is the start with the change on top."""

    base: Policy
    start: Policy | None
    policy: Policy | None
    change: Change
    on: date
    text_faults: tuple[Fault, ...]
    paths: dict[Place, str]

    @cached_property
    def faults(self) -> tuple[PlacedFault, ...]:
        """Every error, and the warnings that the draft brings."""
        if self.start is None or self.policy is None:
            return tuple(PlacedFault("", fault) for fault in self.text_faults)
        found = find_proposal_faults(self.policy, [self.on])
        if not any(fault.severity == "error" for fault in found):
            found += self._too_wide()
        known = paths_by_place(self.start.document)
        return tuple(PlacedFault(path_of(f.place, self.paths, known), f) for f in found)

    def _too_wide(self) -> list[Fault]:
        from jifen.lab.proposals import check_proposals  # noqa: PLC0415 - slow, and only needed here

        try:
            check_proposals([self.policy] if self.policy else [], [self.on])
        except PolicyError as error:
            return list(error.faults)
        return []

    @property
    def can_be_scored(self) -> bool:
        """Whether its rules give points on the day: nothing is wrong with them but warnings."""
        return self.policy is not None and not any(
            placed.fault.severity == "error" for placed in self.faults
        )

    @cached_property
    def start_document(self) -> Any:
        """The start as it counts on the day, as a plain document; None where it cannot be read."""
        return patch_document(self.start, self.on, {}).to_plain() if self.start else None

    @cached_property
    def base_document(self) -> Any:
        """The version as it counts on the day."""
        return patch_document(self.base, self.on, {}).to_plain()

    @cached_property
    def document(self) -> Any:
        """The draft as it counts on the day."""
        return patch_document(self.policy, self.on, {}).to_plain() if self.policy else None

    @cached_property
    def changed_cases(self) -> "tuple[CaseChange, ...]":
        """The worked cases of the version whose outcome is another under the draft."""
        from jifen.lab.reforms.cases import find_changed_cases  # noqa: PLC0415 - as above

        if self.policy is None or not self.can_be_scored:
            return ()
        return tuple(find_changed_cases(self.base, self.policy))


def base_of(city: str, version: str) -> Policy:
    """A version of a city's measure. Raises StudioFault where there is none that can be read."""
    try:
        return cities.load_policy_file(cities.find_city(city).find_version(version).path)
    except (PolicyError, OSError) as error:
        raise no_version(city, version) from error


@lru_cache(maxsize=256)
def measure_of(
    city: str, version: str, text: str, change: str, on: date, name: tuple[str, str, str]
) -> Measure:
    """The measure of a revision. `text`: the whole document, empty where the version stands;
    `change`: as it is stored; `name`: id and label of the reform in Chinese and English. Raises
    StudioFault where the version is gone."""
    base = base_of(city, version)
    start, faults = (base, ()) if not text else read_whole(base, text)
    loaded = load_change(change)
    nodes, paths = change_nodes(loaded)
    policy = None
    if start is not None:
        ident, zh, en = name
        reform = Reform(ident, Text(zh, en), nodes)
        policy = start.apply_reform(reform)
    return Measure(base, start, policy, loaded, on, faults, paths)


def read_whole(base: Policy, text: str) -> tuple[Policy | None, tuple[Fault, ...]]:
    """A whole document, read with the facts, figures and sources of the version's city."""
    if base.path is None:
        raise StudioFault("JF-I003", say("measure.the_version_has_no_file"))
    folder, lines = base.path.parent, tuple(text.splitlines())
    try:
        node = parse_yaml(text, TEXT_FILE)
        read = read_policy(
            node, load_vocabulary(folder), load_series(folder), lines, load_shared_sources(folder)
        )
    except DocumentError as error:
        return None, tuple(_with_lines(error.faults, lines))
    return replace(read, path=base.path), ()


def _with_lines(faults: Iterable[Fault], lines: tuple[str, ...]) -> Iterable[Fault]:
    for fault in faults:
        number = fault.place.line
        known = fault.line_text or not 0 < number <= len(lines)
        yield fault if known else replace(fault, line_text=lines[number - 1][:200])
