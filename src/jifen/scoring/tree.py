"""The tree of groups: computes the total and its bounds from the points of the indicators.

A sum adds its members, a best-of takes the highest, a cap limits a group. Each rule is applied to
the lower and to the upper bound. A multiplier comes last: a factor of its group or of the root.
"""

from collections.abc import Sequence
from fractions import Fraction

from jifen.policy.mechanisms.accrual import Rounding
from jifen.policy.mechanisms.multiplier import Multiplier
from jifen.policy.model import Group, Rules

Bounds = tuple[int, int]


class RoundedProduct:
    """Points times a number, rounded as the policy says; a negative number as its amount. Times 1
    it is the rounding of a group."""

    def __init__(self, by: Fraction, rounding: Rounding, scale: int) -> None:
        self.above = by.numerator
        """points × above ÷ below counts units of `size`, the last place to which it is rounded."""
        self.size = scale // int(10**rounding.places)
        self.below = by.denominator * self.size
        self.mode = rounding.mode

    def multiply(self, points: int) -> int:
        """The points, multiplied and rounded."""
        amount = (abs(points) * self.above + self.added_before_division) // self.below * self.size
        return -amount if points < 0 else amount

    @property
    def added_before_division(self) -> int:
        """What makes a division that rounds down round as it should."""
        return {"down": 0, "half_up": self.below // 2, "up": self.below - 1}[self.mode]


class Factor(RoundedProduct):
    """What multiplies a group or the total: the line that says whether it does, and by how much."""

    def __init__(self, line: int, multiplier: Multiplier, scale: int) -> None:
        super().__init__(Fraction(multiplier.by), multiplier.rounding, scale)
        self.line = line

    def widen(self, low: int, high: int, states: Bounds) -> Bounds:
        """The bounds, where it is perhaps multiplied: `states` are those of the line."""
        lows, highs = [], []
        if not all(states):
            lows.append(low)
            highs.append(high)
        if any(states):
            lows.append(self.multiply(low))
            highs.append(self.multiply(high))
        return min(lows), max(highs)


class GroupNode:
    """A group with its members: line numbers and other groups, in the order of the policy."""

    def __init__(self, group: Group | None, scale: int) -> None:
        self.id = "" if group is None else group.id
        self.best = group is not None and group.combine == "best_of"
        self.most = None if group is None or group.most is None else int(group.most * scale)
        self.lines: list[int] = []
        self.groups: list[GroupNode] = []
        rounding = None if group is None else group.rounding
        self.rounding = None if rounding is None else RoundedProduct(Fraction(1), rounding, scale)
        """How what the group gives is rounded, after its cap and before what multiplies it."""
        self.factors: list[Factor] = []

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
            low, high = min(low, self.most), min(high, self.most)
        if self.rounding is not None:
            low, high = self.rounding.multiply(low), self.rounding.multiply(high)
        for factor in self.factors:
            low, high = factor.widen(low, high, (lows[factor.line], highs[factor.line]))
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
        own = self.lines + [factor.line for factor in self.factors]
        return own + [line for group in self.groups for line in group.all_lines()]


def list_factors(node: GroupNode) -> list[Factor]:
    """The factors of a group and of those in it, the innermost first."""
    return [factor for group in node.groups for factor in list_factors(group)] + node.factors


def list_rounded_groups(node: GroupNode) -> list[RoundedProduct]:
    """The roundings of a group and of those in it."""
    own = [] if node.rounding is None else [node.rounding]
    return [rounding for group in node.groups for rounding in list_rounded_groups(group)] + own


def build_tree(rules: Rules, scale: int) -> GroupNode:
    """The groups of a policy as a tree; its root is the sum before the floor."""
    root = GroupNode(None, scale)
    nodes = {group.id: GroupNode(group, scale) for group in rules.groups}
    for group in rules.groups:
        (nodes[group.parent] if group.parent else root).groups.append(nodes[group.id])
    for number, indicator in enumerate(rules.indicators):
        mechanism = indicator.mechanism
        if isinstance(mechanism, Multiplier):
            target = root if mechanism.of == "total" else nodes[indicator.group]
            target.factors.append(Factor(number, mechanism, scale))
            continue
        nodes[indicator.group].lines.append(number)
    return root
