"""Several versions or cities on the same people that lie in parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from jifen.lab.analysis.side_by_side import SideBySide, compare_side_by_side
from jifen.lab.cluster.parts import PeopleParts, WorkerMeasure, name_measure
from jifen.lab.weights import to_count
from jifen.policy.policy import Policy
from jifen.scoring.files.inputs import FilePart


@dataclass(frozen=True, slots=True)
class _SideBySideTask:
    measures: tuple[WorkerMeasure, ...]


def compare_on_cluster(
    address: str, source: Path, policies: Sequence[Policy], on: date, *, weight: str = ""
) -> tuple[SideBySide, dict[bytes, bytes]]:
    """As `side_by_side`, over the parts of a file or folder, on a cluster (or `local:N`); with what
    the file says of itself. Raises FileFault, TableError, ClusterFault."""
    parts, measures = (
        PeopleParts(source, *policies, weight=weight),
        tuple(name_measure(policy, on, weight) for policy in policies),
    )
    result = compare_side_by_side(
        [
            parts.make_empty_people(measure, p)
            for measure, p in zip(measures, policies, strict=True)
        ],
        policies,
        on,
    )
    for part_result in parts.run_each(address, _count_part, _SideBySideTask(measures)):
        result = _add_counts(result, part_result)
    return result, parts.labels


def _count_part(task: _SideBySideTask, columns: tuple[str, ...], part: FilePart) -> SideBySide:
    """What a worker does: counts only, without the programs behind them."""
    table = part.read_columns(columns, columns)
    policies = [measure.load_policy() for measure in task.measures]
    people = [
        measure.decode_people(p, table) for measure, p in zip(task.measures, policies, strict=True)
    ]
    result = compare_side_by_side(people, policies, task.measures[0].on, threads=1)
    nothing: Any = None
    return replace(result, columns=tuple(replace(c, program=nothing) for c in result.columns))


def _add_counts(result: SideBySide, more: SideBySide) -> SideBySide:
    columns = [
        replace(a, reached=a.reached + b.reached, admissible=a.admissible + b.admissible)
        for a, b in zip(result.columns, more.columns, strict=True)
    ]
    return SideBySide(
        to_count(result.people + more.people),
        tuple(columns),
        result.both + more.both,
        result.only + more.only,
        result.none + more.none,
    )
