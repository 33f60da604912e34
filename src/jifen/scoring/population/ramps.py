"""A staircase as few straight ramps and single steps: '3 a full year' is one ramp of 60 steps."""

from collections.abc import Sequence
from dataclasses import dataclass

_SHORTEST_RAMP = 4
"""Fewer steps than this are cheaper one by one."""
_LONGEST_PERIOD = 24
"""Rounded fractions step unevenly, but again and again alike: 0.08, 0.17, 0.25 by months."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """`units` steps of `each`, the first at code `first`, one every `every` codes."""

    first: int
    every: int
    each: int
    units: int


def ramps_and_steps(
    starts: Sequence[int], values: Sequence[int]
) -> tuple[list[Ramp], list[tuple[int, int]]]:
    """Values by stretches (first codes, the first 0) → ramps and steps (code, how much more)."""
    jumps = [
        (starts[n], values[n] - values[n - 1])
        for n in range(1, len(starts))
        if values[n] != values[n - 1]
    ]
    ramps, steps, position = [], [], 0
    while position < len(jumps):
        length = _count_even_jumps(jumps, position)
        if length >= _SHORTEST_RAMP:
            every = jumps[position + 1][0] - jumps[position][0]
            ramps.append(Ramp(jumps[position][0], every, jumps[position][1], length))
            position += length
        elif interleaved := _find_interleaved_ramps(jumps, position):
            ramps += interleaved
            position += sum(ramp.units for ramp in interleaved)
        else:
            steps.append(jumps[position])
            position += 1
    return ramps, steps


def _find_interleaved_ramps(jumps: Sequence[tuple[int, int]], position: int) -> list[Ramp]:
    """Ramps that step in turn, where the jumps from here on repeat after some of them; none where
    they do not, or not often enough to be worth it."""
    for period in range(2, _LONGEST_PERIOD + 1):
        if position + period >= len(jumps):
            return []
        every, length = jumps[position + period][0] - jumps[position][0], period
        while position + length < len(jumps):
            code, each = jumps[position + length]
            before, same = jumps[position + length - period]
            if code - before != every or each != same:
                break
            length += 1
        if length >= _SHORTEST_RAMP * period:
            return [
                Ramp(
                    jumps[position + n][0],
                    every,
                    jumps[position + n][1],
                    _count_jumps(length, n, period),
                )
                for n in range(period)
            ]
    return []


def _count_jumps(length: int, turn: int, period: int) -> int:
    """How many of so many jumps are of one turn."""
    return (length - turn - 1) // period + 1


def _count_even_jumps(jumps: Sequence[tuple[int, int]], position: int) -> int:
    """How many jumps from here on are of one height and one distance."""
    if position + 1 >= len(jumps):
        return 1
    every, each, length = jumps[position + 1][0] - jumps[position][0], jumps[position][1], 1
    while position + length < len(jumps):
        code, more = jumps[position + length]
        if more != each or code - jumps[position + length - 1][0] != every:
            break
        length += 1
    return length
