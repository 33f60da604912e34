"""`run` and `quota` over a population that lies in parts: whole numbers, added up."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from jifen.lab.analysis.near import Near, Step
from jifen.lab.analysis.parts import Parts as Made
from jifen.lab.analysis.quota import QuotaResult, Standing, quota_of, refuse_quota, standing
from jifen.lab.analysis.run import Groups, RunResult, analyse
from jifen.lab.cluster.parts import Measure, Parts, measure_of
from jifen.policy.policy import Policy
from jifen.scoring.files.inputs import FilePart
from jifen.scoring.population.program import build_program

T = TypeVar("T")
Labels = dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Asked:
    measure: Measure
    groups: tuple[str, ...] = ()


def analyse_on(
    address: str, source: Path, policy: Policy, on: date, *, groups: tuple[str, ...] = ()
) -> tuple[RunResult, Labels]:
    """As `analyse`, over the parts of a file or folder, on a cluster (or `local:N`); with what the
    file says of itself. Groups are facts. Raises FileFault, TableError, ClusterFault."""
    parts, measure = Parts(source, policy), measure_of(policy, on)
    result = analyse(parts.nobody(measure, policy), policy, on, groups=groups)
    for found in parts.each(address, _analyse, _Asked(measure, groups)):
        result = _run_plus(result, found)
    order = {ident: place for place, ident in enumerate(result.program.axes)}
    steps = sorted(result.near.steps, key=lambda step: (-step.people, order[step.fact]))
    return replace(result, near=replace(result.near, steps=tuple(steps))), parts.labels


def quota_on(
    address: str, source: Path, policy: Policy, on: date, wanted: int
) -> tuple[QuotaResult, Labels]:
    """As `line_for_quota`, over the parts of a file or folder. Raises as `analyse_on`."""
    refuse_quota(wanted)
    parts, measure, program = Parts(source, policy), measure_of(policy, on), _program(policy, on)
    found = standing(parts.nobody(measure, policy), program, on)
    for one in parts.each(address, _stand, _Asked(measure)):
        found = found.plus(one)
    return quota_of(program, found, wanted), parts.labels


def _program(policy: Policy, on: date) -> Any:
    return build_program(policy.rules_on(on))


def _stand(asked: _Asked, columns: tuple[str, ...], part: FilePart) -> Standing:
    """What a worker does."""
    measure, policy = asked.measure, asked.measure.policy()
    people = measure.people(policy, part.read_columns(columns, columns))
    return standing(people, _program(policy, measure.on), measure.on, threads=1)


def _analyse(asked: _Asked, columns: tuple[str, ...], part: FilePart) -> RunResult:
    """What a worker does: counts only, without the program and the people behind them."""
    measure, policy = asked.measure, asked.measure.policy()
    people = measure.people(policy, part.read_columns(columns, columns))
    found = analyse(people, policy, measure.on, groups=asked.groups, threads=1)
    nothing: Any = None
    groups = tuple(replace(one, grouping=nothing) for one in found.groups)
    return replace(found, program=nothing, groups=groups)


def _plus(one: T, more: T, *names: str) -> T:
    """The named counts added; everything else is that of `one`."""
    sums = {name: getattr(one, name) + getattr(more, name) for name in names}
    made: T = replace(one, **sums)  # type: ignore[type-var] # always one of our dataclasses
    return made


def _run_plus(one: RunResult, more: RunResult) -> RunResult:
    counts = ("people", "faulty", "reached", "admissible", "known_totals")
    return replace(
        _plus(one, more, *counts),
        groups=tuple(map(_group_plus, one.groups, more.groups)),
        parts=_made_plus(one.parts, more.parts),
        near=_near_plus(one.near, more.near),
    )


def _group_plus(one: Groups, more: Groups) -> Groups:
    return _plus(one, more, "people", "admissible", "reached", "perhaps", "known", "sums")


def _made_plus(one: Made, more: Made) -> Made:
    indicator = ("sum", "sum_of_reached", "people", "counted", "at_most")
    pairs = zip(one.indicators, more.indicators, strict=True)
    return Made(
        tuple(_plus(a, b, *indicator) for a, b in pairs),
        tuple(_plus(a, b, "people", "points") for a, b in zip(one.caps, more.caps, strict=True)),
        tuple(
            _plus(a, b, "people", "perhaps", "alone")
            for a, b in zip(one.failed, more.failed, strict=True)
        ),
        one.known_reached + more.known_reached,
    )


def _near_plus(one: Near, more: Near) -> Near:
    counts = ("loses_by_birthday", "gains_by_birthday", "within_one_step")
    steps = {step.fact: step for step in one.steps}
    for step in more.steps:
        before = steps[step.fact].people if step.fact in steps else 0
        steps[step.fact] = Step(step.fact, step.label, before + step.people)
    return replace(
        _plus(one, more, *counts),
        steps=tuple(steps.values()),
        gaps=_padded_sum(one.gaps, more.gaps),
    )


def _padded_sum(one: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int64]:
    size = max(len(one), len(more))
    return np.pad(one, (0, size - len(one))) + np.pad(more, (0, size - len(more)))
