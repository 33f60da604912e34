"""The files of a city's folder → its index, facts, dated figures and measures; each read once in a
process, so that an edited file is noticed after a restart."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import combinations
from pathlib import Path

from jifen.cities.model import CITIES, City, MeasureVersion
from jifen.policy.defaults import read_sources
from jifen.policy.document import CITY
from jifen.policy.fault import PolicyError, shorten_text
from jifen.policy.model import Series
from jifen.policy.policy import Policy
from jifen.policy.policy_reader import read_policy
from jifen.policy.series_file import read_series
from jifen.policy.series_tables import fill_series_tables
from jifen.policy.shapes import Entry, Sink
from jifen.policy.source import Node, decode_bytes, parse_yaml
from jifen.policy.vocabulary import CityName, Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary

INDEX = "city.yaml"
"""The file that makes a folder a city."""


def read_city(folder: Path) -> City:
    """Read the index of one city's folder. Raises PolicyError with every fault, OSError."""
    sink = Sink()
    entry = CITY.read(read_yaml_file(folder / INDEX), sink)
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    _refuse_other_folders(entry, sink)
    versions = tuple(
        MeasureVersion(v["version"], folder / v["file"], v["from"], v["until"])
        for v in entry["versions"]
    )
    _refuse_overlaps(entry, versions, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
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


def _refuse_other_folders(entry: Entry, sink: Sink) -> None:
    """A version's file stands in the folder itself: a city is read and copied as one."""
    for version in entry["versions"]:
        name = version["file"]
        if "/" in name or "\\" in name or name in (".", ".."):
            words = CITIES.fault_words("JF-X006", "elsewhere", file=shorten_text(name, 60))
            sink.report_fault("JF-X006", version.place_of("file"), words)


def _refuse_overlaps(entry: Entry, versions: tuple[MeasureVersion, ...], sink: Sink) -> None:
    """On each day at most one version is in force, and each has a name of its own."""
    pairs = combinations(zip(entry["versions"], versions, strict=True), 2)
    for (_, earlier), (written, later) in pairs:
        if later.version == earlier.version:
            words = CITIES.fault_words("JF-X005", "twice", version=later.version)
            sink.report_fault("JF-X005", written.place_of("version"), words)
        since = max(earlier.since, later.since)
        if earlier.covers(since) and later.covers(since):
            words = CITIES.fault_words(
                "JF-X005", "overlap", one=earlier.version, other=later.version, day=since
            )
            sink.report_fault("JF-X005", written.place_of("from"), words)


@cache
def load_policy_file(path: Path) -> Policy:
    """Read a policy file; facts.yaml and series.yaml are those beside it."""
    text = decode_bytes(path.read_bytes(), path.name)
    lines = tuple(text.splitlines())
    folder = path.parent
    policy = read_policy(
        parse_yaml(text, path.name),
        load_vocabulary(folder),
        load_series(folder),
        lines,
        load_shared_sources(folder),
    )
    return replace(policy, path=path)


@cache
def load_vocabulary(folder: Path) -> Vocabulary:
    """The facts of a city, from facts.yaml in its folder."""
    sink = Sink()
    facts = read_vocabulary(read_yaml_file(folder / "facts.yaml"), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    facts.find_other_cities = partial(_find_cities_with_fact, facts.city)
    return facts


def _find_cities_with_fact(city: str, fact_id: str) -> tuple[CityName, ...]:
    from jifen.cities import find_cities_with_fact  # noqa: PLC0415 - the index reads cities with this

    return find_cities_with_fact(city, fact_id)


@cache
def load_series(folder: Path) -> tuple[Series, ...]:
    """The dated figures of a city, from series.yaml in its folder; none where there is no file."""
    path = folder / "series.yaml"
    if not path.exists():
        return ()
    sink = Sink()
    figures = read_series(fill_series_tables(read_yaml_file(path), folder, sink), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return figures


@cache
def load_shared_sources(folder: Path) -> Mapping[str, Node]:
    """The sources of a city by their ids, from sources.yaml in its folder; none without it."""
    path = folder / "sources.yaml"
    if not path.exists():
        return {}
    sink = Sink()
    sources = read_sources(read_yaml_file(path), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return sources


def read_yaml_file(path: Path) -> Node:
    """One YAML file as a tree."""
    return parse_yaml(decode_bytes(path.read_bytes(), path.name), path.name)
