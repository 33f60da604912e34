"""Many sets of moves through all days, scored in one batch by the population kernel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.planning.case import Timeline
from jifen.planning.schedule import MoveSet
from jifen.planning.set_tracks import CodeColumn, TracksOfSets
from jifen.planning.trajectories import Trajectories
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.scoring.population.bounds import UNKNOWN_SHIFT, get_bounder
from jifen.scoring.population.kernel import allocate_aligned, count_processors, get_kernel
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.program import Program, build_program
from jifen.scoring.population.tables import OutcomeTable

NO_POINTS = -(2**30)
"""The total on a day without a measure: it is no total, and less than any."""
CodeColumns = dict[str, CodeColumn]


@dataclass(frozen=True, eq=False)
class MoveSetScores:
    """Sets × days: whether the line is reached `surely`, `perhaps`; the `least` and the `most`
    total (scaled points), and whether every condition is `met`, perhaps, and no veto stands for
    sure; the `lines` of the days."""

    days: tuple[date, ...]
    surely: NDArray[np.bool_]
    perhaps: NDArray[np.bool_]
    least: NDArray[np.int32]
    most: NDArray[np.int32]
    met: NDArray[np.bool_]
    thresholds: NDArray[np.int32]

    def first_day(self, number: int, *, surely: bool = True) -> date | None:
        """The first day on which a set reaches the line."""
        reached = (self.surely if surely else self.perhaps)[number]
        return self.days[int(reached.argmax())] if reached.any() else None

    def kept_until(self, number: int, *, surely: bool = True) -> date | None:
        """The first day after that on which it is not surely there any more; or (`surely` false)
        surely not."""
        first_number = int(self.surely[number].argmax())
        lost = ~(self.surely if surely else self.perhaps)[number][first_number:]
        return self.days[int(first_number + lost.argmax())] if lost.any() else None


def score_move_sets(timeline: Timeline, sets: Sequence[MoveSet]) -> MoveSetScores:
    """Score every set on every day, by the kernel."""
    return MoveSetScorer(timeline, sets).score_sets()


class MoveSetScorer:
    """Scores the same sets through the same days under one set of rules after another: what the
    moves make of the facts, and the codes of it, are worked out once."""

    def __init__(self, timeline: Timeline, sets: Sequence[MoveSet]) -> None:
        self._timeline = timeline
        self._segments = [
            TracksOfSets(trajectories, tuple(sets)) for trajectories in timeline.segments
        ]

    def score_sets(self, other_rules: Sequence[Rules] | None = None) -> MoveSetScores:
        """Score every set on every day. `other_rules` are other rules for the spans of the timeline
        that count months and days alike (another reading): they are looked at once, so by the same
        tables without compiling."""
        rules = other_rules or [
            trajectories.initial.rules for trajectories in self._timeline.segments
        ]
        parts = [
            _score_segment(tracks, build_program(segment_rules), compiled=other_rules is None)
            for tracks, segment_rules in zip(self._segments, rules, strict=True)
        ]
        surely, perhaps, least, most, met = (
            np.concatenate([part[number] for part in parts], 1) for number in range(5)
        )
        lines = np.concatenate([part[5] for part in parts])
        return MoveSetScores(self._timeline.days, surely, perhaps, least, most, met, lines)


def _score_segment(tracks: TracksOfSets, program: Program, *, compiled: bool) -> tuple[Any, ...]:
    span = tracks.trajectories.span
    if span.no_measure:
        return _score_void(tracks.shape)
    thresholds = [program.threshold_on(day) for day in span.days]
    ends = list[tuple[Any, ...]]()
    for high in (False, True):
        if high and not tracks.has_open_days(program.axes):
            ends.append(ends[0])
            continue
        columns = _build_columns(tracks, program, high=high)
        ends.append(_score_columns(program, columns, thresholds, tracks.shape, compiled=compiled))
    (least, surely, _, _, _), (_, _, most, perhaps, met) = ends
    return surely, perhaps, least, most, met, np.array(thresholds, np.int32)


def _score_void(shape: tuple[int, int]) -> tuple[Any, ...]:
    """Days without a measure: nobody is at the line, and none is nearer to it than any other."""
    no, none = np.zeros(shape, bool), np.full(shape, NO_POINTS, np.int32)
    return no, no, none, none, no, np.zeros(shape[1], np.int32)


def _build_columns(tracks: TracksOfSets, program: Program, *, high: bool) -> CodeColumns:
    """Codes, set by set and day by day, at the end that gives less (or, `high`, more)."""
    columns: CodeColumns = {}
    rising = find_directions(program)
    for column_number, (fact_id, axis) in enumerate(program.axes.items()):
        codes = tracks.encode_fact(axis, rising[fact_id], high=high)
        _, track_numbers = tracks.get_tracks(fact_id)
        column = allocate_aligned(len(track_numbers) * codes.shape[1], axis.dtype, column_number)
        column.reshape(tracks.shape)[:] = codes[track_numbers] if len(codes) > 1 else codes
        columns[fact_id] = column
    return columns


def _score_columns(
    program: Program,
    columns: CodeColumns,
    thresholds: list[int],
    shape: tuple[int, int],
    *,
    compiled: bool,
) -> tuple[Any, ...]:
    """Least, surely, most, perhaps, met; each sets × days."""
    absent = any((columns[fact_id] == axis.absent).any() for fact_id, axis in program.axes.items())
    if absent or not compiled or program.ways:  # who comes in without points, flags say
        return _score_by_tables(program, columns, thresholds, shape)
    people = shape[0] * shape[1]
    kernel = get_kernel((program,), lines=False, people=people)
    outputs = kernel.allocate_outputs(people)
    ordered = [columns[fact_id] for fact_id in program.facts]
    first_threshold = thresholds[0]
    kernel.score(ordered, outputs, [first_threshold], count_processors())
    total, flags = (array.reshape(shape) for array in outputs[0])
    met: CodeColumn = (flags & (ELIGIBLE | VETOED)) == ELIGIBLE
    reached: CodeColumn = met & (total >= np.array(thresholds, np.int32))
    return total, reached, total, reached, met


def _score_by_tables(
    program: Program, columns: CodeColumns, thresholds: list[int], shape: tuple[int, int]
) -> tuple[Any, ...]:
    tiled_thresholds = np.tile(np.array(thresholds, np.int32), shape[0])
    bounds = get_bounder(program).bound_scores(columns, tiled_thresholds)
    surely = (bounds.flags & REACHED) != 0
    perhaps = surely | ((bounds.flags & (REACHED << UNKNOWN_SHIFT)) != 0)
    met = ((bounds.flags & (ELIGIBLE | ELIGIBLE << UNKNOWN_SHIFT)) != 0) & (
        (bounds.flags & VETOED) == 0
    )
    return tuple(
        array.reshape(shape) for array in (bounds.least, surely, bounds.most, perhaps, met)
    )


def list_conditions_met(
    trajectories: Trajectories, sets: Sequence[MoveSet]
) -> Iterator[tuple[str, tuple[Text, bool]]]:
    """For each condition (and veto) its label, and whether any set meets it (is clear of it) on any
    day, perhaps."""
    rules, program = trajectories.initial.rules, build_program(trajectories.initial.rules)
    tracks = TracksOfSets(trajectories, tuple(sets))
    columns = _build_columns(tracks, program, high=True)
    labels = [requirement.label for requirement in rules.requirements]
    labels += [
        indicator.label
        for indicator in rules.indicators
        for t in program.vetoes
        if t.id == indicator.id
    ]
    answers = get_bounder(program).find_possibly_passing(columns, tracks.shape[0] * tracks.shape[1])
    tables = (*program.conditions, *program.vetoes)
    for table, label, met in zip(tables, labels, answers, strict=True):
        yield table.id, (label, bool(met.any()))


@lru_cache(maxsize=64)
def find_directions(program: Program) -> dict[str, int]:
    """For each fact whether more of it only helps (1), only harms (-1), or neither for sure (0)."""
    directions = {}
    rising = (*program.points, *program.conditions, *program.ways)
    for fact_id in program.axes:
        steps = [s for t in rising for s in _list_steps(t, fact_id)]
        steps += [
            s for table in program.points for s in _list_derived_steps(program, table, fact_id)
        ]
        steps += [-s for table in program.vetoes for s in _list_steps(table, fact_id)]
        least, most = min(steps, default=0), max(steps, default=0)
        directions[fact_id] = (least >= 0) - (least < 0 and most <= 0)
    return directions


def _list_derived_steps(program: Program, table: OutcomeTable, fact_id: str) -> list[int]:
    """As `_steps`, where a table stands over derived numbers that are reckoned from the fact."""
    derived_steps: list[int] = []
    for key in program.derived.keys() & set(table.facts):
        formula = program.derived[key].formula
        if fact_id in formula.list_facts():
            steps, sign = _list_steps(table, key), formula.find_directions().get(fact_id, 0)
            derived_steps += [step * sign for step in steps] if sign else [-1, 1]
    return derived_steps


def _list_steps(table: OutcomeTable, fact_id: str) -> list[int]:
    """How the outcome moves from one stretch of a fact to the next, at the worst and the best."""
    if fact_id not in table.facts:
        return []
    axis = table.facts.index(fact_id)
    starts = table.starts[axis]
    has_not_applicable = len(starts) > 1 and starts[1] == 1  # code 0: the fact does not apply
    cells = np.moveaxis(table.cells, axis, 0)[1 if has_not_applicable else 0 :]
    steps = np.diff(cells, axis=0)
    return [int(steps.min()), int(steps.max())] if steps.size else []
