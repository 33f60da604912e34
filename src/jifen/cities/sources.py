"""Where cities come from: folders that `--cities` and `JIFEN_CITIES` name, installed packages with
an entry point in the group `jifen.cities`, the package itself, and what was added in this process
(the office: editions put in force)."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jifen.cities.model import CITIES
from jifen.cities.reading import INDEX
from jifen.policy.fault import Fault, Place, shorten
from jifen.policy.text import Lang

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

VARIABLE, SILENT = "JIFEN_CITIES", "JIFEN_CITIES_TOLD"
GROUP = "jifen.cities"
_OF_A_CITY = ("facts.yaml", "points.yaml")

Folders = Callable[[], Iterable[Path]]
_added: dict[str, Folders] = {}
_editions: list[Folders] = []
_told: set[str] = set()
_spoken: list[Lang] = ["en"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place that cities come from: how it is named in messages, the folders of its cities, and
    whether it is the package itself."""

    name: str
    folders: tuple[Path, ...]
    shipped: bool = False


def every_source(package: Path) -> Iterator[Source]:
    """Every source in its order: of two cities with one id the earlier is taken."""
    for text in named_folders():
        yield Source(text, tuple(cities_in(Path(text))))
    for point in _entry_points():
        yield Source(f"{GROUP}: {point.name}", tuple(_of_package(point)))
    shipped = sorted(path.parent for path in package.glob(f"*/{INDEX}"))
    yield Source("jifen", tuple(shipped), shipped=True)
    for name, folders in _added.items():
        yield Source(name, tuple(folders()))


def named_folders() -> list[str]:
    """The folders that JIFEN_CITIES names, absolute, in its order; empty parts name nothing."""
    parts = os.environ.get(VARIABLE, "").split(os.pathsep)
    return [str(Path(part).absolute()) for part in parts if part.strip()]


def put_first(folders: Iterable[str]) -> None:
    """Folders of `--cities` come before those of JIFEN_CITIES, in this process and in those that it
    starts. Raises ValueError for a name with the sign that separates folders."""
    absolute = [str(Path(folder).absolute()) for folder in folders]
    for folder in absolute:
        if os.pathsep in folder:
            raise ValueError(folder)
    known = [part for part in named_folders() if part not in absolute]
    os.environ[VARIABLE] = os.pathsep.join([*absolute, *known])


def add_source(name: str, folders: Folders) -> None:
    """A further source, after all others: `folders` gives city folders whenever the cities are
    listed anew (`jifen.cities.forget`)."""
    _added[name] = folders


def add_editions(folders: Folders) -> None:
    """Cities with versions that were put in force here (the office): each stands in the place of
    the city of its id, of which it is a later state. `folders` gives their folders whenever the
    cities are listed anew."""
    if folders not in _editions:
        _editions.append(folders)


def edition_folders() -> tuple[Path, ...]:
    """The folders of cities with versions that were put in force here."""
    return tuple(folder for folders in _editions for folder in folders())


def cities_in(place: Path) -> list[Path]:
    """The city folders of a place: itself, or those that it holds. What cannot be used is told."""
    try:
        if (place / INDEX).is_file():
            return [place]
        below = sorted(path for path in place.iterdir() if _is_folder(path))
    except OSError as error:
        kind = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        tell("JF-X001", place, kind, place=place, why=error.strerror or str(error))
        return []
    found = [path for path in below if _is_city(path)]
    if not found:
        tell("JF-X001", place, "no_city", place=place)
    return found


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
            tell("JF-X001", folder, "no_index", place=folder)
    except OSError as error:
        tell("JF-X001", folder, "unreadable", place=folder, why=error.strerror or str(error))
    return False


def _entry_points() -> "Iterable[EntryPoint]":
    """The entry points of installed packages. Their files are looked through first: what reads them
    takes longer to load than one person takes to score, and nearly nobody has any."""
    if not any(_declares(place) for place in sys.path):
        return ()
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow

    return entry_points(group=GROUP)


def _declares(place: str) -> bool:
    try:
        files = [path for kind in ("dist", "egg") for path in
                 Path(place).glob(f"*.{kind}-info/entry_points.txt")]  # fmt: skip
        return any(GROUP.encode() in path.read_bytes() for path in files)
    except OSError:
        return True  # whoever knows better is asked


def _of_package(point: "EntryPoint") -> list[Path]:
    """The folders of an installed package: its own, or the path that its attribute holds."""
    from importlib.util import find_spec  # noqa: PLC0415 - slow

    try:
        if point.attr:
            return cities_in(Path(os.fspath(point.load())))
        spec = find_spec(point.module)
    except Exception as error:  # noqa: BLE001 - code of strangers: whatever it raises, it is told
        tell(
            "JF-X001",
            Place(GROUP, 0),
            "entry_point",
            name=point.name,
            why=shorten(repr(error), 120),
        )
        return []
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        tell("JF-X001", Place(GROUP, 0), "entry_point", name=point.name, why=point.value)
    return [folder for place in places for folder in cities_in(Path(place))]


def tell(code: str, place: Path | Place, kind: str, /, **values: object) -> None:
    """Say on stderr, once, what is wrong with a source; nothing stops because of it."""
    at = place if isinstance(place, Place) else Place(str(place), 0)
    words = CITIES.words(code, kind, **values)
    tell_faults([Fault.told(code, at, words, severity="warning")])


def tell_in(lang: Lang) -> None:
    """The language in which sources tell what is wrong; English where nobody says it."""
    _spoken[:] = [lang]


def tell_faults(faults: Iterable[Fault]) -> None:
    """Say faults on stderr, each once in a process and in those that it starts."""
    for fault in faults:
        text = str(fault.in_language(_spoken[-1]))
        if text in _told:
            continue
        _told.add(text)
        if not os.environ.get(SILENT):
            print(text, file=sys.stderr)


def in_folder(fault: Fault, folder: Path) -> Fault:
    """The fault with the whole path of its file: many cities have a file of one name."""
    return replace(fault, place=replace(fault.place, file=str(folder / fault.place.file)))
