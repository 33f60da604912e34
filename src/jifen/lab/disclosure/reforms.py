"""Reforms over a register as they may be shown: several together, since today's counts are the same
in each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jifen.lab.classes import ReachClasses
from jifen.lab.disclosure.figure_system import Cells, FigureSystem
from jifen.lab.disclosure.hidden_count import HIDDEN_COUNT, is_hidden
from jifen.lab.disclosure.runs import ShownClasses
from jifen.lab.disclosure.total_bands import band_totals
from jifen.lab.reforms.compare import CLASSES, FLOWS, MOVES, Counts, GroupResult, ReformResult
from jifen.lab.small_counts import FEWEST
from jifen.lab.weights import Count, to_count

_ALL = tuple((before, after) for before in range(3) for after in range(3))
_SIDES = ("before", "after")
_TODAY = ("people", "before_surely_not", "before_perhaps", "before_surely")
"""Figures that are the same under every reform."""


def _list_figures() -> dict[str, tuple[object, ...]]:
    """The figures of a group by name, with their cells: crossings (before, after) and moves."""
    figures: dict[str, tuple[object, ...]] = {"people": _ALL}
    for side, name in enumerate(_SIDES):
        for class_, words in enumerate(CLASSES):
            figures[f"{name}_{words}"] = tuple(cell for cell in _ALL if cell[side] == class_)
    for flow, ends in FLOWS.items():
        figures[flow] = (ends,)
        figures[f"{flow}_at_most"] = tuple(
            cell for cell in _ALL if all(at in (1, end) for at, end in zip(cell, ends, strict=True))
        )
    figures["open"] = tuple(cell for cell in _ALL if cell not in FLOWS.values())
    figures["known"] = MOVES
    return figures | {move: (move,) for move in MOVES}


_FIGURES = _list_figures()


@dataclass(frozen=True, eq=False)
class ShownGroupResult(GroupResult):
    """A group with its figures as they may be shown, by name."""

    figures: Mapping[str, Count]

    @property
    def people(self) -> Count:
        """How many people with usable values the group has."""
        return self.figures["people"]

    @property
    def known(self) -> Count:
        """Of how many every fact is known."""
        return self.figures["known"]

    @property
    def reached_before(self) -> ReachClasses:
        """Everybody by today's rules."""
        return self._show_classes("before")

    @property
    def reached_after(self) -> ReachClasses:
        """Everybody by the rules of the reform."""
        return self._show_classes("after")

    @property
    def open(self) -> Count:
        """People of whom it is not settled which flow they belong to."""
        return self.figures["open"]

    def count_flow(self, name: str) -> Count:
        """People of a flow across the line for sure."""
        return self.figures[name]

    def count_flow_at_most(self, name: str) -> Count:
        """People of a flow if everything that is open goes that way."""
        return self.figures[f"{name}_at_most"]

    def count_move(self, name: str) -> Count:
        """People with fewer, the same or more points."""
        return self.figures[name]

    def _show_classes(self, side: str) -> ShownClasses:
        surely_not, perhaps, surely = (self.figures[f"{side}_{class_}"] for class_ in CLASSES)
        return ShownClasses(surely, perhaps, surely_not, self.people)


def protect_reforms(results: Sequence[ReformResult]) -> list[ReformResult]:
    """Reforms over one register without small counts and what would give them away."""
    groups = [
        [[result.everybody]] + [list(members) for _, members in result.groups] for result in results
    ]
    hidden = [[frozenset[tuple[int, str]]() for _ in sets] for sets in groups]
    while True:
        found = [_hide_sets(sets, hides) for sets, hides in zip(groups, hidden, strict=True)]
        shared = [_share_today(column) for column in zip(*found, strict=True)]
        found = [[hides | today for hides, today in zip(row, shared, strict=True)] for row in found]
        if found == hidden:
            break
        hidden = found
    return [
        _show_result(result, sets, hides)
        for result, sets, hides in zip(results, groups, hidden, strict=True)
    ]


def _share_today(hidden: Iterable[frozenset[tuple[int, str]]]) -> frozenset[tuple[int, str]]:
    return frozenset(key for hides in hidden for key in hides if key[1] in _TODAY)


def _hide_sets(
    sets: Sequence[Sequence[GroupResult]], hidden: Sequence[frozenset[tuple[int, str]]]
) -> list[frozenset[tuple[int, str]]]:
    """Everybody first, then each grouping given what is shown of everybody."""
    [everybody] = sets[0]
    system = FigureSystem(hidden=set(hidden[0]))
    _add_group(system, 0, everybody, people_are_told=True)
    found = [_only_figures(system.choose_hidden())]
    shown = [name for name in _FIGURES if (0, name) not in found[0]]
    for members, hides in zip(sets[1:], hidden[1:], strict=True):
        system = FigureSystem(hidden=set(hides))
        for number, group in enumerate(members):
            _add_group(system, number, group, people_are_told=False)
        for name in _FIGURES:
            system.keep_small_sums_secret([(n, name) for n in range(len(members))])
        for name in shown:
            every: Cells = {
                cell: 1.0 for n in range(len(members)) for cell in system.figures[n, name]
            }
            system.add_known(every)
        found.append(_only_figures(system.choose_hidden()))
    return found


def _only_figures(keys: Iterable[object]) -> frozenset[tuple[int, str]]:
    return frozenset(key for key in keys if isinstance(key, tuple))


def _add_group(
    system: FigureSystem, number: int, group: GroupResult, *, people_are_told: bool
) -> None:
    """The cells and figures of one group; all of a group of few is hidden."""
    for cell in _ALL:
        system.add_cell((number, cell), group.crossings[cell])
    for place, move in enumerate(MOVES):
        system.add_cell((number, move), group.moves[place])
    for name, cells in _FIGURES.items():
        if name == "people" and people_are_told:
            system.figures[number, name] = {}
            system.add_known([(number, cell) for cell in cells])
        else:
            system.add_figure((number, name), [(number, cell) for cell in cells])
    if 0 < group.people < FEWEST:
        system.hidden |= {(number, name) for name in _FIGURES}


def _show_result(
    result: ReformResult,
    sets: Sequence[Sequence[GroupResult]],
    hidden: Sequence[frozenset[tuple[int, str]]],
) -> ReformResult:
    shown = [
        [_show_group(group, number, hides) for number, group in enumerate(members)]
        for members, hides in zip(sets, hidden, strict=True)
    ]
    return replace(
        result,
        everybody=shown[0][0],
        groups=tuple(
            (grouping, tuple(members))
            for (grouping, _), members in zip(result.groups, shown[1:], strict=True)
        ),
        change=_hide_changes(result.change),
        bands=band_totals(result.everybody.before, result.everybody.after),
    )


def _show_group(
    group: GroupResult, number: int, hidden: frozenset[tuple[int, str]]
) -> ShownGroupResult:
    figures = {
        name: HIDDEN_COUNT if (number, name) in hidden else _count_figure(group, name)
        for name in _FIGURES
    }
    few = is_hidden(figures["known"])
    nothing = np.full(1, np.nan)
    before, after = (nothing, nothing) if few else (group.before, group.after)
    return ShownGroupResult(group.label, group.crossings, group.moves, before, after, figures)


def _count_figure(group: GroupResult, name: str) -> Count:
    cells = _FIGURES[name]
    if cells and cells[0] in MOVES:
        return to_count(sum(group.moves[MOVES.index(str(move))] for move in cells))
    return to_count(sum(group.crossings[cell] for cell in _ALL if cell in cells))


def _hide_changes(change: Counts) -> Counts:
    """People by change of their points: small ones hidden, and the next with one alone."""
    system = FigureSystem()
    held = [int(place) for place in np.flatnonzero(change)]
    for place in held:
        system.add_cell(place, change[place])
        system.add_figure(place, [place])
    system.add_known(held)
    system.keep_small_sums_secret(held)
    hidden = system.choose_hidden()
    shown = change.astype(object)
    for place in held:
        if place in hidden:
            shown[place] = HIDDEN_COUNT
    return shown
