"""What every analysis over parts has in common: who is asked what, and the answers in turn."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen import __version__
from jifen.lab.cluster.runner import (
    connect_cluster,
    find_shared_path,
    load_same_policy,
    wait_for_outcome,
)
from jifen.lab.population.pack import columns_of, sources_of, weights_of
from jifen.lab.population.people import People
from jifen.lab.population.table import people_of
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.scoring.files.column_reading import build_reading
from jifen.scoring.files.inputs import FilePart, open_people
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.machine_code import ENGINE
from jifen.scoring.population.scorer import build_counting_rule

_AHEAD = 3


@dataclass(frozen=True)
class WorkerMeasure:
    """A measure by its hash: every worker has it of its own, or refuses."""

    city: str
    version: str
    hash: str
    engine: tuple[str, int]
    on: date
    path: str = ""
    weight: str = ""

    def load_policy(self) -> Policy:
        """The measure on a worker. Raises ClusterFault where it is another."""
        return load_same_policy(self.city, self.version, self.path, self.hash, self.engine)

    def decode_people(self, policy: Policy, table: pa.Table) -> People:
        """A table decoded, with the weights of its rows. Raises StoreFault for a weight that is no
        number from 0 on."""
        counting = build_counting_rule(policy.rules_on(self.on), self.on)
        people = people_of(policy.vocabulary, table, counting)
        if self.weight:
            part = FilePart(Path(self.weight), table.num_rows)
            people.weights = weights_of(table, self.weight, part, 0)
            people.weight = self.weight
        return people


def name_measure(policy: Policy, on: date, weight: str = "") -> WorkerMeasure:
    """How a measure is named to workers, with the column of the weights."""
    engine = (__version__, ENGINE)
    return WorkerMeasure(
        policy.city, policy.version, policy.hash, engine, on, find_shared_path(policy), weight
    )


class PeopleParts:
    """A file or folder in parts, with the columns that give facts and the one of the weights.
    Raises FileFault, and TableError where there is no such column."""

    def __init__(self, source: Path, *policies: Policy, weight: str = "") -> None:
        reading = build_reading([policy.vocabulary for policy in policies])
        self._people = open_people(source, reading)
        names = self._people.schema.names
        wanted = [columns_of(sources_of(policy.vocabulary, names), names) for policy in policies]
        if weight and weight not in names:
            raise TableError([say("cluster.parts.there_is_no_column", weight=weight)])
        extra = (weight,) if weight else ()
        self.columns = tuple(dict.fromkeys((*chain.from_iterable(wanted), *extra)))
        self.labels: dict[bytes, bytes] = self._people.schema.metadata or {}

    def make_empty_people(self, measure: WorkerMeasure, policy: Policy) -> People:
        """The same columns without people: the result to which all others are added."""
        empty = self._people.schema.empty_table().select(list(self.columns))
        return measure.decode_people(policy, empty)

    def run_each(
        self, address: str, work: Callable[[Any, tuple[str, ...], FilePart], Any], task: Any
    ) -> Iterator[Any]:
        """`work(asked, columns, part)` on the workers of a cluster, in the order of the parts."""
        parts = self._people.split_into_parts()
        yield from run_tasks(address, work, ((task, self.columns, part) for part in parts))


def run_tasks(
    address: str, work: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]
) -> Iterator[Any]:
    """`work(*task)` for each task, on the workers of a cluster; answers in the order of the tasks.
    Few wait at a time, so that memory stays bounded. Raises what a worker raised, ClusterFault."""
    with connect_cluster(address) as client:
        waiting: deque[Any] = deque()
        ahead = max(sum(client.nthreads().values()), 1) * _AHEAD
        for task in tasks:
            # pure: tried again elsewhere where a worker dies
            waiting.append(client.submit(work, *task, pure=False, retries=2))
            if len(waiting) > ahead:
                yield wait_for_outcome(address, waiting.popleft())
        while waiting:
            yield wait_for_outcome(address, waiting.popleft())
