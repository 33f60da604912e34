"""What of the variants differs and what does not: leaves that are the same in all variants are
added up once for each person, before any variant is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jifen.lab.sweeps.leaves import Leaf
from jifen.scoring.tree import GroupNode

Caps = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class VaryingPart:
    """A leaf whose points differ between variants: its number among those that are coded."""

    leaf: int
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class SamePart:
    """Leaves (and whole groups) that are the same in all variants, as one number per person."""

    column: int
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class BranchPart:
    """A sum or a best-of of what it holds, with a cap per variant (None: no cap). Without parts:
    a group that has no indicator; it stays only in a best-of, where its 0 counts."""

    best: bool
    parts: tuple["TreePart", ...]
    caps: Caps | None


TreePart = VaryingPart | SamePart | BranchPart


@dataclass(frozen=True, eq=False)
class Constant:
    """How a per-person number comes about: leaves and constants, summed or the best, capped."""

    best: bool
    leaves: tuple[int, ...]
    inner: tuple["Constant", ...]
    cap: int | None

    @property
    def all_leaves(self) -> tuple[int, ...]:
        """The leaves that it needs, those of inner ones too."""
        return self.leaves + tuple(
            leaf for inner_part in self.inner for leaf in inner_part.all_leaves
        )

    def compute_values(self, points: Mapping[int, NDArray[np.int32]]) -> NDArray[np.int32]:
        """The number of each person from the points of each leaf."""
        parts = [points[leaf] for leaf in self.leaves]
        parts += [inner_part.compute_values(points) for inner_part in self.inner]
        total = parts[0]
        for part in parts[1:]:
            total = np.maximum(total, part) if self.best else total + part
        return total if self.cap is None else np.minimum(total, self.cap)

    def find_range(self, leaves: Sequence[Leaf]) -> tuple[int, int]:
        """The least and the most that it can be."""
        ranges = [(int(leaves[n].points.min()), int(leaves[n].points.max())) for n in self.leaves]
        ranges += [inner_part.find_range(leaves) for inner_part in self.inner]
        lows, highs = zip(*ranges, strict=True)
        low, high = (max(lows), max(highs)) if self.best else (sum(lows), sum(highs))
        return (low, high) if self.cap is None else (min(low, self.cap), min(high, self.cap))


def split_tree(
    trees: Sequence[GroupNode], leaves: Sequence[Leaf]
) -> tuple[BranchPart, list[Constant], list[int]]:
    """The tree of all variants → its varying part, the per-person numbers it refers to, and the
    leaves that vary (those that need codes)."""
    splitter = _TreeSplitter(leaves)
    root = splitter.split_branch(trees)
    if isinstance(root, Constant):
        root = BranchPart(False, (splitter.add_same(root),), None)
    return root, splitter.columns, splitter.coded


class _TreeSplitter:
    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self.columns: list[Constant] = []
        self.coded: list[int] = []

    def split_branch(self, nodes: Sequence[GroupNode]) -> BranchPart | Constant:
        """One group, as it is in each variant."""
        first = nodes[0]
        caps = _collect_caps(nodes)
        steady = [n for n in first.lines if self._is_steady(n)]
        varying: list[TreePart] = [
            self._add_varying(n) for n in first.lines if not self._is_steady(n)
        ]
        inner = [
            self.split_branch([node.groups[n] for node in nodes]) for n in range(len(first.groups))
        ]
        constants = tuple(inner_part for inner_part in inner if isinstance(inner_part, Constant))
        branches = [inner_part for inner_part in inner if isinstance(inner_part, BranchPart)]
        if not first.best:  # a group without indicators adds nothing to a sum
            branches = [branch for branch in branches if branch.parts]
        cap_is_steady = caps is None or bool((caps == caps[0]).all())
        if not varying and not branches and cap_is_steady and (steady or constants):
            return Constant(
                first.best, tuple(steady), constants, None if caps is None else int(caps[0])
            )
        parts = [*varying, *branches]
        if steady or constants:
            parts.append(self.add_same(Constant(first.best, tuple(steady), constants, None)))
        return BranchPart(first.best, tuple(parts), caps)

    def add_same(self, constant: Constant) -> SamePart:
        self.columns.append(constant)
        return SamePart(len(self.columns) - 1, *constant.find_range(self._leaves))

    def _add_varying(self, leaf: int) -> VaryingPart:
        self.coded.append(leaf)
        points = self._leaves[leaf].points
        return VaryingPart(len(self.coded) - 1, int(points.min()), int(points.max()))

    def _is_steady(self, leaf: int) -> bool:
        points = self._leaves[leaf].points
        return bool((points == points[0]).all())


def _collect_caps(nodes: Sequence[GroupNode]) -> Caps | None:
    most_points = [node.most for node in nodes]
    if all(cap is None for cap in most_points):
        return None
    return np.array([_NONE if cap is None else cap for cap in most_points], np.int32)


_NONE = np.iinfo(np.int16).max
"""A cap that never binds, in a variant that has none where another has one."""
