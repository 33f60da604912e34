"""Exact bounds of a total in which indicators share absent facts.

A shared fact can only be one thing at a time: what it may be is gone through value by value, at the
lowest group under which all its readers stand, and only then the sides are added up or compared.
The same plan serves one person (numbers) and a population (arrays).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from jifen.policy.joint_sets import JointSet
from jifen.scoring.tree import Node

Fixed = Mapping[str, Any]
"""Shared facts → the value that is being looked at."""
Ends = tuple[Any, Any]
"""The least and the most points: integers, or int32 arrays of one length."""
LineEnds = Callable[[int, Fixed], Ends]
Combine = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Sides:
    """Members of a group: one by itself, or several with the facts that they have in common."""

    facts: tuple[str, ...]
    members: "tuple[int | JointPlan, ...]"
    reads: frozenset[str]
    """The facts of joint sets that anything below reads."""


@dataclass(frozen=True, slots=True)
class JointPlan:
    """How the bounds of one group are found: its sides share nothing with each other."""

    node: Node
    sides: tuple[Sides, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The lower and the higher of two points, of integers or of arrays."""

    lower: Combine
    higher: Combine


NUMBERS = Arithmetic(min, max)
Reads = Mapping[int, frozenset[str]]


def plan_joint(
    root: Node, sets: Iterable[JointSet], absent: Mapping[int, Iterable[str]]
) -> JointPlan:
    """The plan for a total; sets that would cost too many evaluations are taken apart."""
    reads = {
        line: frozenset(absent[line]).intersection(joint.facts)
        for joint in sets
        if joint.exact
        for line in joint.indicators
    }
    return _plan(root, reads)


def _plan(node: Node, reads: Reads, fixed: frozenset[str] = frozenset()) -> JointPlan:
    members: list[_Member] = [(line, reads.get(line, frozenset())) for line in node.lines]
    members += [
        (group, frozenset[str]().union(*(reads.get(line, ()) for line in group.all_lines())))
        for group in node.groups
    ]
    return JointPlan(node, tuple(_sides(part, reads, fixed) for part in _apart(members, fixed)))


_Member = tuple[int | Node, frozenset[str]]


def _apart(members: Iterable[_Member], fixed: frozenset[str]) -> list[list[_Member]]:
    """The members of a group in parts that share no fact but those that are fixed."""
    parts: list[list[_Member]] = []
    for member in members:
        touching: list[list[_Member]] = []
        rest: list[list[_Member]] = []
        for part in parts:
            shares = any((facts & member[1]) - fixed for _, facts in part)
            (touching if shares else rest).append(part)
        parts = [*rest, [*(m for part in touching for m in part), member]]
    return parts


def _sides(part: list[_Member], reads: Reads, fixed: frozenset[str]) -> Sides:
    read = [ident for _, facts in part for ident in facts - fixed]
    common = frozenset(ident for ident in read if read.count(ident) > 1)
    members = tuple(
        _plan(member, reads, fixed | common) if isinstance(member, Node) else member
        for member, _ in part
    )
    every = frozenset[str]().union(*(facts for _, facts in part))
    return Sides(tuple(sorted(common)), members, every)


class JointBounds:
    """The bounds of groups. `values` are what the shared facts may be, `line_ends` gives the ends
    of an indicator while some of them are fixed. `keep`: what was found for the same fixed facts
    is not looked for again (arrays of many people would take too much memory)."""

    def __init__(
        self,
        values: Mapping[str, Iterable[Any]],
        line_ends: LineEnds,
        arithmetic: Arithmetic,
        *,
        keep: bool,
    ) -> None:
        self._values, self._line_ends, self._arithmetic = values, line_ends, arithmetic
        self._kept: dict[Any, Ends] | None = {} if keep else None

    def of(self, plan: JointPlan, fixed: Fixed | None = None) -> Ends:
        """The least and the most of a group."""
        node = plan.node
        ends = [self._kept_ends(node, sides, fixed or {}) for sides in plan.sides]
        low, high = self._together(node, ends)
        if node.most is not None:
            lower = self._arithmetic.lower
            return lower(low, node.most), lower(high, node.most)
        return low, high

    def _kept_ends(self, node: Node, sides: Sides, fixed: Fixed) -> Ends:
        if self._kept is None:
            return self._ends(node, sides, fixed)
        key = (id(sides), *(fixed.get(ident, _OPEN) for ident in sorted(sides.reads)))
        if key not in self._kept:
            self._kept[key] = self._ends(node, sides, fixed)
        return self._kept[key]

    def _ends(self, node: Node, sides: Sides, fixed: Fixed) -> Ends:
        """The sides for every combination of what their common facts may be."""
        lower, higher = self._arithmetic.lower, self._arithmetic.higher
        least = most = None
        for combination in product(*(self._values[ident] for ident in sides.facts)):
            here = {**fixed, **dict(zip(sides.facts, combination, strict=True))}
            low, high = self._together(node, [self._member(m, here) for m in sides.members])
            least = low if least is None else lower(least, low)
            most = high if most is None else higher(most, high)
        return least, most

    def _member(self, member: int | JointPlan, fixed: Fixed) -> Ends:
        if isinstance(member, int):
            return self._line_ends(member, fixed)
        return self.of(member, fixed)

    def _together(self, node: Node, ends: list[Ends]) -> Ends:
        """The sides of a group added up, or the highest of them."""
        if not ends:
            return 0, 0
        low, high = ends[0]
        for least, most in ends[1:]:
            if node.best:
                higher = self._arithmetic.higher
                low, high = higher(low, least), higher(high, most)
            else:
                low, high = low + least, high + most
        return low, high


_OPEN = object()
