"""A reform on a population that lies in parts: each worker counts its parts, the counts are added.

Every count of a comparison is a whole number of people, so the sum is that of one machine exactly.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from jifen import __version__, cities
from jifen.lab.cluster.runner import connected, refuse_other
from jifen.lab.population.pack import columns_of, sources_of
from jifen.lab.population.table import people_of
from jifen.lab.reforms.compare import GroupResult, ReformResult, compare_reforms
from jifen.policy.policy import Policy, Reform
from jifen.scoring.files.inputs import Part, open_people
from jifen.scoring.population.native import ENGINE

_AHEAD = 3


@dataclass(frozen=True)
class Asked:
    """What every worker is asked: the measure by its hash, the reforms as they are."""

    city: str
    version: str
    hash: str
    engine: tuple[str, int]
    reforms: tuple[Reform, ...]
    on: date
    groups: tuple[str, ...]
    columns: tuple[str, ...]


Counted = tuple[int, int, Any, tuple[Any, Any, Any], list[list[tuple[Any, Any, Any]]]]


def compare_reforms_on(
    address: str,
    source: Path,
    policy: Policy,
    reforms: Sequence[Policy],
    on: date,
    *,
    groups: Sequence[str] = (),
) -> tuple[list[ReformResult], Mapping[bytes, bytes]]:
    """As `compare_reforms`, over the parts of a file or folder, on a cluster (or `local:N`); with
    what the file says of itself. Groups are facts. Raises FileFault, TableError, ClusterFault."""
    people = open_people(source)
    vocabulary, names = policy.vocabulary, people.schema.names
    columns = tuple(dict.fromkeys(columns_of(sources_of(vocabulary, names), names)))
    counting_day = policy.at(on).reference.day_for(on)
    nobody = people.schema.empty_table().select(list(columns))
    empty = people_of(vocabulary, nobody, counting_day)
    results = compare_reforms(empty, policy, reforms, on, groups=groups)
    asked = Asked(
        policy.city,
        policy.version,
        policy.hash,
        (__version__, ENGINE),
        tuple(reform.reforms[-1] for reform in reforms),
        on,
        tuple(groups),
        columns,
    )
    with connected(address) as client:
        waiting: deque[Any] = deque()
        ahead = max(sum(client.nthreads().values()), 1) * _AHEAD
        for part in people.parts(columns):
            waiting.append(client.submit(_count, asked, part, pure=False, retries=2))
            if len(waiting) > ahead:
                results = _added(results, waiting.popleft().result())
        for pending in waiting:
            results = _added(results, pending.result())
    return results, people.schema.metadata or {}


def _count(asked: Asked, part: Part) -> list[Counted]:
    """What a worker does."""
    refuse_other(asked.city, asked.version, asked.hash, asked.engine)
    policy = cities.load(asked.city, asked.version)
    reforms = [policy.reformed(reform) for reform in asked.reforms]
    counting_day = policy.at(asked.on).reference.day_for(asked.on)
    people = people_of(policy.vocabulary, part.read(asked.columns, asked.columns), counting_day)
    found = compare_reforms(people, policy, reforms, asked.on, groups=asked.groups, threads=1)
    return [_plain(one) for one in found]


def _plain(one: ReformResult) -> Counted:
    groups = [[_arrays(group) for group in found] for _, found in one.groups]
    return one.people, one.unsettled, one.change, _arrays(one.everybody), groups


def _arrays(group: GroupResult) -> tuple[Any, Any, Any]:
    return group.crossings, group.before, group.after


def _added(results: list[ReformResult], counted: list[Counted]) -> list[ReformResult]:
    return [_sum(one, more) for one, more in zip(results, counted, strict=True)]


def _sum(one: ReformResult, more: Counted) -> ReformResult:
    people, unsettled, change, everybody, groups = more
    return replace(
        one,
        people=one.people + people,
        unsettled=one.unsettled + unsettled,
        change=one.change + change,
        everybody=_group(one.everybody, everybody),
        groups=tuple(
            (grouping, tuple(map(_group, found, arrays)))
            for (grouping, found), arrays in zip(one.groups, groups, strict=True)
        ),
    )


def _group(group: GroupResult, arrays: tuple[Any, Any, Any]) -> GroupResult:
    crossings, before, after = arrays
    return GroupResult(
        group.label, group.crossings + crossings, group.before + before, group.after + after
    )
