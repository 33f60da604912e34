"""A small count cannot be worked out from the figures that are shown."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jifen.lab.disclosure.figure_system import FigureSystem
from tests.hypothesis_profiles import each

COLUMNS = ("in", "out")
CELLS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6)


def build_system(rows: list[tuple[int, int]]) -> FigureSystem:
    """Groups of people in and out, with the sums of rows; the sums of columns are known."""
    system = FigureSystem()
    for n, counts in enumerate(rows):
        for name, count in zip(COLUMNS, counts, strict=True):
            system.add_cell((n, name), count)
            system.add_figure((n, name), [(n, name)])
        system.add_figure((n, "people"), [(n, name) for name in COLUMNS])
    for name in COLUMNS:
        system.add_known([(n, name) for n in range(len(rows))])
        system.keep_small_sums_secret([(n, name) for n in range(len(rows))])
    return system


@given(CELLS)
@each(150, 3_000)
def test_no_small_count_is_a_combination_of_what_is_shown(rows: list[tuple[int, int]]) -> None:
    system = build_system(rows)
    hidden = system.choose_hidden()
    places = {cell: n for n, cell in enumerate(system.people)}

    def row_of(cells: dict[object, float]) -> list[float]:
        return [cells.get(cell, 0.0) for cell in places]

    shown = [row_of(dict(c)) for key, c in system.figures.items() if key not in hidden]
    shown += [row_of(dict(cells)) for cells in system.known]
    rank = np.linalg.matrix_rank(np.array(shown))
    single = len([c for row in rows for c in row if 0 < c < 5]) and all(
        sum(row[n] > 0 for row in rows) < 2 for n in range(2)
    )
    for key, cells in system.figures.items():
        count = sum(system.people[cell] for cell in cells)
        if 0 < count < 5:
            assert key in hidden
            known_already = np.linalg.matrix_rank(
                np.array([row_of(dict(c)) for c in system.known] + [row_of(dict(cells))])
            ) == len(system.known)
            more = np.linalg.matrix_rank(np.array([*shown, row_of(dict(cells))]))
            assert more > rank or known_already or single


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert build_system([(5, 0), (12, 30), (0, 9)]).choose_hidden() == frozenset()


def test_one_small_count_takes_the_next_smallest_with_it() -> None:
    hidden = build_system([(3, 20), (40, 50), (8, 60)]).choose_hidden()
    assert (0, "in") in hidden
    assert len(hidden) == 4  # a rectangle of four is the least that does


def test_two_small_counts_that_are_known_together_are_not_left_alone() -> None:
    """One and one make two: whoever sees the two knows both."""
    hidden = build_system([(1, 20), (1, 30), (40, 50), (9, 60)]).choose_hidden()
    assert {(0, "in"), (1, "in")} <= hidden
    assert len(hidden & {(n, "in") for n in range(4)}) > 2
