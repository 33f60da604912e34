"""Synthetic people drawn by the workers of a cluster; a person hangs on seed and number only."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from jifen.cities import ROOT, City, load_vocabulary, read_city
from jifen.lab.cluster.parts import run_tasks
from jifen.lab.cluster.runner import ClusterFault
from jifen.lab.people import load_margins, read_margins
from jifen.lab.people.draw import BLOCK, ENGINE, generate_batches
from jifen.lab.people.margins_file import Margins
from jifen.lab.words import say

_AT_ONCE = 16 * BLOCK


@dataclass(frozen=True, slots=True)
class _DrawTask:
    """A margins file by its hash: a worker has it of its own or sees the same path."""

    city: str
    folder: Path | None
    file: Path | None
    hash: str
    engine: str
    count: int
    seed: int
    unknown: float


def generate_on_cluster(
    address: str,
    margins: Margins,
    count: int,
    seed: int,
    *,
    file: Path | None = None,
    unknown: float = 0.0,
    city: City | None = None,
) -> Iterator[pa.Table]:
    """As `generate`, in tables of about a million people, in order. `file`: where the margins come
    from if not from the city's own; `city`: whose they are, where a path names it. Raises
    ClusterFault where a worker has other margins."""
    where = file.resolve() if file else None
    folder = None if city is None or city.folder.parent == ROOT else city.folder.resolve()
    task = _DrawTask(margins.city, folder, where, margins.hash, ENGINE, count, seed, unknown)
    yield from run_tasks(
        address, _draw_people, ((task, start) for start in range(0, count, _AT_ONCE))
    )


def _draw_people(task: _DrawTask, start: int) -> pa.Table:
    """What a worker does."""
    margins = _load_margins(task)
    count = min(_AT_ONCE, task.count - start)
    batches = generate_batches(margins, count, task.seed, start=start, unknown=task.unknown)
    return pa.Table.from_batches(batches).combine_chunks()


@lru_cache(maxsize=2)
def _load_margins(task: _DrawTask) -> Margins:
    city = read_city(task.folder) if task.folder else task.city
    facts = load_vocabulary(task.folder) if task.folder else None
    margins = read_margins(task.file, facts) if task.file else load_margins(city)
    if (margins.hash, ENGINE) != (task.hash, task.engine):
        raise ClusterFault("worker", say("cluster.people.has_other_margins_or_another"))
    return margins
