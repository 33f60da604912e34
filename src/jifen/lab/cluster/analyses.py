"""`run` and `quota` over a population that lies in parts: numbers of people, added up."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from jifen.lab.analysis.near import FactStep, NearTheLine
from jifen.lab.analysis.point_parts import PointParts as Made
from jifen.lab.analysis.quota import (
    QuotaResult,
    ScoreDistribution,
    build_quota_result,
    count_scores,
    refuse_quota,
)
from jifen.lab.analysis.run import GroupCounts, RunResult, analyse_people
from jifen.lab.cluster.parts import PeopleParts, WorkerMeasure, name_measure
from jifen.lab.weights import to_count
from jifen.policy.policy import Policy
from jifen.scoring.files.inputs import FilePart
from jifen.scoring.population.program import build_program

T = TypeVar("T")
Labels = dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _AnalysisTask:
    measure: WorkerMeasure
    groups: tuple[str, ...] = ()


def analyse_on_cluster(
    address: str,
    source: Path,
    policy: Policy,
    on: date,
    *,
    groups: tuple[str, ...] = (),
    weight: str = "",
) -> tuple[RunResult, Labels]:
    """As `analyse`, over the parts of a file or folder, on a cluster (or `local:N`); with what the
    file says of itself. Groups are facts. Raises FileFault, TableError, ClusterFault."""
    parts = PeopleParts(source, policy, weight=weight)
    measure = name_measure(policy, on, weight)
    result = analyse_people(parts.make_empty_people(measure, policy), policy, on, groups=groups)
    for part_result in parts.run_each(address, _analyse_part, _AnalysisTask(measure, groups)):
        result = _add_runs(result, part_result)
    order = {ident: place for place, ident in enumerate(result.program.axes)}
    steps = sorted(result.near.steps, key=lambda step: (-step.people, order[step.fact]))
    return replace(result, near=replace(result.near, steps=tuple(steps))), parts.labels


def find_quota_on_cluster(
    address: str, source: Path, policy: Policy, on: date, wanted: int, *, weight: str = ""
) -> tuple[QuotaResult, Labels]:
    """As `line_for_quota`, over the parts of a file or folder. Raises as `analyse_on`."""
    refuse_quota(wanted)
    parts, measure, program = (
        PeopleParts(source, policy, weight=weight),
        name_measure(policy, on, weight),
        _build_program(policy, on),
    )
    counted = count_scores(parts.make_empty_people(measure, policy), program, on)
    for part_scores in parts.run_each(address, _count_scores, _AnalysisTask(measure)):
        counted = counted.add_distribution(part_scores)
    return build_quota_result(program, counted, wanted), parts.labels


def _build_program(policy: Policy, on: date) -> Any:
    return build_program(policy.rules_on(on))


def _count_scores(
    task: _AnalysisTask, columns: tuple[str, ...], part: FilePart
) -> ScoreDistribution:
    """What a worker does."""
    measure, policy = task.measure, task.measure.load_policy()
    people = measure.decode_people(policy, part.read_columns(columns, columns))
    return count_scores(people, _build_program(policy, measure.on), measure.on, threads=1)


def _analyse_part(task: _AnalysisTask, columns: tuple[str, ...], part: FilePart) -> RunResult:
    """What a worker does: counts only, without the program and the people behind them."""
    measure, policy = task.measure, task.measure.load_policy()
    people = measure.decode_people(policy, part.read_columns(columns, columns))
    result = analyse_people(people, policy, measure.on, groups=task.groups, threads=1)
    nothing: Any = None
    groups = tuple(replace(group, grouping=nothing) for group in result.groups)
    return replace(result, program=nothing, groups=groups)


def _add_counts(counts: T, more: T, *names: str) -> T:
    """The named counts added; everything else is that of `one`."""
    sums = {name: _add(getattr(counts, name), getattr(more, name)) for name in names}
    total: T = replace(counts, **sums)  # type: ignore[type-var] # always one of our dataclasses
    return total


def _add(count: Any, more: Any) -> Any:
    """Two counts; sums of weights are rounded again, so that no noise of fractions is shown."""
    return to_count(count + more) if isinstance(count, int | float) else count + more


def _add_runs(result: RunResult, more: RunResult) -> RunResult:
    counts = ("people", "faulty", "reached", "admissible", "known_totals")
    return replace(
        _add_counts(result, more, *counts),
        groups=tuple(map(_add_groups, result.groups, more.groups)),
        parts=_add_point_parts(result.parts, more.parts),
        near=_add_near(result.near, more.near),
    )


def _add_groups(group: GroupCounts, more: GroupCounts) -> GroupCounts:
    return _add_counts(group, more, "people", "admissible", "reached", "perhaps", "known", "sums")


def _add_point_parts(parts: Made, more: Made) -> Made:
    indicator = ("sum", "sum_of_reached", "people", "counted", "at_most")
    pairs = zip(parts.indicators, more.indicators, strict=True)
    return Made(
        tuple(_add_counts(a, b, *indicator) for a, b in pairs),
        tuple(
            _add_counts(a, b, "people", "points")
            for a, b in zip(parts.caps, more.caps, strict=True)
        ),
        tuple(
            _add_counts(a, b, "people", "perhaps", "alone")
            for a, b in zip(parts.failed, more.failed, strict=True)
        ),
        _add(parts.known_reached, more.known_reached),
    )


def _add_near(near: NearTheLine, more: NearTheLine) -> NearTheLine:
    counts = ("loses_by_birthday", "gains_by_birthday", "within_one_step")
    steps = {step.fact: step for step in near.steps}
    for step in more.steps:
        before = steps[step.fact].people if step.fact in steps else 0
        steps[step.fact] = FactStep(step.fact, step.label, _add(before, step.people))
    return replace(
        _add_counts(near, more, *counts),
        steps=tuple(steps.values()),
        gaps=_add_padded(near.gaps, more.gaps),
    )


def _add_padded(counts: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int64]:
    size = max(len(counts), len(more))
    return np.pad(counts, (0, size - len(counts))) + np.pad(more, (0, size - len(more)))
