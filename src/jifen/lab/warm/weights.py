"""What the indicators of a draft weigh: in points, and in people who would not reach the line
without them; how close people are to the line; what each reading of an unsure clause would make."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.scoring import ScoredPeople
from jifen.lab.warm.tally_loop import can_be_tallied
from jifen.lab.warm.warm_people import WarmPeople
from jifen.lab.weights import Count, count_by_code, to_count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program, build_programs

NEAREST = 20
"""So many points above and below the line people are counted as close to it."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class IndicatorWeight:
    """An indicator under one set of rules: its mean points over everybody whose facts are all
    known, how many of them it gives points, and how many of them reach the line with it and would
    not without it."""

    mean: float
    people: Count
    needed: Count


@dataclass(frozen=True, slots=True)
class WeighedIndicator:
    """An indicator in the version and in the draft; None where it is in one of them only."""

    id: str
    label: Text
    before: IndicatorWeight | None
    after: IndicatorWeight | None


@dataclass(frozen=True, slots=True)
class CloseToLine:
    """People who meet every condition, all of whose facts are known, by their distance from the
    line in whole points: `distances[n]` has `before[n]` and `after[n]` people."""

    distances: tuple[int, ...]
    before: tuple[Count, ...]
    after: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """A reading of an unsure clause: people surely at the line under it."""

    switch: str
    switch_label: Text
    reading: str
    label: Text
    is_default: bool
    before: Count | None
    after: Count


@dataclass(frozen=True, slots=True)
class DraftWeights:
    """All three, of a draft against its version; `everybody`: those under the draft all of whose
    facts are known, among whom indicators are weighed."""

    everybody: Count
    indicators: tuple[WeighedIndicator, ...]
    close: CloseToLine
    readings: tuple[ReadingCounts, ...]


_NOT_A_SUM = say("warm.weights.not_a_sum")


def weigh_draft(
    people: WarmPeople, policy: Policy, reform: Policy, on: date, progress: Progress | None = None
) -> DraftWeights:
    """The weights of a draft on a day. Raises TableError where a fact is missing, and for a measure
    whose totals are not sums of its indicators."""
    people.learn_facts(reform)
    base, draft = build_programs((policy.rules_on(on), reform.rules_on(on)))
    if not (can_be_tallied(base) and can_be_tallied(draft)):
        raise TableError([_NOT_A_SUM])
    scored = people.score_pair(base, draft, on)
    steps = len(base.points) + len(draft.points)
    done = 0

    def count_step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, steps)

    before, after = (
        _weigh_program(people, program, one, on, count_step)
        for program, one in zip((base, draft), scored, strict=True)
    )
    labels = {i.id: i.label for rules in (base.rules, draft.rules) for i in rules.indicators}
    shown = [ident for ident in labels if ident in before or ident in after]
    return DraftWeights(
        to_count(_count_known(scored[1])),
        tuple(WeighedIndicator(i, labels[i], before.get(i), after.get(i)) for i in shown),
        _count_close(base, draft, scored, on),
        tuple(_count_readings(people, policy, reform, on)),
    )


def _weigh_program(
    people: WarmPeople,
    program: Program,
    scored: ScoredPeople,
    on: date,
    count_step: Callable[[], None],
) -> dict[str, IndicatorWeight]:
    """Each indicator that can give points."""
    line = program.threshold_on(on)
    columns = [people.points_of(program, table) for table in program.points]
    known = None if not len(scored.unknown_rows) and scored.usable is None else scored.known
    everybody = _count_known(scored)
    reached = scored.count_people(scored.reached)
    found = {}
    for number, (table, indicator) in enumerate(
        zip(program.points, program.rules.indicators, strict=True)
    ):
        count_step()
        if not (table.least or table.most):
            continue
        own = columns[number][: people.people.count]
        without = list(columns)
        without[number] = np.zeros_like(columns[number])
        left = people.tally(program, line, without)
        total, some = _sum_points(own, known, scored.weights)
        found[indicator.id] = IndicatorWeight(
            total / float(everybody) / program.scale if everybody else 0.0,
            some,
            to_count(reached - scored.count_people(left.reached & scored.reached)),
        )
    return found


def _count_known(scored: ScoredPeople) -> Count:
    is_whole = not len(scored.unknown_rows) and scored.usable is None
    return scored.count_people(scored.everybody if is_whole else scored.known)


def _sum_points(
    points: NDArray[Any], known: NDArray[np.bool_] | None, weights: NDArray[np.float64] | None
) -> tuple[float, Count]:
    if known is not None:
        points, weights = points[known], None if weights is None else weights[known]
    if weights is None:
        return float(points.sum(dtype=np.int64)), int(np.count_nonzero(points))
    return float(weights @ points), to_count(weights[points != 0].sum())


def _count_close(
    base: Program, draft: Program, scored: tuple[ScoredPeople, ScoredPeople], on: date
) -> CloseToLine:
    distances = tuple(range(-NEAREST, NEAREST + 1))
    before, after = (
        _count_distances(one, program.threshold_on(on), program.scale)
        for program, one in zip((base, draft), scored, strict=True)
    )
    return CloseToLine(distances, before, after)


def _count_distances(scored: ScoredPeople, line: int, scale: int) -> tuple[Count, ...]:
    gaps = np.floor_divide(scored.total.astype(np.int32) - line, scale)
    close = (np.abs(gaps) <= NEAREST) & scored.admissible & scored.known
    weights = None if scored.weights is None else scored.weights[close]
    counts = count_by_code(gaps[close] + NEAREST, 2 * NEAREST + 1, weights)
    return tuple(to_count(count) for count in counts)


def _count_readings(
    people: WarmPeople, policy: Policy, reform: Policy, on: date
) -> list[ReadingCounts]:
    """Every reading of every clause on which sources disagree, one switch at a time."""
    known = {switch.id: {one.id for one in switch.readings} for switch in policy.switches}
    found = []
    for switch in reform.switches:
        for reading in switch.readings:
            chosen = {switch.id: reading.id}
            is_old = reading.id in known.get(switch.id, ())
            rules = [reform.rules_on(on, chosen)]
            rules += [policy.rules_on(on, chosen)] if is_old else []
            programs = build_programs(tuple(rules))
            counts = [_count_reached(people, program, on) for program in programs]
            found.append(
                ReadingCounts(
                    switch.id,
                    switch.question,
                    reading.id,
                    reading.label,
                    reading.id == switch.default,
                    counts[1] if is_old else None,
                    counts[0],
                )
            )
    return found


def _count_reached(people: WarmPeople, program: Program, on: date) -> Count:
    scored = people.score_pair(program, program, on)[0]
    return scored.count_people(scored.reached)
