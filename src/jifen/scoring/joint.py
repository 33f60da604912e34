"""Exact bounds of a total in which indicators share absent facts.

A shared fact can only be one thing at a time: what it may be is gone through value by value, at the
lowest group under which all its readers stand, and only then the sides are added up or compared.
The same plan serves one person (numbers) and a population (arrays).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from jifen.policy.sharing import JointSet
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
        for line in joint.lines
    }
    return _plan(root, reads)


def _plan(node: Node, reads: Reads) -> JointPlan:
    facts_of = [(line, reads.get(line, frozenset())) for line in node.lines]
    under = [
        (group, frozenset[str]().union(*(reads.get(line, ()) for line in group.all_lines())))
        for group in node.groups
    ]
    return JointPlan(node, tuple(_sides(part, reads) for part in _apart([*facts_of, *under])))


_Member = tuple[int | Node, frozenset[str]]


def _apart(members: Iterable[_Member]) -> list[list[_Member]]:
    """The members of a group in parts that share no fact."""
    parts: list[list[_Member]] = []
    for member in members:
        touching = [part for part in parts if any(facts & member[1] for _, facts in part)]
        rest = [part for part in parts if part not in touching]
        parts = [*rest, [*(m for part in touching for m in part), member]]
    return parts


def _sides(part: list[_Member], reads: Reads) -> Sides:
    read = [ident for _, facts in part for ident in facts]
    common = frozenset(ident for ident in read if read.count(ident) > 1)
    rest = {line: facts - common for line, facts in reads.items()}
    members = tuple(_plan(m, rest) if isinstance(m, Node) else m for m, _ in part)
    return Sides(tuple(sorted(common)), members)


def joint_bounds(
    plan: JointPlan,
    values: Mapping[str, Iterable[Any]],
    line_ends: LineEnds,
    arithmetic: Arithmetic,
    fixed: Fixed | None = None,
) -> Ends:
    """The least and the most of a group; `values` are what the shared facts may be, `line_ends`
    gives the ends of an indicator while some of them are fixed."""
    node, found = plan.node, []
    for sides in plan.sides:
        ends: Ends | None = None
        for combination in product(*(values[ident] for ident in sides.facts)):
            here = {**(fixed or {}), **dict(zip(sides.facts, combination, strict=True))}
            inner = [
                line_ends(member, here)
                if isinstance(member, int)
                else joint_bounds(member, values, line_ends, arithmetic, here)
                for member in sides.members
            ]
            low, high = _together(node, inner, arithmetic)
            ends = (low, high) if ends is None else _wider(ends, (low, high), arithmetic)
        if ends is not None:
            found.append(ends)
    low, high = _together(node, found, arithmetic)
    if node.most is not None:
        return arithmetic.lower(low, node.most), arithmetic.lower(high, node.most)
    return low, high


def _wider(one: Ends, other: Ends, arithmetic: Arithmetic) -> Ends:
    return arithmetic.lower(one[0], other[0]), arithmetic.higher(one[1], other[1])


def _together(node: Node, ends: list[Ends], arithmetic: Arithmetic) -> Ends:
    """The sides of a group added up, or the highest of them."""
    if not ends:
        return 0, 0
    low, high = ends[0]
    for least, most in ends[1:]:
        if node.best:
            low, high = arithmetic.higher(low, least), arithmetic.higher(high, most)
        else:
            low, high = low + least, high + most
    return low, high
