"""Boxes of choices: for each figure the first and the last of a run of its values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jifen.lab.search.space import Choice, Space

Ends = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the space; its choices are all those between the ends."""

    ends: Ends

    @property
    def is_point(self) -> bool:
        """Whether it holds one choice only."""
        return all(first == last for first, last in self.ends)

    def find_nearest(self, today: Choice) -> Choice:
        """The choice of the box that changes least."""
        return tuple(
            min(max(today_place, first), last)
            for today_place, (first, last) in zip(today, self.ends, strict=True)
        )

    def find_corner(self, directions: Sequence[int | None], *, most: bool) -> Choice | None:
        """The choice under which most (or fewest) people of all its choices reach the line; None
        where a figure that moves has no direction."""
        places = []
        for direction, (first, last) in zip(directions, self.ends, strict=True):
            if direction is None and first != last:
                return None
            places.append(last if ((direction or 0) > 0) == most else first)
        return tuple(places)


def whole_box(space: Space) -> Box:
    """The box of every choice."""
    return Box(tuple((0, len(figure.values) - 1) for figure in space.figures))


def narrow_box(space: Space, box: Box) -> Box | None:
    """The box without what the limits on changed figures and on orders forbid; None where nothing
    is left."""
    ends = list(box.ends)
    moved = [
        not first <= today_place <= last
        for today_place, (first, last) in zip(space.today, ends, strict=True)
    ]
    most = space.brief.most_changed
    if most is not None and sum(moved) > most:
        return None
    if most is not None and sum(moved) == most:  # all others stay as they are
        ends = [
            end if far else (today_place, today_place)
            for today_place, end, far in zip(space.today, ends, moved, strict=True)
        ]
    return Box(tuple(ends)) if _orders_can_be_kept(space, ends) else None


def _orders_can_be_kept(space: Space, ends: Sequence[tuple[int, int]]) -> bool:
    for order in space.orders:
        above = None
        for number in order:
            first, last = ends[number]
            values = [v for v in space.figures[number].numbers[first : last + 1] if v is not None]
            below = [value for value in values if above is None or value < above]
            if values and not below:
                return False
            above = max(below) if below else above
    return True


def split_box(space: Space, box: Box, directions: Sequence[int | None]) -> Iterator[Box]:
    """The box in two or three: a figure without direction first, else the one with most values;
    today's value of a figure stands apart from those before and after it."""
    figure = max(
        range(len(box.ends)),
        key=lambda n: (
            directions[n] is None and box.ends[n][0] != box.ends[n][1],
            box.ends[n][1] - box.ends[n][0],
        ),
    )
    first, last = box.ends[figure]
    today_place = space.today[figure]
    if first <= today_place <= last:
        parts = [(first, today_place - 1), (today_place, today_place), (today_place + 1, last)]
    else:
        middle = (first + last) // 2
        parts = [(first, middle), (middle + 1, last)]
    for part in parts:
        if part[0] <= part[1]:
            yield Box((*box.ends[:figure], part, *box.ends[figure + 1 :]))
