"""Packed people: a folder with one file for each column, mapped into memory when used.

Each file begins with a gap, different for each column: columns that all began at the same place of
a page would push each other out of the caches. `manifest.json` says what is there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.words import say
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.population.axis import Axis, is_wide

FORMAT = 1
MANIFEST = "manifest.json"
WEIGHTS = "weight.column"
GAP, POSITIONS = 4096 + 64, 32


class StoreFault(FileFault):
    """A packed folder that cannot be used."""


def gap_of(position: int) -> int:
    """Bytes before the data of a column."""
    return position % POSITIONS * GAP


def describe_column(vocabulary: Vocabulary, ident: str) -> dict[str, Any]:
    """What a column means: kept beside it, and compared when it is read again."""
    fact = vocabulary[ident]
    told: dict[str, Any] = {"type": fact.type, "least": str(fact.least), "most": str(fact.most)}
    if fact.options:
        told["options"] = list(fact.ids)
    return told


def column_dtype(vocabulary: Vocabulary, ident: str) -> np.dtype[Any]:
    """How a column is stored: codes, or float64 for wide numbers."""
    fact = vocabulary[ident]
    return np.dtype(np.float64) if is_wide(fact) else Axis(fact).dtype


def open_packed(folder: Path, vocabulary: Vocabulary) -> People:
    """Map a packed folder. Raises StoreFault where it is not whole or of other facts."""
    manifest = _read_manifest(folder, vocabulary)
    count = int(manifest["people"])
    codes, numbers = dict[str, NDArray[Any]](), dict[str, NDArray[Any]]()
    for position, (ident, told) in enumerate(manifest["facts"].items()):
        if ident not in vocabulary or describe_column(vocabulary, ident) != told:
            raise _make_stale_fault(folder, ident)
        dtype = column_dtype(vocabulary, ident)
        column = _map_column(folder, f"{ident}.column", dtype, count, gap_of(position))
        (numbers if dtype == np.float64 else codes)[ident] = column
    other = {
        name: (
            _map_column(folder, f"other-{n}.column", np.dtype(np.uint8), count, 0),
            tuple(labels),
        )
        for n, (name, labels) in enumerate(manifest["other"].items())
    }
    faulty = None
    if manifest["faulty"]:
        faulty = _map_column(folder, "faulty.column", np.dtype(np.bool_), count, 0)
    labels: Mapping[str, str] = manifest["labels"]
    left_out = manifest.get("left_out", {})
    weight = manifest.get("weight", "")
    weights = None
    if weight:
        weights = _map_column(folder, WEIGHTS, np.dtype(np.float64), count, 0)
    return People(
        vocabulary,
        count,
        codes,
        numbers,
        faulty,
        other,
        labels,
        folder.name,
        weights,
        weight,
        left_out,
    )


def is_packed(path: Path) -> bool:
    """Whether a folder holds packed people."""
    return path.is_dir() and (path / MANIFEST).is_file()


def _read_manifest(folder: Path, vocabulary: Vocabulary) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreFault(
            folder, say("population.store.holds_no_packed_people", error=error)
        ) from error
    if manifest.get("format") != FORMAT:
        raise _make_stale_fault(folder, MANIFEST)
    if manifest["city"] != vocabulary.city:
        city = manifest["city"]
        raise StoreFault(
            folder, say("population.store.holds_people", city=city, city_2=vocabulary.city)
        )
    return manifest


def _map_column(
    folder: Path, name: str, dtype: np.dtype[Any], count: int, gap: int
) -> NDArray[Any]:
    path = folder / name
    if not path.is_file() or path.stat().st_size != gap + count * dtype.itemsize:
        raise StoreFault(folder, say("population.store.is_not_whole_pack_again", name=name))
    if not count:
        return np.zeros(0, dtype)
    return np.memmap(path, dtype, "r", gap, (count,))


def _make_stale_fault(folder: Path, what: str) -> StoreFault:
    return StoreFault(folder, say("population.store.was_packed_by_an_older", what=what))
