"""Where cities come from: folders that `--cities` and `JIFEN_CITIES` name, installed packages with
an entry point in the group `jifen.cities`, the package itself, and what was added in this process
(the office: editions put in force)."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jifen.cities.city_files import INDEX
from jifen.cities.model import CITIES
from jifen.policy.fault import Fault, Place, shorten_text
from jifen.policy.text import Lang

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

VARIABLE, SILENT = "JIFEN_CITIES", "JIFEN_CITIES_TOLD"
GROUP = "jifen.cities"
_OF_A_CITY = ("facts.yaml", "points.yaml")

ListFolders = Callable[[], Iterable[Path]]
_added_sources: dict[str, ListFolders] = {}
_edition_sources: list[ListFolders] = []
_reported_texts: set[str] = set()
_report_language: list[Lang] = ["en"]


@dataclass(frozen=True, slots=True)
class CitySource:
    """A place that cities come from: how it is named in messages, the folders of its cities, and
    whether it is the package itself."""

    name: str
    folders: tuple[Path, ...]
    shipped: bool = False


def iter_sources(package: Path) -> Iterator[CitySource]:
    """Every source in its order: of two cities with one id the earlier is taken."""
    for text in named_folders():
        yield CitySource(text, tuple(list_cities_in(Path(text))))
    for point in _list_entry_points():
        yield CitySource(f"{GROUP}: {point.name}", tuple(_list_package_folders(point)))
    shipped = sorted(path.parent for path in package.glob(f"*/{INDEX}"))
    yield CitySource("jifen", tuple(shipped), shipped=True)
    for name, folders in _added_sources.items():
        yield CitySource(name, tuple(folders()))


def named_folders() -> list[str]:
    """The folders that JIFEN_CITIES names, absolute, in its order; empty parts name nothing."""
    parts = os.environ.get(VARIABLE, "").split(os.pathsep)
    return [str(Path(part).absolute()) for part in parts if part.strip()]


def prepend_folders(folders: Iterable[str]) -> None:
    """Folders of `--cities` come before those of JIFEN_CITIES, in this process and in those that it
    starts. Raises ValueError for a name with the sign that separates folders."""
    absolute = [str(Path(folder).absolute()) for folder in folders]
    for folder in absolute:
        if os.pathsep in folder:
            raise ValueError(folder)
    others = [part for part in named_folders() if part not in absolute]
    os.environ[VARIABLE] = os.pathsep.join([*absolute, *others])


def add_source(name: str, folders: ListFolders) -> None:
    """A further source, after all others: `folders` gives city folders whenever the cities are
    listed anew (`jifen.cities.reset_index`)."""
    _added_sources[name] = folders


def add_editions(folders: ListFolders) -> None:
    """Cities with versions that were put in force here (the office): each stands in the place of
    the city of its id, of which it is a later state. `folders` gives their folders whenever the
    cities are listed anew."""
    if folders not in _edition_sources:
        _edition_sources.append(folders)


def list_edition_folders() -> tuple[Path, ...]:
    """The folders of cities with versions that were put in force here."""
    return tuple(folder for folders in _edition_sources for folder in folders())


def list_cities_in(place: Path) -> list[Path]:
    """The city folders of a place: itself, or those that it holds. What cannot be used is told."""
    try:
        if (place / INDEX).is_file():
            return [place]
        below = sorted(path for path in place.iterdir() if _is_folder(path))
    except OSError as error:
        kind = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        report_source_fault("JF-X001", place, kind, place=place, why=error.strerror or str(error))
        return []
    folders = [path for path in below if _is_city(path)]
    if not folders:
        report_source_fault("JF-X001", place, "no_city", place=place)
    return folders


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_city(folder: Path) -> bool:
    """Whether a folder is a city; one that looks like a city and lacks its index is told."""
    try:
        if (folder / INDEX).is_file():
            return True
        if any((folder / name).is_file() for name in _OF_A_CITY) or any(folder.glob("points-*")):
            report_source_fault("JF-X001", folder, "no_index", place=folder)
    except OSError as error:
        report_source_fault(
            "JF-X001", folder, "unreadable", place=folder, why=error.strerror or str(error)
        )
    return False


def _list_entry_points() -> "Iterable[EntryPoint]":
    """The entry points of installed packages. Their files are looked through first: what reads them
    takes longer to load than one person takes to score, and nearly nobody has any."""
    if not any(_declares_entry_point(place) for place in sys.path):
        return ()
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow

    return entry_points(group=GROUP)


def _declares_entry_point(place: str) -> bool:
    try:
        files = [path for kind in ("dist", "egg") for path in
                 Path(place).glob(f"*.{kind}-info/entry_points.txt")]  # fmt: skip
        return any(GROUP.encode() in path.read_bytes() for path in files)
    except OSError:
        return True  # whoever knows better is asked


def _list_package_folders(point: "EntryPoint") -> list[Path]:
    """The folders of an installed package: its own, or the path that its attribute holds."""
    from importlib.util import find_spec  # noqa: PLC0415 - slow

    try:
        if point.attr:
            return list_cities_in(Path(os.fspath(point.load())))
        spec = find_spec(point.module)
    except Exception as error:  # noqa: BLE001 - code of strangers: whatever it raises, it is told
        report_source_fault(
            "JF-X001",
            Place(GROUP, 0),
            "entry_point",
            name=point.name,
            why=shorten_text(repr(error), 120),
        )
        return []
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        report_source_fault(
            "JF-X001", Place(GROUP, 0), "entry_point", name=point.name, why=point.value
        )
    return [folder for place in places for folder in list_cities_in(Path(place))]


def report_source_fault(code: str, place: Path | Place, kind: str, /, **values: object) -> None:
    """Say on stderr, once, what is wrong with a source; nothing stops because of it."""
    at = place if isinstance(place, Place) else Place(str(place), 0)
    words = CITIES.fault_words(code, kind, **values)
    report_faults([Fault.from_words(code, at, words, severity="warning")])


def set_report_language(lang: Lang) -> None:
    """The language in which sources tell what is wrong; English where nobody says it."""
    _report_language[:] = [lang]


def report_faults(faults: Iterable[Fault]) -> None:
    """Say faults on stderr, each once in a process and in those that it starts."""
    for fault in faults:
        text = str(fault.in_language(_report_language[-1]))
        if text in _reported_texts:
            continue
        _reported_texts.add(text)
        if not os.environ.get(SILENT):
            print(text, file=sys.stderr)


def place_fault_in_folder(fault: Fault, folder: Path) -> Fault:
    """The fault with the whole path of its file: many cities have a file of one name."""
    return replace(fault, place=replace(fault.place, file=str(folder / fault.place.file)))
