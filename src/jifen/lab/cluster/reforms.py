"""A reform on a population that lies in parts: each worker counts its parts, the counts are added.

Without weights every count of a comparison is a whole number of people, so the sum is exactly that
of one machine; with weights it is, but for the last digits of a sum of fractions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from jifen.lab.cluster.parts import PeopleParts, WorkerMeasure, name_measure
from jifen.lab.reforms.compare import GroupResult, ReformResult, compare_reforms
from jifen.lab.weights import to_count
from jifen.policy.policy import Policy, Reform
from jifen.scoring.files.inputs import FilePart


@dataclass(frozen=True, eq=False)
class _ReformTask:
    measure: WorkerMeasure
    reforms: tuple[Reform, ...]
    groups: tuple[str, ...]


Arrays = tuple[Any, Any, Any, Any]
Counted = tuple[float, float, Any, Arrays, list[list[Arrays]]]


def compare_reforms_on_cluster(
    address: str,
    source: Path,
    policy: Policy,
    reforms: Sequence[Policy],
    on: date,
    *,
    groups: Sequence[str] = (),
    weight: str = "",
) -> tuple[list[ReformResult], Mapping[bytes, bytes]]:
    """As `compare_reforms`, over the parts of a file or folder, on a cluster (or `local:N`); with
    what the file says of itself. Groups are facts. Raises FileFault, TableError, ClusterFault."""
    parts = PeopleParts(source, policy, weight=weight)
    measure = name_measure(policy, on, weight)
    nobody = parts.make_empty_people(measure, policy)
    results = compare_reforms(nobody, policy, reforms, on, groups=groups)
    task = _ReformTask(measure, tuple(reform.reforms[-1] for reform in reforms), tuple(groups))
    for counted in parts.run_each(address, _count_part, task):
        results = _add_all(results, counted)
    return results, parts.labels


def _count_part(task: _ReformTask, columns: tuple[str, ...], part: FilePart) -> list[Counted]:
    """What a worker does."""
    measure, policy = task.measure, task.measure.load_policy()
    reforms = [policy.apply_reform(reform) for reform in task.reforms]
    people = measure.decode_people(policy, part.read_columns(columns, columns))
    results = compare_reforms(people, policy, reforms, measure.on, groups=task.groups, threads=1)
    return [_to_arrays(result) for result in results]


def _to_arrays(result: ReformResult) -> Counted:
    groups = [
        [_group_to_arrays(group) for group in group_results] for _, group_results in result.groups
    ]
    return result.people, result.faulty, result.change, _group_to_arrays(result.everybody), groups


def _group_to_arrays(group: GroupResult) -> Arrays:
    return group.crossings, group.moves, group.before, group.after


def _add_all(results: list[ReformResult], counted: list[Counted]) -> list[ReformResult]:
    return [_add_result(result, more) for result, more in zip(results, counted, strict=True)]


def _add_result(result: ReformResult, more: Counted) -> ReformResult:
    people, faulty, change, everybody, groups = more
    return replace(
        result,
        people=to_count(result.people + people),
        faulty=to_count(result.faulty + faulty),
        change=result.change + change,
        everybody=_add_group(result.everybody, everybody),
        groups=tuple(
            (grouping, tuple(map(_add_group, group_results, arrays)))
            for (grouping, group_results), arrays in zip(result.groups, groups, strict=True)
        ),
    )


def _add_group(group: GroupResult, arrays: Arrays) -> GroupResult:
    sums = (
        group_sum + more for group_sum, more in zip(_group_to_arrays(group), arrays, strict=True)
    )
    return GroupResult(group.label, *sums)
