"""The tree of groups: computes the total and its bounds from the points of the indicators.

A sum adds its members, a best-of takes the highest, a cap limits a group. Each rule is applied to
the lower and to the upper bound.
"""

from collections.abc import Sequence

from jifen.policy.model import Group, Rules

Bounds = tuple[int, int]


class GroupNode:
    """A group with its members: line numbers and other groups, in the order of the policy."""

    def __init__(self, group: Group | None, scale: int) -> None:
        self.id = "" if group is None else group.id
        self.best = group is not None and group.combine == "best_of"
        self.most = None if group is None or group.most is None else int(group.most * scale)
        self.lines: list[int] = []
        self.groups: list[GroupNode] = []

    def tally_bounds(
        self, lows: Sequence[int], highs: Sequence[int], counted: list[bool]
    ) -> Bounds:
        """The bounds of this group; marks in `counted` the lines that a best-of sets aside."""
        if not self.best:
            low, high = 0, 0
            for line in self.lines:
                low += lows[line]
                high += highs[line]
            for group in self.groups:
                inner_low, inner_high = group.tally_bounds(lows, highs, counted)
                low += inner_low
                high += inner_high
        else:
            low, high = self._tally_best_of(lows, highs, counted)
        if self.most is not None:
            return min(low, self.most), min(high, self.most)
        return low, high

    def _tally_best_of(
        self, lows: Sequence[int], highs: Sequence[int], counted: list[bool]
    ) -> Bounds:
        sides = [(lows[line], highs[line], [line]) for line in self.lines]
        for group in self.groups:
            low, high = group.tally_bounds(lows, highs, counted)
            sides.append((low, high, group.all_lines()))
        if not sides:
            return 0, 0
        low = max(side[0] for side in sides)
        first = next(position for position, side in enumerate(sides) if side[0] == low)
        for position, (_, high, lines) in enumerate(sides):
            if position != first and high <= low:
                for line in lines:
                    counted[line] = False
        return low, max(side[1] for side in sides)

    def all_lines(self) -> list[int]:
        """Every line under this group."""
        return self.lines + [line for group in self.groups for line in group.all_lines()]


def build_tree(rules: Rules, scale: int) -> GroupNode:
    """The groups of a policy as a tree; its root is the sum before the floor."""
    root = GroupNode(None, scale)
    nodes = {group.id: GroupNode(group, scale) for group in rules.groups}
    for group in rules.groups:
        (nodes[group.parent] if group.parent else root).groups.append(nodes[group.id])
    for number, indicator in enumerate(rules.indicators):
        nodes[indicator.group].lines.append(number)
    return root
