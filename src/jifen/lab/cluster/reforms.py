"""A reform on a population that lies in parts: each worker counts its parts, the counts are added.

Every count of a comparison is a whole number of people, so the sum is that of one machine exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from jifen.lab.cluster.parts import Measure, Parts, measure_of
from jifen.lab.reforms.compare import GroupResult, ReformResult, compare_reforms
from jifen.policy.policy import Policy, Reform
from jifen.scoring.files.inputs import FilePart


@dataclass(frozen=True, eq=False)
class _Asked:
    measure: Measure
    reforms: tuple[Reform, ...]
    groups: tuple[str, ...]


Arrays = tuple[Any, Any, Any, Any]
Counted = tuple[float, float, Any, Arrays, list[list[Arrays]]]


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
    parts, measure = Parts(source, policy), measure_of(policy, on)
    nobody = parts.nobody(measure, policy)
    results = compare_reforms(nobody, policy, reforms, on, groups=groups)
    asked = _Asked(measure, tuple(reform.reforms[-1] for reform in reforms), tuple(groups))
    for counted in parts.each(address, _count, asked):
        results = _added(results, counted)
    return results, parts.labels


def _count(asked: _Asked, columns: tuple[str, ...], part: FilePart) -> list[Counted]:
    """What a worker does."""
    measure, policy = asked.measure, asked.measure.policy()
    reforms = [policy.apply_reform(reform) for reform in asked.reforms]
    people = measure.people(policy, part.read_columns(columns, columns))
    found = compare_reforms(people, policy, reforms, measure.on, groups=asked.groups, threads=1)
    return [_plain(one) for one in found]


def _plain(one: ReformResult) -> Counted:
    groups = [[_arrays(group) for group in found] for _, found in one.groups]
    return one.people, one.faulty, one.change, _arrays(one.everybody), groups


def _arrays(group: GroupResult) -> Arrays:
    return group.crossings, group.moves, group.before, group.after


def _added(results: list[ReformResult], counted: list[Counted]) -> list[ReformResult]:
    return [_sum(one, more) for one, more in zip(results, counted, strict=True)]


def _sum(one: ReformResult, more: Counted) -> ReformResult:
    people, faulty, change, everybody, groups = more
    return replace(
        one,
        people=one.people + people,
        faulty=one.faulty + faulty,
        change=one.change + change,
        everybody=_group(one.everybody, everybody),
        groups=tuple(
            (grouping, tuple(map(_group, found, arrays)))
            for (grouping, found), arrays in zip(one.groups, groups, strict=True)
        ),
    )


def _group(group: GroupResult, arrays: Arrays) -> GroupResult:
    sums = (one + more for one, more in zip(_arrays(group), arrays, strict=True))
    return GroupResult(group.label, *sums)
