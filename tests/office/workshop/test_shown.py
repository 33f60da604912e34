"""Counts below 5 are never shown, and cannot be worked out from those beside them."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.workshop.simulation.disclosure import FEWEST, hidden_counts, shown_figures

FLOW = ("before", "after", "gains", "loses")


def _row(people: int, before: int, gains: int, loses: int) -> dict[str, float]:
    return {
        "people": people,
        "before": before,
        "after": before + gains - loses,
        "gains": gains,
        "loses": loses,
    }


def test_large_counts_are_all_shown() -> None:
    assert hidden_counts([_row(100, 50, 10, 0), _row(200, 80, 0, 20)]) == [frozenset(), frozenset()]


def test_a_small_group_is_hidden_whole_and_another_count_with_it() -> None:
    small, next_smallest, large = hidden_counts(
        [_row(3, 1, 0, 0), _row(50, 30, 0, 0), _row(500, 300, 0, 0)]
    )
    assert small == {"people", *FLOW}
    assert "people" in next_smallest
    assert "people" not in large


def test_a_small_count_of_a_row_takes_another_with_it() -> None:
    [hidden] = hidden_counts([_row(100, 50, 3, 0)])
    assert hidden == {"gains", "after"}


rows = st.builds(
    lambda people, before, gains, loses: _row(
        people,
        min(before, people),
        min(gains, people - min(before, people)),
        min(loses, before, people),
    ),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 9),
    st.integers(0, 9),
)


@given(st.lists(rows, min_size=1, max_size=5))
def test_no_small_count_is_shown_or_follows(table: list[dict[str, float]]) -> None:
    hidden = hidden_counts(table)
    for row, hides in zip(table, hidden, strict=True):
        assert not [name for name in row if 0 < row[name] < FEWEST and name not in hides]
        assert len(hides & set(FLOW)) != 1
    for name in ("people", *FLOW):
        if len(table) > 1 and sum(name in hides for hides in hidden) == 1:
            [only] = [row[name] for row, h in zip(table, hidden, strict=True) if name in h]
            others = [row[name] for row, h in zip(table, hidden, strict=True) if name not in h]
            # nothing else could be hidden with it: all others are nobody
            assert not any(others), (name, only)


def _group(name: str, people: int, gains: int) -> dict[str, Any]:
    reached = {"surely": people // 2, "perhaps": 0}
    after = {"surely": people // 2 + gains, "perhaps": 0}
    return {
        "group": name,
        "people": people,
        "known": people,
        "reached_before": reached,
        "reached_after": after,
        "gains": gains,
        "loses": 0,
        "mean_before": 90.0,
        "mean_after": 91.5,
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figures_are_shown_in_the_language_of_the_reader(lang: Any) -> None:
    groups = [_group("College", 200, 20), _group("Doctor", 3, 1), _group("None", 90, 0)]
    names = {
        "College": {"zh": "大专", "en": "College"},
        "Doctor": {"zh": "博士", "en": "Doctor"},
        "None": {"zh": "无", "en": "None"},
    }
    figures = {
        "lab": {
            "everybody": _group("everybody", 293, 21),
            "groups": {"education": groups},
            "lines": [120, 120],
            "changed": ["education"],
        },
        "labels": {"education": {"label": {"zh": "学历", "en": "Education"}, "groups": names}},
    }
    shown = shown_figures(figures, "all", lang)
    assert shown.everybody.cells["gains"] == "21"
    [grouping] = shown.groupings
    assert grouping.label == {"zh": "学历", "en": "Education"}[lang]
    doctor = grouping.rows[1]
    assert doctor.label == {"zh": "博士", "en": "Doctor"}[lang]
    assert doctor.cells["people"] == f"<{FEWEST}"
    assert doctor.cells["mean_after"] == "–"
    assert grouping.rows[0].cells["mean_after"] == "91.50"
    for row, name in product(grouping.rows, ("people", "gains")):
        assert row.cells[name] not in {"1", "2", "3", "4"}
