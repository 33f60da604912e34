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

from jifen.cities.city_choice import CityChoice, find_city_of_policy, is_path, resolve_city
from jifen.cities.city_files import (
    INDEX,
    load_policy_file,
    load_series,
    load_vocabulary,
    read_city,
    read_yaml_file,
)
from jifen.cities.edition_folder import EarlierEdition, NewVersion, write_city_with
from jifen.cities.model import CITIES, City, MeasureVersion, UnknownVersion
from jifen.cities.sources import (
    add_editions,
    add_source,
    iter_sources,
    list_edition_folders,
    named_folders,
    place_fault_in_folder,
    prepend_folders,
    report_faults,
    report_source_fault,
    set_report_language,
)
from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import DocumentError, Fault, Place, PolicyError, find_nearest, shorten_text
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import CityName

__all__ = [
    "CITIES",
    "INDEX",
    "ROOT",
    "City",
    "CityChoice",
    "CityOrId",
    "EarlierEdition",
    "MeasureVersion",
    "NewVersion",
    "UnknownCity",
    "UnknownVersion",
    "add_editions",
    "add_source",
    "exclude_city",
    "find_cities_with_fact",
    "find_city",
    "find_city_of_policy",
    "in_force",
    "index",
    "index_without_editions",
    "is_path",
    "list_city_folders",
    "load",
    "load_edition",
    "load_policy_file",
    "load_series",
    "load_vocabulary",
    "place_fault_in_folder",
    "prepend_folders",
    "read_city",
    "read_yaml_file",
    "refuse_same_prefix",
    "reset_index",
    "resolve_city",
    "set_report_language",
    "write_city_with",
]

ROOT = Path(__file__).parent
CityOrId = City | str
"""A city, or its id: a city that only a path names has no id by which others find it."""
_left_out: set[Path] = set()


class UnknownCity(PolicyError):
    """A city that is not known; the message lists those that are."""

    def __init__(self, city: str) -> None:
        city_ids = tuple(index())
        hint = find_nearest(city, city_ids)
        words = POLICY.fault_words(
            "JF-P040", "city", city=shorten_text(city, 40), known=join_list(city_ids), hint=hint
        )
        super().__init__([Fault.from_words("JF-P040", Place("city"), words)])


def index() -> dict[str, City]:
    """Every city by its id, in the order that they ask for, then by id. A city from outside the
    package that is faulty, or whose id or prefix an earlier one has, is told and left out."""
    left_out = frozenset(_left_out)
    return _build_index(ROOT, tuple(named_folders()), left_out, list_edition_folders())


def index_without_editions() -> dict[str, City]:
    """The same without the versions that the office put in force."""
    return _build_index(ROOT, tuple(named_folders()), frozenset(_left_out), ())


@cache
def _build_index(
    root: Path, places: tuple[str, ...], left_out: frozenset[Path], editions: tuple[Path, ...]
) -> dict[str, City]:
    del places
    cities: dict[str, City] = {}
    for folder, is_shipped in _iter_city_folders(root):
        if folder.resolve() in left_out:
            continue
        city = read_city(folder) if is_shipped else _read_foreign_city(folder)
        if city is not None and _has_new_id(city, cities):
            cities[city.id] = city
    cities = {city.id: city for city in _drop_taken_prefixes(cities.values(), root)}
    for city in filter(None, map(_read_foreign_city, editions)):
        if city.id in cities:  # a later state of a city that is there
            cities[city.id] = city
    refuse_same_prefix(cities)
    return dict(sorted(cities.items(), key=lambda item: (item[1].order, item[0])))


def list_city_folders() -> list[tuple[Path, bool]]:
    """The folder of every city of every source, faulty ones too, in the order of the sources, and
    whether it came with the package."""
    return list(_iter_city_folders(ROOT))


def _iter_city_folders(root: Path) -> Iterable[tuple[Path, bool]]:
    seen: set[Path] = set()
    for source in iter_sources(root):
        for folder in source.folders:
            if folder.resolve() not in seen:
                seen.add(folder.resolve())
                yield folder, source.shipped


def _read_foreign_city(folder: Path) -> City | None:
    """A city from outside the package; None where it is faulty, which is told."""
    try:
        return read_city(folder)
    except DocumentError as error:
        report_source_fault("JF-X003", folder, "faulty", place=folder)
        report_faults(place_fault_in_folder(fault, folder) for fault in error.faults)
    except OSError as error:
        report_source_fault(
            "JF-X001", folder, "unreadable", place=folder, why=error.strerror or str(error)
        )
    return None


def _has_new_id(city: City, cities: Mapping[str, City]) -> bool:
    """Whether no earlier city has the id of a city; the later of two is told."""
    if city.id not in cities:
        return True
    earlier, later = cities[city.id].folder, city.folder
    report_source_fault("JF-X002", later, "twice", city=city.id, earlier=earlier, later=later)
    return False


def _drop_taken_prefixes(cities: Collection[City], root: Path) -> Iterator[City]:
    """The cities without those from outside the package whose prefix is taken, which are told: by
    a city of the package, or by an earlier one."""
    prefixes = {city.prefix: city.id for city in cities if city.folder.parent == root}
    for city in cities:
        first = prefixes.setdefault(city.prefix, city.id)
        if first == city.id or city.folder.parent == root:
            yield city
        else:
            names = {"city": city.id, "prefix": city.prefix, "other": first}
            report_source_fault("JF-X003", city.folder, "prefix", **names)


def exclude_city(folder: Path, faults: Iterable[Fault]) -> None:
    """Leave a city out of the index of this process, and tell why."""
    report_source_fault("JF-X003", folder, "faulty", place=folder)
    report_faults(faults)
    _left_out.add(folder.resolve())


def reset_index() -> None:
    """List the cities of every source anew when they are next asked for."""
    _left_out.clear()
    _build_index.cache_clear()


def refuse_same_prefix(cities: Mapping[str, City]) -> None:
    """Two cities whose numbers begin alike would have papers of the same number. Raises
    PolicyError."""
    first: dict[str, str] = {}
    for city in cities.values():
        if (other := first.setdefault(city.prefix, city.id)) != city.id:
            words = POLICY.fault_words(
                "JF-P042", "prefix", prefix=city.prefix, city=city.id, other=other
            )
            raise PolicyError([Fault.from_words("JF-P042", Place(f"{city.id}/{INDEX}"), words)])


def find_city(city: CityOrId) -> City:
    """A city by its id; a City is given back as it is. Raises UnknownCity."""
    if isinstance(city, City):
        return city
    if city not in index():
        raise UnknownCity(city)
    return index()[city]


def load(city: CityOrId, version: str) -> Policy:
    """One version of a city's measure. Raises UnknownCity, UnknownVersion, PolicyError."""
    return load_policy_file(find_city(city).find_version(version).path)


def load_edition(city: CityOrId, version: str, policy_hash: str) -> Policy:
    """The edition of a version that has this hash: what was decided under an edition is read under
    it after a correction too. The newest where none has it. Raises UnknownCity, UnknownVersion,
    PolicyError."""
    newest = load(city, version)
    if newest.hash == policy_hash:
        return newest
    for path in find_city(city).find_version(version).list_earlier_editions():
        policy = load_policy_file(path)
        if policy.hash == policy_hash:
            return policy
    return newest


def in_force(city: CityOrId, day: date) -> Policy | None:
    """The version in force in a city on a day, or None."""
    version = find_city(city).version_on(day)
    return load_policy_file(version.path) if version else None


def find_cities_with_fact(city: str, fact_id: str) -> tuple[CityName, ...]:
    """The other cities whose measures know a fact; those whose facts cannot be read know none."""
    cities = []
    for other in index().values():
        with suppress(DocumentError, OSError):
            if other.id != city and fact_id in load_vocabulary(other.folder):
                cities.append((other.id, other.label))
    return tuple(cities)
