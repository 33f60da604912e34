"""A city's folder, or one of its files → what kind each file is and all its faults, in one run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from jifen.cities import index, load_policy_file, read_city
from jifen.cities.worked_cases import read_cases
from jifen.entitlements.entitlements_file import NATIONAL, join_entitlements, read_entitlements
from jifen.entitlements.worked_cases import read_cases as read_entitlement_cases
from jifen.lists import read_list_rules
from jifen.permits import read_permit_rules
from jifen.planning.moves_file import read_moves
from jifen.policy.book.contents import latest_day
from jifen.policy.catalogue import POLICY
from jifen.policy.checks import find_case_faults, find_unused_facts
from jifen.policy.checks.policy_file import check_file
from jifen.policy.checks.proposals import find_proposal_faults
from jifen.policy.defaults import read_sources
from jifen.policy.fault import DocumentError, Fault, Place, PolicyError
from jifen.policy.model import Series
from jifen.policy.policy import Policy
from jifen.policy.reform import read_reform
from jifen.policy.series_file import read_series
from jifen.policy.series_tables import fill_series_tables
from jifen.policy.shapes import Sink
from jifen.policy.source import MAX_BYTES, Node, decode_bytes, parse_yaml, too_large_error
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.process import read_process
from jifen.rulebook.agreement import (
    find_index_faults,
    list_other_city_faults,
    missing_facts_fault,
    unknown_kind_fault,
)
from jifen.rulebook.file_kinds import BY_ID, KINDS, FileKind, find_kind
from jifen.rulebook.missing_path import PathNotFound
from jifen.rulebook.worked_cases import find_disagreements, find_entitlement_disagreements

_UNKNOWN_FACT = frozenset({"JF-P019", "JF-R002", "JF-H001", "JF-L003", "JF-C115"})
"""Faults that follow from a facts file which is faulty itself."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file: its kind (None: it could not be told), its faults, and how many worked cases of it
    were run."""

    path: Path
    kind: FileKind | None
    faults: tuple[Fault, ...]
    cases_run: int = 0


def check_path(path: Path) -> list[CheckedFile]:
    """Check a city's folder, or one file in it (of a measure also its worked cases). Raises
    NotThere, OSError."""
    if path.is_dir():
        return check_city(path)
    checker = _CityChecker(path.parent)
    files = [checker.check_file(path)]
    cases = path.with_name(path.stem + ".cases.yaml")
    if files[0].kind is BY_ID["points"] and cases.is_file():
        files.append(checker.check_file(cases))
    return files


def check_city(folder: Path, beside: Iterable[Path] = ()) -> list[CheckedFile]:
    """Check every file of a city; `beside`: files of it that stand elsewhere. Raises NotThere
    where there is no city.yaml, OSError."""
    if not (folder / "city.yaml").is_file():
        raise PathNotFound(
            f"{folder}: no city.yaml in this folder; name the folder of a city, or one of its files"
        )
    checker = _CityChecker(folder, whole=True)
    files = [checker.check_file(path) for path in _order_files(folder)]
    files += [checker.check_file(path) for path in beside]
    return [*_add_city_faults(checker, files)]


def _order_files(folder: Path) -> list[Path]:
    """The city, its facts and figures, then its measures, then the rest by name."""
    first = [kind.name for kind in KINDS[:4]]
    paths = [*folder.glob("*.yaml"), *folder.glob("*.yml")]
    return sorted(
        paths,
        key=lambda path: (
            first.index(path.name) if path.name in first else len(first),
            not path.name.startswith("points"),
            path.stem,
        ),
    )


def _add_city_faults(checker: "_CityChecker", files: list[CheckedFile]) -> Iterable[CheckedFile]:
    """The files with what only the whole folder shows: facts that no version uses, and where
    city.yaml and the measures say different things."""
    more = {
        "facts.yaml": list(find_unused_facts(checker.policies)) if checker.policies else [],
        "city.yaml": [
            *checker.missing_facts,
            *find_index_faults(checker.folder, checker.policies_by_path),
        ],
    }
    for file in files:
        extra = more.get(file.path.name, [])
        faults = [_add_folder(fault, file.path) for fault in (*file.faults, *extra)]
        yield replace(file, faults=tuple(faults))


def _add_folder(fault: Fault, path: Path) -> Fault:
    """The fault with its folder: many cities have a file of one name."""
    place = replace(fault.place, file=f"{path.parent.name}/{Path(fault.place.file).name}")
    return replace(fault, place=place)


@dataclass(frozen=True, slots=True)
class _FileText:
    """A file as text and, where it is sound YAML, as a tree."""

    path: Path
    raw: bytes
    lines: tuple[str, ...]
    node: Node | None
    faults: tuple[Fault, ...]


def _read_file(path: Path) -> _FileText:
    size = path.stat().st_size
    if size > MAX_BYTES:
        return _FileText(path, b"", (), None, too_large_error(path.name, size).faults)
    raw = path.read_bytes()
    try:
        text = decode_bytes(raw, path.name)
        return _FileText(path, raw, tuple(text.splitlines()), parse_yaml(text, path.name), ())
    except DocumentError as error:
        lines = raw.decode("utf-8", "replace").splitlines()
        shown = [replace(f, line_text=_find_line(lines, f.place)) for f in error.faults]
        return _FileText(path, raw, (), None, tuple(shown))


def _find_line(lines: list[str], place: Place) -> str:
    return lines[place.line - 1][:200] if 0 < place.line <= len(lines) else ""


class _CityChecker:
    """Checks files against the facts and figures of the folder in which they stand."""

    def __init__(self, folder: Path, *, whole: bool = False) -> None:
        self.folder, self.whole = folder, whole
        self.policies_by_path: dict[Path, Policy] = {}

    @property
    def policies(self) -> list[Policy]:
        """The measures that were read."""
        return list(self.policies_by_path.values())

    @property
    def missing_facts(self) -> list[Fault]:
        """The fault of a city without facts."""
        return [] if (self.folder / "facts.yaml").is_file() else list(self._facts[1])

    def check_file(self, path: Path) -> CheckedFile:
        """One file. Raises NotThere where the facts that it needs are not beside it."""
        document = _read_file(path)
        kind = find_kind(path.name, document.node)
        if document.node is None:
            return CheckedFile(path, kind, document.faults)
        if kind is None:
            return CheckedFile(path, None, (unknown_kind_fault(document.node),))
        ways: dict[str, Callable[[_FileText], tuple[list[Fault], int]]] = {
            "facts": lambda _: (self._facts[1], 0),
            "series": lambda _: (self._series[1], 0),
            "sources": lambda _: (self._sources[1], 0),
            "points": self._check_measure,
            "cases": self._check_cases,
            "entitlement_cases": self._check_entitlement_cases,
            "reform": _check_reform,
        }
        faults, run = ways.get(kind.id, self._check_other)(document)
        faults = [*faults, *list_other_city_faults(document.node, self._city, kind)]
        if self._facts_are_faulty and kind.id != "facts":
            faults = [fault for fault in faults if fault.code not in _UNKNOWN_FACT]
        return CheckedFile(path, kind, tuple(faults), run)

    @cached_property
    def _city(self) -> str:
        """The id of the city; empty where city.yaml is missing or broken."""
        path = self.folder / "city.yaml"
        node = _read_file(path).node if path.is_file() else None
        ident = node.mapping.get("id") if node and isinstance(node.value, dict) else None
        return str(ident.value) if ident else ""

    @cached_property
    def _facts(self) -> tuple[Vocabulary, list[Fault]]:
        path = self.folder / "facts.yaml"
        if not path.is_file():
            if self.whole:
                return Vocabulary("", (), ()), [missing_facts_fault()]
            raise PathNotFound(
                f"{self.folder}: no facts.yaml beside it; a city's files are read with its facts"
            )
        document = _read_file(path)
        if document.node is None:
            return Vocabulary("", (), ()), list(document.faults)
        sink = Sink(document.lines)
        return read_vocabulary(document.node, sink), sink.faults

    @property
    def _facts_are_faulty(self) -> bool:
        has_facts = (self.folder / "facts.yaml").is_file()
        return (has_facts or self.whole) and bool(self._facts[1])

    @cached_property
    def _series(self) -> tuple[tuple[Series, ...], list[Fault]]:
        path = self.folder / "series.yaml"
        if not path.is_file():
            return (), []
        document = _read_file(path)
        if document.node is None:
            return (), list(document.faults)
        sink = Sink(document.lines)
        return read_series(fill_series_tables(document.node, self.folder, sink), sink), sink.faults

    @cached_property
    def _sources(self) -> tuple[Mapping[str, Node], list[Fault]]:
        path = self.folder / "sources.yaml"
        if not path.is_file():
            return {}, []
        document = _read_file(path)
        if document.node is None:
            return {}, list(document.faults)
        sink = Sink(document.lines)
        return read_sources(document.node, sink), sink.faults

    def _check_measure(self, document: _FileText) -> tuple[list[Fault], int]:
        path = document.path
        policy, faults = check_file(
            document.raw, path.name, self._facts[0], self._series[0], self._sources[0]
        )
        if policy and not any(fault.severity == "error" for fault in faults):
            self.policies_by_path[path] = policy
        return faults, 0

    def _check_cases(self, document: _FileText) -> tuple[list[Fault], int]:
        path, node = document.path, document.node
        measure = path.with_name(path.name.replace(".cases.yaml", ".yaml"))
        if measure not in self.policies_by_path and measure.is_file() and measure != path:
            self.check_file(measure)
        cases, faults = _collect_faults(lambda: read_cases(path), document)
        policy = self.policies_by_path.get(measure)
        if not cases or policy is None or node is None:
            return faults, 0  # a measure that is faulty itself says so
        faults += find_case_faults(policy, cases, node)
        if faults or self._facts_are_faulty:
            return faults, 0
        return [*find_disagreements(policy, cases, node, document.lines)], len(cases)

    def _check_entitlement_cases(self, document: _FileText) -> tuple[list[Fault], int]:
        cases, faults = _collect_faults(lambda: read_entitlement_cases(document.path), document)
        own = document.path.with_name("entitlements.yaml")
        if not cases or document.node is None:
            return faults, 0
        city, unsound = _collect_faults(
            lambda: join_entitlements(self._city, NATIONAL, own), document
        )
        if unsound or city is None:
            return faults, 0
        faults += find_entitlement_disagreements(city, cases, document.node, document.lines)
        return faults, len(cases)

    def _check_other(self, document: _FileText) -> tuple[list[Fault], int]:
        path = document.path
        kind = find_kind(path.name, document.node)
        ways: dict[str, Callable[[], object]] = {
            "city": lambda: read_city(path.parent),
            "process": lambda: read_process(path, self._facts[0]),
            "permit": lambda: read_permit_rules(path),
            "lists": lambda: read_list_rules(path),
            "moves": lambda: read_moves(path, self._facts[0]),
            "entitlements": lambda: read_entitlements(path),
            "margins": lambda: _read_margins(path, self._facts[0]),
            "assumptions": lambda: _read_assumptions(path, self._facts[0]),
        }
        return _collect_faults(ways[kind.id], document)[1] if kind else [], 0


def _check_reform(document: _FileText) -> tuple[list[Fault], int]:
    """A reform is held to the checks of the newest version of the measure that it changes, on its
    first and its latest day (`jifen lab reform` checks the day that is simulated)."""
    node = document.node
    if node is None:
        return list(document.faults), 0
    try:
        reform, measure = read_reform(node, document.lines)
    except PolicyError as error:
        return list(error.faults), 0
    cities = {city.policy: city for city in index().values()}
    if measure not in cities:
        known = ", ".join(cities)
        words = POLICY.fault_words("JF-P034", "other_measure", other=measure, policy=known)
        return [Fault.from_words("JF-P034", node.mapping["policy"].place, words)], 0
    policy = load_policy_file(cities[measure].versions[-1].path)
    return find_proposal_faults(policy.apply_reform(reform), {policy.since, latest_day(policy)}), 0


def _read_margins(path: Path, vocabulary: Vocabulary) -> object:
    from jifen.lab.people.margins_file import read_margins  # noqa: PLC0415 - needs jifen[lab]

    return read_margins(path, vocabulary)


def _read_assumptions(path: Path, vocabulary: Vocabulary) -> object:
    from jifen.lab.years.assumptions_file import load_assumptions  # noqa: PLC0415 - needs jifen[lab]

    return load_assumptions(path, vocabulary)


def _collect_faults(read: Callable[[], T], document: _FileText) -> tuple[T | None, list[Fault]]:
    """What a reader gives, or its faults with the lines that they are about."""
    try:
        return read(), []
    except DocumentError as error:
        lines = list(document.lines)
        return None, [
            fault if fault.line_text else replace(fault, line_text=_find_line(lines, fault.place))
            for fault in error.faults
        ]
