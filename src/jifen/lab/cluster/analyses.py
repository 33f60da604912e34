"""`run` and `quota` over a population that lies in parts: whole numbers, added up."""

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
    address: str, source: Path, policy: Policy, on: date, *, groups: tuple[str, ...] = ()
) -> tuple[RunResult, Labels]:
    """As `analyse`, over the parts of a file or folder, on a cluster (or `local:N`); with what the
    file says of itself. Groups are facts. Raises FileFault, TableError, ClusterFault."""
    parts, measure = PeopleParts(source, policy), name_measure(policy, on)
    result = analyse_people(parts.make_empty_people(measure, policy), policy, on, groups=groups)
    for found in parts.run_each(address, _analyse_part, _AnalysisTask(measure, groups)):
        result = _add_runs(result, found)
    order = {ident: place for place, ident in enumerate(result.program.axes)}
    steps = sorted(result.near.steps, key=lambda step: (-step.people, order[step.fact]))
    return replace(result, near=replace(result.near, steps=tuple(steps))), parts.labels


def find_quota_on_cluster(
    address: str, source: Path, policy: Policy, on: date, wanted: int
) -> tuple[QuotaResult, Labels]:
    """As `line_for_quota`, over the parts of a file or folder. Raises as `analyse_on`."""
    refuse_quota(wanted)
    parts, measure, program = (
        PeopleParts(source, policy),
        name_measure(policy, on),
        _build_program(policy, on),
    )
    found = count_scores(parts.make_empty_people(measure, policy), program, on)
    for one in parts.run_each(address, _count_scores, _AnalysisTask(measure)):
        found = found.add_distribution(one)
    return build_quota_result(program, found, wanted), parts.labels


def _build_program(policy: Policy, on: date) -> Any:
    return build_program(policy.rules_on(on))


def _count_scores(
    asked: _AnalysisTask, columns: tuple[str, ...], part: FilePart
) -> ScoreDistribution:
    """What a worker does."""
    measure, policy = asked.measure, asked.measure.load_policy()
    people = measure.decode_people(policy, part.read_columns(columns, columns))
    return count_scores(people, _build_program(policy, measure.on), measure.on, threads=1)


def _analyse_part(asked: _AnalysisTask, columns: tuple[str, ...], part: FilePart) -> RunResult:
    """What a worker does: counts only, without the program and the people behind them."""
    measure, policy = asked.measure, asked.measure.load_policy()
    people = measure.decode_people(policy, part.read_columns(columns, columns))
    found = analyse_people(people, policy, measure.on, groups=asked.groups, threads=1)
    nothing: Any = None
    groups = tuple(replace(one, grouping=nothing) for one in found.groups)
    return replace(found, program=nothing, groups=groups)


def _add_counts(one: T, more: T, *names: str) -> T:
    """The named counts added; everything else is that of `one`."""
    sums = {name: getattr(one, name) + getattr(more, name) for name in names}
    made: T = replace(one, **sums)  # type: ignore[type-var] # always one of our dataclasses
    return made


def _add_runs(one: RunResult, more: RunResult) -> RunResult:
    counts = ("people", "faulty", "reached", "admissible", "known_totals")
    return replace(
        _add_counts(one, more, *counts),
        groups=tuple(map(_add_groups, one.groups, more.groups)),
        parts=_add_point_parts(one.parts, more.parts),
        near=_add_near(one.near, more.near),
    )


def _add_groups(one: GroupCounts, more: GroupCounts) -> GroupCounts:
    return _add_counts(one, more, "people", "admissible", "reached", "perhaps", "known", "sums")


def _add_point_parts(one: Made, more: Made) -> Made:
    indicator = ("sum", "sum_of_reached", "people", "counted", "at_most")
    pairs = zip(one.indicators, more.indicators, strict=True)
    return Made(
        tuple(_add_counts(a, b, *indicator) for a, b in pairs),
        tuple(
            _add_counts(a, b, "people", "points") for a, b in zip(one.caps, more.caps, strict=True)
        ),
        tuple(
            _add_counts(a, b, "people", "perhaps", "alone")
            for a, b in zip(one.failed, more.failed, strict=True)
        ),
        one.known_reached + more.known_reached,
    )


def _add_near(one: NearTheLine, more: NearTheLine) -> NearTheLine:
    counts = ("loses_by_birthday", "gains_by_birthday", "within_one_step")
    steps = {step.fact: step for step in one.steps}
    for step in more.steps:
        before = steps[step.fact].people if step.fact in steps else 0
        steps[step.fact] = FactStep(step.fact, step.label, before + step.people)
    return replace(
        _add_counts(one, more, *counts),
        steps=tuple(steps.values()),
        gaps=_add_padded(one.gaps, more.gaps),
    )


def _add_padded(one: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int64]:
    size = max(len(one), len(more))
    return np.pad(one, (0, size - len(one))) + np.pad(more, (0, size - len(more)))
