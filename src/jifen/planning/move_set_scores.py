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
from jifen.planning.tracks import Track
from jifen.planning.trajectories import Trajectories
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.bounds import UNKNOWN_SHIFT, get_bounder
from jifen.scoring.population.kernel import allocate_aligned, count_processors, get_kernel
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.program import Program, build_program
from jifen.scoring.population.tables import OutcomeTable

NO_POINTS = -(2**30)
"""The total on a day without a measure: it is no total, and less than any."""
CodeColumn = NDArray[Any]
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
        first = int(self.surely[number].argmax())
        lost = ~(self.surely if surely else self.perhaps)[number][first:]
        return self.days[int(first + lost.argmax())] if lost.any() else None


def score_move_sets(
    timeline: Timeline, sets: Sequence[MoveSet], others: Sequence[Rules] | None = None
) -> MoveSetScores:
    """Score every set on every day, by the kernel. `others` are other rules for the spans of the
    timeline that count months and days alike (another reading): they are looked at once, so by the
    same tables without compiling."""
    rules = others or [courses.initial.rules for courses in timeline.segments]
    parts = [
        _score_segment(courses, sets, build_program(one), compiled=others is None)
        for courses, one in zip(timeline.segments, rules, strict=True)
    ]
    surely, perhaps, least, most, met = (np.concatenate([p[n] for p in parts], 1) for n in range(5))
    lines = np.concatenate([part[5] for part in parts])
    return MoveSetScores(timeline.days, surely, perhaps, least, most, met, lines)


def _score_segment(
    courses: Trajectories, sets: Sequence[MoveSet], program: Program, *, compiled: bool
) -> tuple[Any, ...]:
    shape = len(sets), len(courses.span.days)
    if courses.span.no_measure:
        return _score_void(shape)
    tracks = _collect_tracks(courses, program, sets)
    limits = [program.threshold_on(day) for day in courses.span.days]
    found = list[tuple[Any, ...]]()
    for high in (False, True):
        if high and not _has_open(tracks):
            found.append(found[0])
            continue
        columns = _build_columns(courses, program, tracks, shape, high=high)
        found.append(_score_columns(program, columns, limits, shape, compiled=compiled))
    (least, surely, _, _, _), (_, _, most, perhaps, met) = found
    return surely, perhaps, least, most, met, np.array(limits, np.int32)


def _score_void(shape: tuple[int, int]) -> tuple[Any, ...]:
    """Days without a measure: nobody is at the line, and none is nearer to it than any other."""
    no, none = np.zeros(shape, bool), np.full(shape, NO_POINTS, np.int32)
    return no, no, none, none, no, np.zeros(shape[1], np.int32)


_TracksOfSets = dict[str, tuple[list[Track], NDArray[np.intp]]]


def _collect_tracks(
    courses: Trajectories, program: Program, sets: Sequence[MoveSet]
) -> _TracksOfSets:
    """For each fact its different tracks, and which of them each set has."""
    moved = {one.move.id: one for done in sets for one in done}
    touched = {ident for one in moved.values() for ident in courses.affected_facts(one)}
    held: _TracksOfSets = {}
    none = np.zeros(len(sets), np.intp)
    for ident in program.axes:
        if ident not in touched:
            held[ident] = [courses.get_track(ident)], none
            continue
        tracks: dict[int, int] = {}
        kept, which = list[Track](), []
        for done in sets:
            track = courses.get_track(ident, done)
            number = tracks.setdefault(id(track), len(kept))
            if number == len(kept):
                kept.append(track)
            which.append(number)
        held[ident] = kept, np.array(which, np.intp)
    return held


def _has_open(tracks: _TracksOfSets) -> bool:
    return any(track.has_open_days for kept, _ in tracks.values() for track in kept)


def _build_columns(
    courses: Trajectories,
    program: Program,
    tracks: _TracksOfSets,
    shape: tuple[int, int],
    *,
    high: bool,
) -> CodeColumns:
    """Codes, set by set and day by day, at the end that gives less (or, `high`, more)."""
    columns: CodeColumns = {}
    rising = find_directions(program)
    for turn, (ident, axis) in enumerate(program.axes.items()):
        kept, which = tracks[ident]
        codes = np.stack([_encode_track(track, axis, rising[ident], high=high) for track in kept])
        columns[ident] = allocate_aligned(shape[0] * shape[1], axis.dtype, turn)
        columns[ident].reshape(shape)[:] = codes[which] if len(kept) > 1 else codes
    return columns


def _encode_track(track: Track, axis: Axis, rising: int, *, high: bool) -> CodeColumn:
    if not track.has_open_days:
        return track.encode_codes(axis, high=False)
    if rising == 0:
        codes = track.encode_codes(axis, high=False)
        codes[track.low != track.high] = axis.absent
        return codes
    return track.encode_codes(axis, high=high == (rising > 0))


def _score_columns(
    program: Program,
    columns: CodeColumns,
    limits: list[int],
    shape: tuple[int, int],
    *,
    compiled: bool,
) -> tuple[Any, ...]:
    """Least, surely, most, perhaps, met; each sets × days."""
    absent = any((columns[i] == axis.absent).any() for i, axis in program.axes.items())
    if absent or not compiled:
        return _score_by_tables(program, columns, limits, shape)
    people = shape[0] * shape[1]
    kernel = get_kernel((program,), lines=False, people=people)
    outputs = kernel.allocate_outputs(people)
    ordered = [columns[ident] for ident in program.facts]
    line = limits[0]
    kernel.score(ordered, outputs, [line], count_processors())
    total, flags = (array.reshape(shape) for array in outputs[0])
    met: CodeColumn = (flags & (ELIGIBLE | VETOED)) == ELIGIBLE
    reached: CodeColumn = met & (total >= np.array(limits, np.int32))
    return total, reached, total, reached, met


def _score_by_tables(
    program: Program, columns: CodeColumns, limits: list[int], shape: tuple[int, int]
) -> tuple[Any, ...]:
    lines = np.tile(np.array(limits, np.int32), shape[0])
    found = get_bounder(program).bound_scores(columns, lines)
    surely = (found.flags & REACHED) != 0
    perhaps = surely | ((found.flags & (REACHED << UNKNOWN_SHIFT)) != 0)
    met = ((found.flags & (ELIGIBLE | ELIGIBLE << UNKNOWN_SHIFT)) != 0) & (
        (found.flags & VETOED) == 0
    )
    return tuple(a.reshape(shape) for a in (found.least, surely, found.most, perhaps, met))


def list_conditions_met(
    courses: Trajectories, sets: Sequence[MoveSet]
) -> Iterator[tuple[str, tuple[Text, bool]]]:
    """For each condition (and veto) its label, and whether any set meets it (is clear of it) on any
    day, perhaps."""
    rules, program = courses.initial.rules, build_program(courses.initial.rules)
    tracks, shape = _collect_tracks(courses, program, sets), (len(sets), len(courses.span.days))
    columns = _build_columns(courses, program, tracks, shape, high=True)
    labels = [requirement.label for requirement in rules.requirements]
    labels += [one.label for one in rules.indicators for t in program.vetoes if t.id == one.id]
    answers = get_bounder(program).find_possibly_passing(columns, shape[0] * shape[1])
    tables = (*program.conditions, *program.vetoes)
    for table, label, met in zip(tables, labels, answers, strict=True):
        yield table.id, (label, bool(met.any()))


@lru_cache(maxsize=64)
def find_directions(program: Program) -> dict[str, int]:
    """For each fact whether more of it only helps (1), only harms (-1), or neither for sure (0)."""
    found = {}
    for ident in program.axes:
        steps = [s for t in (*program.points, *program.conditions) for s in _list_steps(t, ident)]
        steps += [s for table in program.points for s in _list_derived_steps(program, table, ident)]
        steps += [-s for table in program.vetoes for s in _list_steps(table, ident)]
        least, most = min(steps, default=0), max(steps, default=0)
        found[ident] = (least >= 0) - (least < 0 and most <= 0)
    return found


def _list_derived_steps(program: Program, table: OutcomeTable, ident: str) -> list[int]:
    """As `_steps`, where a table stands over derived numbers that are reckoned from the fact."""
    found: list[int] = []
    for key in program.derived.keys() & set(table.facts):
        formula = program.derived[key].formula
        if ident in formula.list_facts():
            steps, sign = _list_steps(table, key), formula.find_directions().get(ident, 0)
            found += [step * sign for step in steps] if sign else [-1, 1]
    return found


def _list_steps(table: OutcomeTable, ident: str) -> list[int]:
    """How the outcome moves from one stretch of a fact to the next, at the worst and the best."""
    if ident not in table.facts:
        return []
    axis = table.facts.index(ident)
    starts = table.starts[axis]
    aside = len(starts) > 1 and starts[1] == 1  # code 0: the fact does not apply
    cells = np.moveaxis(table.cells, axis, 0)[1 if aside else 0 :]
    steps = np.diff(cells, axis=0)
    return [int(steps.min()), int(steps.max())] if steps.size else []
