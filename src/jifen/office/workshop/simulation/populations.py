"""Packed people of the studio: drawn, packed, hashed, and kept mapped in the process that
simulates."""

import hashlib
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from jifen import cities
from jifen.cities.city_files import load_vocabulary
from jifen.lab.people import generate_batches, load_margins
from jifen.lab.people.draw import BLOCK, schema_of
from jifen.lab.population import pack_people
from jifen.lab.population.store import open_packed
from jifen.lab.warm import WarmPeople
from jifen.office.workshop.faults import population_is_gone

if TYPE_CHECKING:
    from jifen.office.workshop.models import Population

_PIECE = 1 << 20
NAME = "people"
"""The name of every packed folder: what it holds is said by the one around it."""


def folder_of(population: "Population") -> Path:
    """Where its packed people are."""
    return Path(settings.JIFEN_POPULATIONS) / str(population.key) / NAME


def draw_population(population: "Population") -> tuple[int, str, str]:
    """Draw and pack the synthetic people of a row: how many, the hash, the margins. Raises
    FileFault, PolicyError."""
    city = cities.find_city(population.people_of)
    margins = load_margins(city)
    folder = folder_of(population)
    folder.parent.mkdir(parents=True, exist_ok=True)
    drawn = folder.parent / "people.parquet"
    count, seed = population.wanted or 0, population.seed or 0
    with pq.ParquetWriter(drawn, schema_of(margins, seed)) as writer:
        for start in range(0, count, BLOCK):
            batches = generate_batches(margins, min(BLOCK, count - start), seed, start=start)
            writer.write_table(pa.Table.from_batches(batches))
    pack_people(load_vocabulary(city.folder), drawn, folder, counting_day=population.as_of)
    drawn.unlink()
    return count, hash_of(folder), f"{margins.id} {margins.hash}"


def take_in(population: "Population", source: Path) -> tuple[int, str]:
    """Pack a file of people, or copy packed ones, into the folder of a row: how many, and the hash.
    Raises FileFault."""
    city = cities.find_city(population.people_of)
    folder = folder_of(population)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        open_packed(source, load_vocabulary(city.folder))  # what is not whole is refused
        shutil.copytree(source, folder)
    else:
        pack_people(load_vocabulary(city.folder), source, folder, counting_day=population.as_of)
    people = open_packed(folder, load_vocabulary(city.folder))
    return people.count, hash_of(folder)


def hash_of(folder: Path) -> str:
    """One hash of all files of a packed folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        whole.update(f"{path.name}\n".encode())
        for piece in _pieces(path):
            whole.update(piece)
    return f"sha256:{whole.hexdigest()}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def mapped(population: "Population") -> WarmPeople:
    """The people of a population, kept ready in this process. Raises StudioFault where they are
    not what was registered."""
    try:
        return _mapped(population.people_of, folder_of(population), population.hash)
    except (OSError, ValueError) as error:
        raise population_is_gone(population.name) from error


@lru_cache(maxsize=3)
def _mapped(city: str, folder: Path, registered: str) -> WarmPeople:
    if hash_of(folder) != registered:
        raise ValueError(folder)
    return WarmPeople(open_packed(folder, load_vocabulary(cities.find_city(city).folder)))
