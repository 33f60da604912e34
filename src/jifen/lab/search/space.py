"""The space of a search: every choice of one value for each figure, measured from today's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise, product

from jifen.lab.search.brief import Brief
from jifen.lab.sweeps.sweep_file import VariedFigure
from jifen.policy.checks.context import patch_document
from jifen.policy.patch import find_node
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import Node
from jifen.policy.text import Text

Choice = tuple[int, ...]
"""For each figure the number of its value."""


@dataclass(frozen=True)
class Figure:
    """A figure with the values that it may take, today's among them (`today`: its number)."""

    id: str
    label: Text
    paths: tuple[str, ...]
    values: tuple[Node, ...]
    today: int

    @property
    def words(self) -> tuple[str, ...]:
        """The values as they are written."""
        return tuple("—" if value.value is None else str(value.value) for value in self.values)

    @cached_property
    def numbers(self) -> tuple[Decimal | None, ...]:
        """The values as numbers; None where one is no number."""
        return tuple(_read_number(value) for value in self.values)

    def count_steps(self, place: int) -> int:
        """How many values lie between today's and this one, this one included."""
        return abs(place - self.today)


@dataclass(frozen=True)
class Space:
    """Every choice of values that a brief allows to be looked at."""

    policy: Policy
    brief: Brief
    figures: tuple[Figure, ...]

    @property
    def today(self) -> Choice:
        """The choice that changes nothing."""
        return tuple(figure.today for figure in self.figures)

    @property
    def size(self) -> int:
        """How many choices there are."""
        size = 1
        for figure in self.figures:
            size *= len(figure.values)
        return size

    @cached_property
    def orders(self) -> tuple[tuple[int, ...], ...]:
        """The orders to be kept, as numbers of figures, the highest first."""
        places = {figure.id: number for number, figure in enumerate(self.figures)}
        return tuple(tuple(places[name] for name in order) for order in self.brief.orders)

    def list_choices(self) -> Iterator[Choice]:
        """Every choice, whether it keeps the limits or not."""
        return product(*(range(len(figure.values)) for figure in self.figures))

    def count_change(self, choice: Choice) -> int:
        """The steps that all figures together are moved from today."""
        pairs = zip(self.figures, choice, strict=True)
        return sum(figure.count_steps(place) for figure, place in pairs)

    def count_cells(self, choice: Choice) -> int:
        """How many figures change."""
        return sum(
            place != figure.today for figure, place in zip(self.figures, choice, strict=True)
        )

    def allows_choice(self, choice: Choice) -> bool:
        """Whether a choice keeps the limits that can be seen without scoring anybody."""
        most = self.brief.most_changed
        return (most is None or self.count_cells(choice) <= most) and self.keeps_orders(choice)

    def keeps_orders(self, choice: Choice) -> bool:
        """Whether every figure of an order is worth more than the next one of it."""
        for order in self.orders:
            numbers = [self.figures[figure].numbers[choice[figure]] for figure in order]
            known = [number for number in numbers if number is not None]
            if any(first <= second for first, second in pairwise(known)):
                return False
        return True

    def apply_choice(self, choice: Choice, ident: str) -> Policy:
        """The measure with the values of a choice on top of today's."""
        change = self.list_changes(choice)
        brief = self.brief
        reform = Reform(ident, brief.label, change, file=brief.file, lines=brief.lines)
        return self.policy.apply_reform(reform) if change else self.policy

    def list_changes(self, choice: Choice) -> dict[str, Node]:
        """Path → new value, of the figures that change."""
        return {
            path: figure.values[place]
            for figure, place in zip(self.figures, choice, strict=True)
            for path in figure.paths
            if place != figure.today
        }


def space_of(policy: Policy, brief: Brief, on: date) -> Space:
    """The space of a brief on a day; where today's value is not among those of a figure it is
    added, so that a figure can always stay."""
    document = patch_document(policy, on, {})
    return Space(policy, brief, tuple(_read_figure(varied, document) for varied in brief.vary))


def _read_figure(varied: VariedFigure, document: Node) -> Figure:
    value_today = find_node(document, varied.paths[0])
    values = list(varied.values)
    if value_today is None:  # today the key is left out
        return _without_today(varied)
    today = next((n for n, value in enumerate(values) if _are_same(value, value_today)), None)
    if today is None:
        today = _place_among(values, value_today)
        values.insert(today, value_today)
    return Figure(varied.id, varied.label, varied.paths, tuple(values), today)


def _without_today(varied: VariedFigure) -> Figure:
    """A figure that is not written today: left out, which is above every cap and before every other
    value. A path that leads nowhere is told when the measure is changed."""
    left_out = Node(None, varied.values[0].place)
    last = varied.paths[0].endswith(".most")
    values = (*varied.values, left_out) if last else (left_out, *varied.values)
    return Figure(varied.id, varied.label, varied.paths, values, len(varied.values) if last else 0)


def _are_same(first: Node, second: Node) -> bool:
    numbers = _read_number(first), _read_number(second)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return bool(first.value == second.value)


def _place_among(values: Sequence[Node], value_today: Node) -> int:
    """Where today's value belongs among rising or falling numbers; at the front among words."""
    number = _read_number(value_today)
    numbers = [_read_number(value) for value in values]
    known = [value for value in numbers if value is not None]
    if number is None or len(known) < len(numbers) or not known:
        return 0
    rising = known[-1] >= known[0]
    return sum((value < number) if rising else (value > number) for value in known)


def _read_number(node: Node) -> Decimal | None:
    if isinstance(node.value, bool | dict | list | None):
        return None
    try:
        number = Decimal(str(node.value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
