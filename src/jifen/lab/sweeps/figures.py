"""The figures of all variants as the loop wants them: gates, widths, rows of tables and limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.sweeps.emit import Structure
from jifen.lab.sweeps.leaves import End, Leaf, leaf_of
from jifen.lab.sweeps.loop import tiled
from jifen.lab.sweeps.shape import Branch, Part
from jifen.scoring.population.lanes import lane_width
from jifen.scoring.population.program import Program

_HALF = np.iinfo(np.int16)


class TooLarge(ValueError):
    """Variants that the loop does not hold (points beyond 16 bits): they are scored one by one."""


_OTHER: dict[End | None, End | None] = {None: None, "least": "most", "most": "least"}


def gates_of(programs: Sequence[Program], end: End | None = None) -> list[Leaf]:
    """Conditions as they are, vetoes turned round: all must be 1."""
    conditions = zip(*(p.conditions for p in programs), strict=True)
    vetoes = zip(*(p.vetoes for p in programs), strict=True)
    gates = [leaf_of(tables, end) for tables in conditions]
    for tables in vetoes:
        leaf = leaf_of(tables, _OTHER[end])  # a veto that surely does not stand: its most is 0
        gates.append(replace(leaf, points=1 - leaf.points))
    return gates


def is_steady(leaf: Leaf) -> bool:
    """Whether the points of a leaf are the same in all variants."""
    return bool((leaf.points == leaf.points[0]).all())


def structure_of(
    root: Branch, coded: Sequence[Leaf], gates: int, programs: Sequence[Program]
) -> Structure:
    """What the loop is made for. Raises TooLarge where 16 bits do not hold every sum."""
    widths = [lane_width(int(leaf.points.min()), int(leaf.points.max())) for leaf in coded]
    least = min(program.least for program in programs)
    most = max(program.most for program in programs)
    wide = [p for p in programs if p.total_dtype != np.dtype(np.int16)]
    if wide or max(widths, default=8) > 16 or _extent(root) > _HALF.max or _has_empty(root):
        raise TooLarge
    return Structure(root, widths, gates, least, most, programs[0].floor is not None)


def _has_empty(part: Part) -> bool:
    """Whether a group without indicators stands in a best-of: the loop has no row for its 0."""
    if not isinstance(part, Branch):
        return False
    return not part.parts or any(_has_empty(inner) for inner in part.parts)


def _extent(part: Part) -> int:
    """A bound of every sum on the way."""
    if isinstance(part, Branch):
        return sum(_extent(inner) for inner in part.parts)
    return max(abs(part.least), abs(part.most))


def limit_rows(root: Branch, programs: Sequence[Program], on: date) -> list[NDArray[np.int16]]:
    """Caps in the order in which the loop meets them, then floor and line: (tiles, 64) each."""
    rows: list[NDArray[Any]] = list(_cap_rows(root))
    if programs[0].floor is not None:
        rows.append(np.array([p.floor for p in programs]))
    rows.append(np.array([p.threshold_on(on) for p in programs]))
    dtype = np.dtype(np.int16)
    return [tiled(row.astype(np.int32)[:, None], dtype)[:, 0, :] for row in rows]


def _cap_rows(part: Part) -> list[NDArray[Any]]:
    if not isinstance(part, Branch):
        return []
    inner = [row for one in part.parts for row in _cap_rows(one)]
    return inner if part.caps is None else [*inner, part.caps]


def rows_of(leaves: Sequence[Leaf], widths: Sequence[int]) -> list[NDArray[Any]]:
    """The rows of each varying leaf: (tiles, codes, 64), in its width."""
    kinds: dict[int, np.dtype[Any]] = {8: np.dtype(np.uint8), 16: np.dtype(np.int16)}
    return [tiled(leaf.points, kinds[w]) for leaf, w in zip(leaves, widths, strict=True)]
