"""A sweep over a population that lies in parts: counts and sums, added up."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jifen.lab.cluster.parts import PeopleParts, WorkerMeasure, name_measure
from jifen.lab.sweeps.sweep_file import Sweep
from jifen.lab.sweeps.sweeper import SweepResult, run_sweep
from jifen.policy.policy import Policy
from jifen.scoring.files.inputs import FilePart


@dataclass(frozen=True)
class _SweepPlan:
    """A plan that is known by what it says: equal ones are made into policies once."""

    said: str
    sweep: Sweep = field(compare=False)


@dataclass(frozen=True, eq=False)
class _SweepTask:
    measure: WorkerMeasure
    plan: _SweepPlan
    group: str | None


def sweep_on_cluster(
    address: str,
    source: Path,
    policy: Policy,
    plan: Sweep,
    on: date,
    *,
    group: str | None = None,
    weight: str = "",
) -> tuple[SweepResult, dict[bytes, bytes]]:
    """As `sweep`, over the parts of a file or folder, on a cluster (or `local:N`); with what the
    file says of itself. The group is a fact. Raises FileFault, TableError, ClusterFault."""
    parts = PeopleParts(source, policy, weight=weight)
    measure = name_measure(policy, on, weight)
    variants = list(plan.list_variants(policy))
    result = run_sweep(parts.make_empty_people(measure, policy), variants, on, group=group)
    figures = repr([(figure.id, figure.paths, figure.value_texts) for figure in plan.vary])
    task = _SweepTask(measure, _SweepPlan(f"{plan.grid} {figures}", plan), group)
    for part_counts in parts.run_each(address, _count_part, task):
        result = _add_counts(result, part_counts)
    return result, parts.labels


@lru_cache(maxsize=2)
def _list_variants(measure: WorkerMeasure, plan: _SweepPlan) -> list[Policy]:
    """Made once by each worker."""
    return list(plan.sweep.list_variants(measure.load_policy()))


def _count_part(task: _SweepTask, columns: tuple[str, ...], part: FilePart) -> tuple[Any, ...]:
    measure = task.measure
    variants = _list_variants(measure, task.plan)
    people = measure.decode_people(variants[0], part.read_columns(columns, columns))
    result = run_sweep(people, variants, measure.on, group=task.group, threads=1)
    return tuple(getattr(result, name) for name in _COUNTS)


_COUNTS = ("reached", "perhaps", "sums", "known", "usable", "people")


def _add_counts(result: SweepResult, part_counts: tuple[Any, ...]) -> SweepResult:
    counts = zip(_COUNTS, part_counts, strict=True)
    sums: dict[str, Any] = {name: getattr(result, name) + more for name, more in counts}
    return replace(result, **sums)
