"""The cities and their measures: data files, found and read here.

`index()` lists the cities; `load(city, version)` gives a policy; `in_force(city, day)` the version
of a day. Files beside the package are read once per process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

from jifen.policy.build import read_series
from jifen.policy.catalogue import POLICY, listed
from jifen.policy.document import CITY
from jifen.policy.fault import Fault, Place, PolicyError, nearest, shorten
from jifen.policy.model import Series
from jifen.policy.policy import Policy, read_policy
from jifen.policy.shapes import Sink
from jifen.policy.source import Node, decode, parse
from jifen.policy.text import EMPTY, Text
from jifen.policy.vocabulary import CityName, Vocabulary, read_vocabulary

ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a city's measure: when it is in force and where its file is."""

    version: str
    path: Path
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class City:
    """A city, with the versions of its measure from the oldest to the newest. `prefix`: what the
    numbers of its cases, papers and lists begin with; no other city has the same. `caution`: what
    readers take the points for and should not (may be empty). `order`: its place among the
    others."""

    id: str
    label: Text
    about: Text
    prefix: str
    policy: str
    versions: tuple[Version, ...]
    caution: Text = EMPTY
    order: int = 0

    @property
    def folder(self) -> Path:
        """Where the files of the city are."""
        return self.versions[0].path.parent

    def find(self, version: str) -> Version:
        """A version by its name; UnknownVersion where there is none."""
        for candidate in self.versions:
            if candidate.version == version:
                return candidate
        raise UnknownVersion(self, version)

    def on(self, day: date) -> Version | None:
        """The version in force on a day, or None."""
        return next((v for v in self.versions if v.covers(day)), None)


class UnknownCity(PolicyError):
    """A city that is not known; the message lists those that are."""

    def __init__(self, city: str) -> None:
        known = tuple(index())
        hint = nearest(city, known)
        words = POLICY.words(
            "JF-P040", "city", city=shorten(city, 40), known=listed(known), hint=hint
        )
        super().__init__([Fault.told("JF-P040", Place("city"), words)])


class UnknownVersion(PolicyError):
    """A version that a city does not have; the message lists those that it has."""

    def __init__(self, city: City, version: str) -> None:
        known = tuple(v.version for v in city.versions)
        words = POLICY.words(
            "JF-P041", "version", version=shorten(version, 40), city=city.id, known=listed(known)
        )
        super().__init__([Fault.told("JF-P041", Place("version"), words)])


@cache
def index() -> dict[str, City]:
    """Every city by its id, in the order that they ask for, then by id."""
    folders = sorted(path.parent for path in ROOT.glob("*/city.yaml"))
    read = {folder.name: read_city(folder) for folder in folders}
    found = dict(sorted(read.items(), key=lambda item: (item[1].order, item[0])))
    refuse_same_prefix(found)
    return found


def refuse_same_prefix(found: Mapping[str, City]) -> None:
    """Two cities whose numbers begin alike would have papers of the same number. Raises
    PolicyError."""
    first: dict[str, str] = {}
    for city in found.values():
        if (other := first.setdefault(city.prefix, city.id)) != city.id:
            words = POLICY.words("JF-P042", "prefix", prefix=city.prefix, city=city.id, other=other)
            raise PolicyError([Fault.told("JF-P042", Place(f"{city.id}/city.yaml"), words)])


def read_city(folder: Path) -> City:
    """Read the index of one city's folder."""
    sink = Sink()
    entry = CITY.read(read_file(folder / "city.yaml"), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    versions = tuple(
        Version(v["version"], folder / v["file"], v["from"], v["until"]) for v in entry["versions"]
    )
    return City(
        entry["id"],
        entry["label"],
        entry["about"],
        entry["prefix"],
        entry["policy"],
        versions,
        entry["caution"],
        entry["order"],
    )


def find(city: str) -> City:
    """A city by its id. Raises UnknownCity."""
    if city not in index():
        raise UnknownCity(city)
    return index()[city]


def load(city: str, version: str) -> Policy:
    """One version of a city's measure. Raises UnknownCity, UnknownVersion, PolicyError."""
    return load_file(find(city).find(version).path)


def in_force(city: str, day: date) -> Policy | None:
    """The version in force in a city on a day, or None."""
    version = find(city).on(day)
    return load_file(version.path) if version else None


@cache
def load_file(path: Path) -> Policy:
    """Read a policy file; facts.yaml and series.yaml are those beside it."""
    text = decode(path.read_bytes(), path.name)
    lines = tuple(text.splitlines())
    return read_policy(parse(text, path.name), vocabulary(path.parent), series(path.parent), lines)


@cache
def vocabulary(folder: Path) -> Vocabulary:
    """The facts of a city, from facts.yaml in its folder."""
    sink = Sink()
    read = read_vocabulary(read_file(folder / "facts.yaml"), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    read.find_elsewhere = partial(cities_knowing, read.city)
    return read


def cities_knowing(city: str, ident: str) -> tuple[CityName, ...]:
    """The other cities whose measures know a fact."""
    others = (other for other in index().values() if other.id != city)
    return tuple((o.id, o.label) for o in others if ident in vocabulary(o.folder))


@cache
def series(folder: Path) -> tuple[Series, ...]:
    """The dated figures of a city, from series.yaml in its folder; none where there is no file."""
    path = folder / "series.yaml"
    if not path.exists():
        return ()
    sink = Sink()
    read = read_series(read_file(path), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return read


def read_file(path: Path) -> Node:
    """One YAML file as a tree."""
    return parse(decode(path.read_bytes(), path.name), path.name)
