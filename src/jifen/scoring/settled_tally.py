"""The total of points that are all known: the tree of groups as functions, for one person.

The same as `GroupNode.tally_bounds` where the least is the most. Groups that only add up are one
sum with what they stand in, and an indicator costs no call of its own.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from jifen.scoring.tree import GroupNode, list_factors

Points = Sequence[int]
GroupTally = Callable[[Points, list[int]], int]
"""The points of the lines, and a list to which the numbers of lines that are set aside are added →
the points of a group."""
SettledTally = Callable[[Points], tuple[int, list[bool]]]
"""The points of the lines → the total, and for each line whether it counts."""


def compile_settled_tally(root: GroupNode, lines: int) -> SettledTally | None:
    """The total of `lines` lines; None where something multiplies, which the tree itself does."""
    if list_factors(root):
        return None
    tally = _compile_group(root)
    all_counted = [True] * lines

    def tally_points(points: Points) -> tuple[int, list[bool]]:
        aside: list[int] = []
        total = tally(points, aside)
        counted = all_counted.copy()
        for line in aside:
            counted[line] = False
        return total, counted

    return tally_points


def _compile_group(node: GroupNode) -> GroupTally:
    tally = _compile_best_of(node) if node.best else _compile_sum(node)
    most, rounding = node.most, node.rounding
    if most is None and rounding is None:
        return tally

    def tally_limited(points: Points, aside: list[int]) -> int:
        total = tally(points, aside)
        if most is not None and total > most:
            total = most
        return total if rounding is None else rounding.multiply(total)

    return tally_limited


def _compile_sum(node: GroupNode) -> GroupTally:
    lines, groups = _collect_summands(node)
    take, inner = take_items(lines), [_compile_group(group) for group in groups]

    def tally_sum(points: Points, aside: list[int]) -> int:
        total: int = sum(take(points))
        for tally in inner:
            total += tally(points, aside)
        return total

    return tally_sum


def _collect_summands(node: GroupNode) -> tuple[list[int], list[GroupNode]]:
    """The lines that a sum adds up, with those of sums within it, and its other groups."""
    lines, groups = list(node.lines), list[GroupNode]()
    for group in node.groups:
        if group.best or group.most is not None or group.rounding is not None:
            groups.append(group)
        else:
            inner_lines, inner_groups = _collect_summands(group)
            lines += inner_lines
            groups += inner_groups
    return lines, groups


def _compile_best_of(node: GroupNode) -> GroupTally:
    """The first of the highest counts; every other line of the group is set aside."""
    take, inner = take_items(node.lines), [_compile_group(group) for group in node.groups]
    sides = [[line] for line in node.lines] + [group.all_lines() for group in node.groups]
    others = [
        [line for side in (*sides[:place], *sides[place + 1 :]) for line in side]
        for place in range(len(sides))
    ]
    if not sides:
        return lambda points, aside: 0

    def tally_best(points: Points, aside: list[int]) -> int:
        side_points = [*take(points), *[tally(points, aside) for tally in inner]]
        best: int = max(side_points)
        aside += others[side_points.index(best)]
        return best

    return tally_best


def take_items(keys: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What stands under some keys, as a tuple however many they are. Raises KeyError."""
    if len(keys) > 1:
        return itemgetter(*keys)
    if not keys:
        return lambda items: ()
    only = keys[0]
    return lambda items: (items[only],)
