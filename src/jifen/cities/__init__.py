"""The cities and their measures: folders of data files, found and read here.

`index()` lists the cities of every source (docs/cities.md); `find` gives one by its id, `named` by
whatever a command may say; `load(city, version)` gives a policy; `in_force(city, day)` the version
of a day. Files are read once per process.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

from jifen.cities.edition_folder import NewVersion, write_city_with
from jifen.cities.model import CITIES, City, UnknownVersion, Version
from jifen.cities.naming import Named, city_of, is_path, named
from jifen.cities.reading import (
    INDEX,
    load_file,
    read_city,
    read_file,
    series,
    vocabulary,
)
from jifen.cities.sources import (
    add_editions,
    add_source,
    edition_folders,
    every_source,
    in_folder,
    named_folders,
    put_first,
    tell,
    tell_faults,
    tell_in,
)
from jifen.policy.catalogue import POLICY, listed
from jifen.policy.fault import DocumentError, Fault, Place, PolicyError, nearest, shorten
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import CityName

__all__ = [
    "CITIES",
    "INDEX",
    "ROOT",
    "City",
    "CityOrId",
    "Named",
    "NewVersion",
    "UnknownCity",
    "UnknownVersion",
    "Version",
    "add_editions",
    "add_source",
    "cities_knowing",
    "city_of",
    "find",
    "folders",
    "forget",
    "in_folder",
    "in_force",
    "index",
    "index_without_editions",
    "is_path",
    "leave_out",
    "load",
    "load_file",
    "named",
    "put_first",
    "read_city",
    "read_file",
    "refuse_same_prefix",
    "series",
    "tell_in",
    "vocabulary",
    "write_city_with",
]

ROOT = Path(__file__).parent
CityOrId = City | str
"""A city, or its id: a city that only a path names has no id by which others find it."""
_left_out: set[Path] = set()


class UnknownCity(PolicyError):
    """A city that is not known; the message lists those that are."""

    def __init__(self, city: str) -> None:
        known = tuple(index())
        hint = nearest(city, known)
        words = POLICY.words(
            "JF-P040", "city", city=shorten(city, 40), known=listed(known), hint=hint
        )
        super().__init__([Fault.told("JF-P040", Place("city"), words)])


def index() -> dict[str, City]:
    """Every city by its id, in the order that they ask for, then by id. A city from outside the
    package that is faulty, or whose id or prefix an earlier one has, is told and left out."""
    return _index(ROOT, tuple(named_folders()), frozenset(_left_out), edition_folders())


def index_without_editions() -> dict[str, City]:
    """The same without the versions that the office put in force."""
    return _index(ROOT, tuple(named_folders()), frozenset(_left_out), ())


@cache
def _index(
    root: Path,
    places: tuple[str, ...],
    left_out: frozenset[Path],
    editions: tuple[Path, ...],
) -> dict[str, City]:
    del places
    found: dict[str, City] = {}
    for folder, shipped in _found(root):
        if folder.resolve() in left_out:
            continue
        city = read_city(folder) if shipped else _foreign(folder)
        if city is not None and _is_new(city, found):
            found[city.id] = city
    found = {city.id: city for city in _of_own_prefix(found.values(), root)}
    for city in filter(None, map(_foreign, editions)):
        if city.id in found:  # a later state of a city that is there
            found[city.id] = city
    refuse_same_prefix(found)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def folders() -> list[tuple[Path, bool]]:
    """The folder of every city of every source, faulty ones too, in the order of the sources, and
    whether it came with the package."""
    return list(_found(ROOT))


def _found(root: Path) -> Iterable[tuple[Path, bool]]:
    seen: set[Path] = set()
    for source in every_source(root):
        for folder in source.folders:
            if folder.resolve() not in seen:
                seen.add(folder.resolve())
                yield folder, source.shipped


def _foreign(folder: Path) -> City | None:
    """A city from outside the package; None where it is faulty, which is told."""
    try:
        return read_city(folder)
    except DocumentError as error:
        tell("JF-X003", folder, "faulty", place=folder)
        tell_faults(in_folder(fault, folder) for fault in error.faults)
    except OSError as error:
        tell("JF-X001", folder, "unreadable", place=folder, why=error.strerror or str(error))
    return None


def _is_new(city: City, found: Mapping[str, City]) -> bool:
    """Whether no earlier city has the id of a city; the later of two is told."""
    if city.id not in found:
        return True
    earlier, later = found[city.id].folder, city.folder
    tell("JF-X002", later, "twice", city=city.id, earlier=earlier, later=later)
    return False


def _of_own_prefix(found: Collection[City], root: Path) -> Iterator[City]:
    """The cities without those from outside the package whose prefix is taken, which are told: by
    a city of the package, or by an earlier one."""
    own = {city.prefix: city.id for city in found if city.folder.parent == root}
    for city in found:
        first = own.setdefault(city.prefix, city.id)
        if first == city.id or city.folder.parent == root:
            yield city
        else:
            names = {"city": city.id, "prefix": city.prefix, "other": first}
            tell("JF-X003", city.folder, "prefix", **names)


def leave_out(folder: Path, faults: Iterable[Fault]) -> None:
    """Leave a city out of the index of this process, and tell why."""
    tell("JF-X003", folder, "faulty", place=folder)
    tell_faults(faults)
    _left_out.add(folder.resolve())


def forget() -> None:
    """List the cities of every source anew when they are next asked for."""
    _left_out.clear()
    _index.cache_clear()


def refuse_same_prefix(found: Mapping[str, City]) -> None:
    """Two cities whose numbers begin alike would have papers of the same number. Raises
    PolicyError."""
    first: dict[str, str] = {}
    for city in found.values():
        if (other := first.setdefault(city.prefix, city.id)) != city.id:
            words = POLICY.words("JF-P042", "prefix", prefix=city.prefix, city=city.id, other=other)
            raise PolicyError([Fault.told("JF-P042", Place(f"{city.id}/{INDEX}"), words)])


def find(city: CityOrId) -> City:
    """A city by its id; a City is given back as it is. Raises UnknownCity."""
    if isinstance(city, City):
        return city
    if city not in index():
        raise UnknownCity(city)
    return index()[city]


def load(city: CityOrId, version: str) -> Policy:
    """One version of a city's measure. Raises UnknownCity, UnknownVersion, PolicyError."""
    return load_file(find(city).find(version).path)


def in_force(city: CityOrId, day: date) -> Policy | None:
    """The version in force in a city on a day, or None."""
    version = find(city).on(day)
    return load_file(version.path) if version else None


def cities_knowing(city: str, ident: str) -> tuple[CityName, ...]:
    """The other cities whose measures know a fact; those whose facts cannot be read know none."""
    knowing = []
    for other in index().values():
        with suppress(DocumentError, OSError):
            if other.id != city and ident in vocabulary(other.folder):
                knowing.append((other.id, other.label))
    return tuple(knowing)
