"""The movements of facts through a year: one function each. They read what was before the year
and write what is after it, so that their order does not matter (but for `follows`, the last)."""

from collections.abc import Callable

import numpy as np

from jifen.lab.years.assumptions import Movement
from jifen.lab.years.year_step import MONTHS_OF_YEAR, Column, YearStep, decode_values, encode_values
from jifen.scoring.population.axis import NOT_APPLICABLE

ApplyMovement = Callable[[Movement, YearStep], None]


def apply_ages(movement: Movement, year_step: YearStep) -> None:
    """Between two counting days a year apart everybody has one birthday."""
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    numbers, has_number = decode_values(axis, before)
    year_step.after[movement.fact] = encode_values(axis, numbers + 1, has_number, before)


def apply_accrues(movement: Movement, year_step: YearStep) -> None:
    """Months (or years) are added up, as far as the vocabulary goes."""
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    numbers, has_number = decode_values(axis, before)
    gain = year_step.count_gain(movement)
    if axis.fact.type == "years":
        gain = gain // MONTHS_OF_YEAR
    if movement.zero_stays:
        gain = gain * (numbers > 0)
    year_step.after[movement.fact] = encode_values(axis, numbers + gain, has_number, before)


def apply_runs(movement: Movement, year_step: YearStep) -> None:
    """Unbroken months grow by a year, or begin again with the months since the gap."""
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    numbers, has_number = decode_values(axis, before)
    gain = year_step.count_gain(movement)
    if movement.insured:
        grown = np.where(
            year_step.whole & (gain > 0), numbers + gain, np.minimum(year_step.since, gain)
        )
    else:
        grown = np.where(gain > 0, numbers + gain, 0)
    if movement.zero_stays:
        grown = np.where(numbers > 0, grown, 0)
    year_step.after[movement.fact] = encode_values(axis, grown, has_number, before)


def apply_window(movement: Movement, year_step: YearStep) -> None:
    """A year of months comes in, the oldest year of the window goes out."""
    gain = year_step.count_gain(movement).astype(year_step.get_axis(movement.fact).dtype)
    if movement.level:
        gain = gain * year_step.levels[movement.level]
    _slide_window(movement, year_step, gain)


def apply_expires(movement: Movement, year_step: YearStep) -> None:
    """Records older than the window go; none come."""
    _slide_window(movement, year_step, np.zeros_like(year_step.before[movement.fact]))


def _slide_window(movement: Movement, year_step: YearStep, newest: Column) -> None:
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    windows = [newest, *year_step.yearly_counts[movement.fact][:-1]]
    year_step.yearly_counts[movement.fact] = windows
    total: Column = np.stack(windows).sum(axis=0, dtype=np.int32)
    has_number = (before != NOT_APPLICABLE) & (before != axis.absent)
    year_step.after[movement.fact] = encode_values(axis, total, has_number, before)


def apply_improves(movement: Movement, year_step: YearStep) -> None:
    """At most one step a year; steps from the same answer share one draw."""
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    chance, after, done = year_step.draw(movement.fact), before.copy(), dict[str, float]()
    for step in movement.steps:
        low = done.get(step.origin, 0.0)
        done[step.origin] = low + step.share
        matches_origin = before == axis.encode(step.origin)
        moved = matches_origin & (chance >= low) & (chance < low + step.share)
        after[moved] = axis.encode(step.to)
        for fact, answer in step.sets:
            if fact in year_step.after:
                changed = year_step.after[fact].copy()
                changed[moved] = year_step.get_axis(fact).encode(answer)
                year_step.after[fact] = changed
    year_step.after[movement.fact] = after


def apply_lapses(movement: Movement, year_step: YearStep) -> None:
    """A yes that ends."""
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    ended = (before == axis.encode(True)) & (year_step.draw(movement.fact) < movement.share)
    year_step.after[movement.fact] = np.where(ended, axis.encode(False), before).astype(axis.dtype)


def apply_follows(movement: Movement, year_step: YearStep) -> None:
    """A yes while a number is large enough; as it was where the number or the fact is unknown."""
    if movement.of not in year_step.after:
        return
    axis, before = year_step.get_axis(movement.fact), year_step.before[movement.fact]
    numbers, has_number = decode_values(
        year_step.get_axis(movement.of), year_step.after[movement.of]
    )
    answer = (numbers >= movement.least).astype(axis.dtype)
    known = has_number & (before != axis.absent)
    year_step.after[movement.fact] = np.where(known, answer, before).astype(axis.dtype)


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
