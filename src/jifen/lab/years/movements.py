"""The movements of facts through a year: one function each. They read what was before the year
and write what is after it, so that their order does not matter (but for `follows`, the last)."""

from collections.abc import Callable

import numpy as np

from jifen.lab.years.assumptions import Movement
from jifen.lab.years.year_step import MONTHS_OF_YEAR, Column, YearStep, decode_values, encode_values
from jifen.scoring.population.axis import NOT_APPLICABLE

ApplyMovement = Callable[[Movement, YearStep], None]


def apply_ages(movement: Movement, turn: YearStep) -> None:
    """Between two counting days a year apart everybody has one birthday."""
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    numbers, there = decode_values(axis, before)
    turn.after[movement.fact] = encode_values(axis, numbers + 1, there, before)


def apply_accrues(movement: Movement, turn: YearStep) -> None:
    """Months (or years) are added up, as far as the vocabulary goes."""
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    numbers, there = decode_values(axis, before)
    gain = turn.count_gain(movement)
    if axis.fact.type == "years":
        gain = gain // MONTHS_OF_YEAR
    if movement.zero_stays:
        gain = gain * (numbers > 0)
    turn.after[movement.fact] = encode_values(axis, numbers + gain, there, before)


def apply_runs(movement: Movement, turn: YearStep) -> None:
    """Unbroken months grow by a year, or begin again with the months since the gap."""
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    numbers, there = decode_values(axis, before)
    gain = turn.count_gain(movement)
    if movement.insured:
        grown = np.where(turn.whole & (gain > 0), numbers + gain, np.minimum(turn.since, gain))
    else:
        grown = np.where(gain > 0, numbers + gain, 0)
    if movement.zero_stays:
        grown = np.where(numbers > 0, grown, 0)
    turn.after[movement.fact] = encode_values(axis, grown, there, before)


def apply_window(movement: Movement, turn: YearStep) -> None:
    """A year of months comes in, the oldest year of the window goes out."""
    gain = turn.count_gain(movement).astype(turn.get_axis(movement.fact).dtype)
    if movement.level:
        gain = gain * turn.levels[movement.level]
    _slide_window(movement, turn, gain)


def apply_expires(movement: Movement, turn: YearStep) -> None:
    """Records older than the window go; none come."""
    _slide_window(movement, turn, np.zeros_like(turn.before[movement.fact]))


def _slide_window(movement: Movement, turn: YearStep, newest: Column) -> None:
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    ring = [newest, *turn.rings[movement.fact][:-1]]
    turn.rings[movement.fact] = ring
    total: Column = np.stack(ring).sum(axis=0, dtype=np.int32)
    there = (before != NOT_APPLICABLE) & (before != axis.absent)
    turn.after[movement.fact] = encode_values(axis, total, there, before)


def apply_improves(movement: Movement, turn: YearStep) -> None:
    """At most one step a year; steps from the same answer share one draw."""
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    chance, after, done = turn.draw(movement.fact), before.copy(), dict[str, float]()
    for step in movement.steps:
        low = done.get(step.origin, 0.0)
        done[step.origin] = low + step.share
        there = before == axis.encode(step.origin)
        moved = there & (chance >= low) & (chance < low + step.share)
        after[moved] = axis.encode(step.to)
        for fact, answer in step.sets:
            if fact in turn.after:
                changed = turn.after[fact].copy()
                changed[moved] = turn.get_axis(fact).encode(answer)
                turn.after[fact] = changed
    turn.after[movement.fact] = after


def apply_lapses(movement: Movement, turn: YearStep) -> None:
    """A yes that ends."""
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    ended = (before == axis.encode(True)) & (turn.draw(movement.fact) < movement.share)
    turn.after[movement.fact] = np.where(ended, axis.encode(False), before).astype(axis.dtype)


def apply_follows(movement: Movement, turn: YearStep) -> None:
    """A yes while a number is large enough; as it was where the number or the fact is unknown."""
    if movement.of not in turn.after:
        return
    axis, before = turn.get_axis(movement.fact), turn.before[movement.fact]
    numbers, there = decode_values(turn.get_axis(movement.of), turn.after[movement.of])
    answer = (numbers >= movement.least).astype(axis.dtype)
    known = there & (before != axis.absent)
    turn.after[movement.fact] = np.where(known, answer, before).astype(axis.dtype)


MOVEMENT_BY_KIND: dict[str, ApplyMovement] = {
    "ages": apply_ages,
    "accrues": apply_accrues,
    "runs": apply_runs,
    "window": apply_window,
    "expires": apply_expires,
    "lapses": apply_lapses,
    "improves": apply_improves,
    "follows": apply_follows,
}
"""By kind, in the order in which they are made; 'stays' makes none."""
