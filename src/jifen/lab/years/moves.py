"""The movements of facts through a year: one function each. They read what was before the year
and write what is after it, so that their order does not matter (but for `follows`, the last)."""

from collections.abc import Callable

import numpy as np

from jifen.lab.years.assumptions import Movement
from jifen.lab.years.turn import YEAR, Column, Turn, coded, values
from jifen.scoring.population.axis import NOT_APPLICABLE

Move = Callable[[Movement, Turn], None]


def ages(movement: Movement, turn: Turn) -> None:
    """Between two counting days a year apart everybody has one birthday."""
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
    numbers, there = values(axis, before)
    turn.after[movement.fact] = coded(axis, numbers + 1, there, before)


def accrues(movement: Movement, turn: Turn) -> None:
    """Months (or years) are added up, as far as the vocabulary goes."""
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
    numbers, there = values(axis, before)
    gain = turn.gain(movement)
    if axis.fact.type == "years":
        gain = gain // YEAR
    if movement.zero_stays:
        gain = gain * (numbers > 0)
    turn.after[movement.fact] = coded(axis, numbers + gain, there, before)


def runs(movement: Movement, turn: Turn) -> None:
    """Unbroken months grow by a year, or begin again with the months since the gap."""
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
    numbers, there = values(axis, before)
    gain = turn.gain(movement)
    if movement.insured:
        grown = np.where(turn.whole & (gain > 0), numbers + gain, np.minimum(turn.since, gain))
    else:
        grown = np.where(gain > 0, numbers + gain, 0)
    if movement.zero_stays:
        grown = np.where(numbers > 0, grown, 0)
    turn.after[movement.fact] = coded(axis, grown, there, before)


def window(movement: Movement, turn: Turn) -> None:
    """A year of months comes in, the oldest year of the window goes out."""
    gain = turn.gain(movement).astype(turn.axis(movement.fact).dtype)
    if movement.level:
        gain = gain * turn.levels[movement.level]
    _slide(movement, turn, gain)


def expires(movement: Movement, turn: Turn) -> None:
    """Records older than the window go; none come."""
    _slide(movement, turn, np.zeros_like(turn.before[movement.fact]))


def _slide(movement: Movement, turn: Turn, newest: Column) -> None:
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
    ring = [newest, *turn.rings[movement.fact][:-1]]
    turn.rings[movement.fact] = ring
    total: Column = np.stack(ring).sum(axis=0, dtype=np.int32)
    there = (before != NOT_APPLICABLE) & (before != axis.absent)
    turn.after[movement.fact] = coded(axis, total, there, before)


def improves(movement: Movement, turn: Turn) -> None:
    """At most one step a year; steps from the same answer share one draw."""
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
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
                changed[moved] = turn.axis(fact).encode(answer)
                turn.after[fact] = changed
    turn.after[movement.fact] = after


def lapses(movement: Movement, turn: Turn) -> None:
    """A yes that ends."""
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
    ended = (before == axis.encode(True)) & (turn.draw(movement.fact) < movement.share)
    turn.after[movement.fact] = np.where(ended, axis.encode(False), before).astype(axis.dtype)


def follows(movement: Movement, turn: Turn) -> None:
    """A yes while a number is large enough; as it was where the number or the fact is unknown."""
    if movement.of not in turn.after:
        return
    axis, before = turn.axis(movement.fact), turn.before[movement.fact]
    numbers, there = values(turn.axis(movement.of), turn.after[movement.of])
    answer = (numbers >= movement.least).astype(axis.dtype)
    known = there & (before != axis.absent)
    turn.after[movement.fact] = np.where(known, answer, before).astype(axis.dtype)


MOVES: dict[str, Move] = {
    "ages": ages,
    "accrues": accrues,
    "runs": runs,
    "window": window,
    "expires": expires,
    "lapses": lapses,
    "improves": improves,
    "follows": follows,
}
"""By kind, in the order in which they are made; 'stays' makes none."""
