"""The figures of all variants as the loop wants them: gates, widths, rows of tables and limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.sweeps.leaves import End, Leaf, build_leaf
from jifen.lab.sweeps.loop import tile_points
from jifen.lab.sweeps.loop_emitter import LoopStructure
from jifen.lab.sweeps.variant_tree import BranchPart, TreePart
from jifen.scoring.population.lanes import lane_width
from jifen.scoring.population.program import Program

_HALF = np.iinfo(np.int16)


class LoopTooLarge(ValueError):
    """Variants that the loop does not hold (points beyond 16 bits): they are scored one by one."""


_OPPOSITE_END: dict[End | None, End | None] = {None: None, "least": "most", "most": "least"}


def build_gates(programs: Sequence[Program], end: End | None = None) -> list[Leaf]:
    """Conditions as they are, vetoes turned round: all must be 1."""
    conditions = zip(*(p.conditions for p in programs), strict=True)
    vetoes = zip(*(p.vetoes for p in programs), strict=True)
    gates = [build_leaf(tables, end) for tables in conditions]
    for tables in vetoes:
        leaf = build_leaf(
            tables, _OPPOSITE_END[end]
        )  # a veto that surely does not stand: its most is 0
        gates.append(replace(leaf, points=1 - leaf.points))
    return gates


def is_steady(leaf: Leaf) -> bool:
    """Whether the points of a leaf are the same in all variants."""
    return bool((leaf.points == leaf.points[0]).all())


def build_structure(
    root: BranchPart, coded: Sequence[Leaf], gates: int, programs: Sequence[Program]
) -> LoopStructure:
    """What the loop is made for. Raises TooLarge where 16 bits do not hold every sum."""
    widths = [lane_width(int(leaf.points.min()), int(leaf.points.max())) for leaf in coded]
    least = min(program.least for program in programs)
    most = max(program.most for program in programs)
    wide = [p for p in programs if p.total_dtype != np.dtype(np.int16)]
    if wide or max(widths, default=8) > 16 or _bound_sums(root) > _HALF.max or _has_empty(root):
        raise LoopTooLarge
    return LoopStructure(root, widths, gates, least, most, programs[0].floor is not None)


def _has_empty(part: TreePart) -> bool:
    """Whether a group without indicators stands in a best-of: the loop has no row for its 0."""
    if not isinstance(part, BranchPart):
        return False
    return not part.parts or any(_has_empty(inner) for inner in part.parts)


def _bound_sums(part: TreePart) -> int:
    """A bound of every sum on the way."""
    if isinstance(part, BranchPart):
        return sum(_bound_sums(inner) for inner in part.parts)
    return max(abs(part.least), abs(part.most))


def build_limit_rows(
    root: BranchPart, programs: Sequence[Program], on: date
) -> list[NDArray[np.int16]]:
    """Caps in the order in which the loop meets them, then floor and line: (tiles, 64) each."""
    rows: list[NDArray[Any]] = list(_list_cap_rows(root))
    if programs[0].floor is not None:
        rows.append(np.array([p.floor for p in programs]))
    rows.append(np.array([p.threshold_on(on) for p in programs]))
    dtype = np.dtype(np.int16)
    return [tile_points(row.astype(np.int32)[:, None], dtype)[:, 0, :] for row in rows]


def _list_cap_rows(part: TreePart) -> list[NDArray[Any]]:
    if not isinstance(part, BranchPart):
        return []
    inner = [row for inner_part in part.parts for row in _list_cap_rows(inner_part)]
    return inner if part.caps is None else [*inner, part.caps]


def build_table_rows(leaves: Sequence[Leaf], widths: Sequence[int]) -> list[NDArray[Any]]:
    """The rows of each varying leaf: (tiles, codes, 64), in its width."""
    kinds: dict[int, np.dtype[Any]] = {8: np.dtype(np.uint8), 16: np.dtype(np.int16)}
    return [tile_points(leaf.points, kinds[w]) for leaf, w in zip(leaves, widths, strict=True)]
