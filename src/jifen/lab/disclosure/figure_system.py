"""Which figures must be hidden so that no small count can be worked out from the others.

Figures are sums of cells, and a cell is so many people. Who reads the figures that are shown can
add and subtract them: a count is known to him where it is such a combination of what is shown. So
small counts are hidden, and then others with them until none of the small ones is a combination.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.small_counts import FEWEST

Key = Hashable
Cells = Mapping[Key, float]
"""Cells with how often each counts."""
Matrix = NDArray[np.float64]
_NOISE = 1e-7


@dataclass
class FigureSystem:
    """Cells with their people, figures over them, and sums that are known whatever is shown."""

    people: dict[Key, float] = field(default_factory=dict)
    figures: dict[Key, Cells] = field(default_factory=dict)
    known: list[Cells] = field(default_factory=list)
    """Combinations that whoever reads knows: totals that are always shown, sums that are zero."""
    hidden: set[Key] = field(default_factory=set)
    """Figures that are hidden from the start."""
    secrets: list[Cells] = field(default_factory=list)
    """Further sums that must not come out where they are small."""
    _values: dict[Key, float] = field(default_factory=dict)

    def add_cell(self, cell: Key, people: float) -> None:
        """So many people; a small cell must not come out even if nothing shows it by itself."""
        self.people[cell] = float(people)

    def add_figure(self, key: Key, cells: Iterable[Key] | Cells) -> None:
        """A figure that is shown: the sum of its cells."""
        self.figures[key] = _weigh_cells(cells)

    def add_known(self, cells: Iterable[Key] | Cells) -> None:
        """A sum that stays known."""
        self.known.append(_weigh_cells(cells))

    def keep_small_sums_secret(self, keys: Iterable[Key]) -> None:
        """Of figures that add up: those that are small must not come out together either, as two
        people in two groups would be one in each."""
        small = [key for key in keys if _is_small(self._sum_cells(self.figures[key]))]
        together = dict[Key, float]()
        for key in small:
            for cell, times in self.figures[key].items():
                together[cell] = together.get(cell, 0.0) + times
        if len(small) > 1:
            self.secrets.append(together)

    def choose_hidden(self) -> frozenset[Key]:
        """The figures that are not shown."""
        self._values = {key: self._sum_cells(cells) for key, cells in self.figures.items()}
        hidden = self.hidden | {key for key, value in self._values.items() if _is_small(value)}
        secrets = [self.figures[key] for key, value in self._values.items() if _is_small(value)]
        secrets += [{cell: 1.0} for cell, people in self.people.items() if _is_small(people)]
        secrets += [cells for cells in self.secrets if _is_small(self._sum_cells(cells))]
        first = frozenset(hidden)
        while secrets and (more := self._choose_more(hidden, secrets)):
            hidden |= more
        return frozenset(self._show_again(hidden, first, secrets))

    def _show_again(
        self, hidden: set[Key], first: frozenset[Key], secrets: list[Cells]
    ) -> set[Key]:
        """Of what was hidden for the sake of others, the largest that need not be is shown."""
        for key in sorted(hidden - first, key=lambda key: -self._values[key]):
            fewer = hidden - {key}
            if not self._choose_more(fewer, secrets):
                hidden = fewer
        return hidden

    def _sum_cells(self, cells: Cells) -> float:
        return sum(times * self.people[cell] for cell, times in cells.items())

    def _choose_more(self, hidden: set[Key], secrets: list[Cells]) -> set[Key]:
        """What is hidden next: of each secret that could be worked out, the least figure that is
        needed for that."""
        shown = [key for key in self.figures if key not in hidden]
        seen = self._build_matrix([*self.known, *(self.figures[key] for key in shown)])
        wanted = self._build_matrix(secrets)
        weights, *_ = np.linalg.lstsq(seen.T, wanted.T, rcond=None)
        known = np.abs(seen.T @ weights - wanted.T).max(0, initial=0) < _NOISE
        more = set[Key]()
        for column in np.flatnonzero(known):
            needed = [
                key
                for key, weight in zip(shown, weights[len(self.known) :, column], strict=True)
                if abs(weight) > _NOISE
            ]
            if more.isdisjoint(needed) and needed:
                more.add(min(needed, key=lambda key: (not self._values[key], self._values[key])))
        return more

    def _build_matrix(self, rows: list[Cells]) -> Matrix:
        places = {cell: place for place, cell in enumerate(self.people)}
        matrix = np.zeros((len(rows), len(places)))
        for number, cells in enumerate(rows):
            for cell, times in cells.items():
                matrix[number, places[cell]] = times
        return matrix


def _weigh_cells(cells: Any) -> Cells:
    return dict(cells) if isinstance(cells, Mapping) else dict.fromkeys(cells, 1.0)


def _is_small(people: float) -> bool:
    return _NOISE < people < FEWEST
