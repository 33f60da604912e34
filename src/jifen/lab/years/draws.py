"""Random numbers that belong to a person, a year and a purpose, whatever else is drawn: the same
people have the same luck under every policy, in blocks of any size."""

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float64]
Draw = Callable[[str], Chances]
"""A purpose → one number from 0 up to (not including) 1 for each person of a block."""
_AT_ONCE = 4
"""Philox gives four numbers for each step of its counter."""


def draw_numbers(seed: int, purpose: str, year: int, first: int, count: int) -> Chances:
    """The numbers of the people `first`, `first + 1`, … for one purpose in one year."""
    bits = np.random.Philox(key=_derive_key(seed, purpose, year))
    steps, over = divmod(first, _AT_ONCE)
    bits.advance(steps)
    return np.random.Generator(bits).random(over + count)[over:]


def _derive_key(seed: int, purpose: str, year: int) -> int:
    seed_text = f"{seed} {purpose} {year}".encode()
    return int.from_bytes(hashlib.sha256(seed_text).digest()[:16], "little")
