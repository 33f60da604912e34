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
from jifen.lab.cluster.runner import connected, outcome, place_of, same_policy
from jifen.lab.population.pack import columns_of, sources_of
from jifen.lab.population.people import People
from jifen.lab.population.table import people_of
from jifen.policy.policy import Policy
from jifen.scoring.files.column_reading import build_reading
from jifen.scoring.files.inputs import FilePart, open_people
from jifen.scoring.population.machine_code import ENGINE
from jifen.scoring.population.scorer import build_counting_rule

_AHEAD = 3


@dataclass(frozen=True)
class Measure:
    """A measure by its hash: every worker has it of its own, or refuses."""

    city: str
    version: str
    hash: str
    engine: tuple[str, int]
    on: date
    path: str = ""

    def policy(self) -> Policy:
        """The measure on a worker. Raises ClusterFault where it is another."""
        return same_policy(self.city, self.version, self.path, self.hash, self.engine)

    def people(self, policy: Policy, table: pa.Table) -> People:
        """A table decoded."""
        return people_of(
            policy.vocabulary, table, build_counting_rule(policy.rules_on(self.on), self.on)
        )


def measure_of(policy: Policy, on: date) -> Measure:
    """How a measure is named to workers."""
    engine = (__version__, ENGINE)
    return Measure(policy.city, policy.version, policy.hash, engine, on, place_of(policy))


class Parts:
    """A file or folder in parts, with the columns that give facts."""

    def __init__(self, source: Path, *policies: Policy) -> None:
        reading = build_reading([one.vocabulary for one in policies])
        self._people = open_people(source, reading)
        names = self._people.schema.names
        wanted = [columns_of(sources_of(one.vocabulary, names), names) for one in policies]
        self.columns = tuple(dict.fromkeys(chain.from_iterable(wanted)))
        self.labels: dict[bytes, bytes] = self._people.schema.metadata or {}

    def nobody(self, measure: Measure, policy: Policy) -> People:
        """The same columns without people: the result to which all others are added."""
        empty = self._people.schema.empty_table().select(list(self.columns))
        return measure.people(policy, empty)

    def each(
        self, address: str, work: Callable[[Any, tuple[str, ...], FilePart], Any], asked: Any
    ) -> Iterator[Any]:
        """`work(asked, columns, part)` on the workers of a cluster, in the order of the parts."""
        parts = self._people.split_into_parts()
        yield from each(address, work, ((asked, self.columns, part) for part in parts))


def each(address: str, work: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """`work(*task)` for each task, on the workers of a cluster; answers in the order of the tasks.
    Few wait at a time, so that memory stays bounded. Raises what a worker raised, ClusterFault."""
    with connected(address) as client:
        waiting: deque[Any] = deque()
        ahead = max(sum(client.nthreads().values()), 1) * _AHEAD
        for task in tasks:
            # pure: tried again elsewhere where a worker dies
            waiting.append(client.submit(work, *task, pure=False, retries=2))
            if len(waiting) > ahead:
                yield outcome(address, waiting.popleft())
        while waiting:
            yield outcome(address, waiting.popleft())
