"""Several versions or cities on the same people that lie in parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from jifen.lab.analysis.side_by_side import SideBySide, compare_side_by_side
from jifen.lab.cluster.parts import PeopleParts, WorkerMeasure, name_measure
from jifen.policy.policy import Policy
from jifen.scoring.files.inputs import FilePart


@dataclass(frozen=True, slots=True)
class _SideBySideTask:
    measures: tuple[WorkerMeasure, ...]


def compare_on_cluster(
    address: str, source: Path, policies: Sequence[Policy], on: date
) -> tuple[SideBySide, dict[bytes, bytes]]:
    """As `side_by_side`, over the parts of a file or folder, on a cluster (or `local:N`); with what
    the file says of itself. Raises FileFault, TableError, ClusterFault."""
    parts, measures = (
        PeopleParts(source, *policies),
        tuple(name_measure(one, on) for one in policies),
    )
    result = compare_side_by_side(
        [parts.make_empty_people(m, p) for m, p in zip(measures, policies, strict=True)],
        policies,
        on,
    )
    for found in parts.run_each(address, _count_part, _SideBySideTask(measures)):
        result = _add_counts(result, found)
    return result, parts.labels


def _count_part(asked: _SideBySideTask, columns: tuple[str, ...], part: FilePart) -> SideBySide:
    """What a worker does: counts only, without the programs behind them."""
    table = part.read_columns(columns, columns)
    policies = [measure.load_policy() for measure in asked.measures]
    people = [m.decode_people(p, table) for m, p in zip(asked.measures, policies, strict=True)]
    found = compare_side_by_side(people, policies, asked.measures[0].on, threads=1)
    nothing: Any = None
    return replace(found, columns=tuple(replace(c, program=nothing) for c in found.columns))


def _add_counts(one: SideBySide, more: SideBySide) -> SideBySide:
    columns = [
        replace(a, reached=a.reached + b.reached, admissible=a.admissible + b.admissible)
        for a, b in zip(one.columns, more.columns, strict=True)
    ]
    return SideBySide(
        one.people + more.people,
        tuple(columns),
        one.both + more.both,
        one.only + more.only,
        one.none + more.none,
    )
