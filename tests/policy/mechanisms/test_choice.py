"""choice: points by the answer."""

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

LEVEL = "choice: {of: level, points: {none: 0, middle: 30, senior: 40}}"


@pytest.mark.parametrize(
    ("level", "expected"), [("none", 0), ("middle", 30), ("senior", 40), (None, 0)]
)
def test_each_answer_has_its_points(level: str | None, expected: int) -> None:
    assert points(LEVEL, level=level) == expected


def test_tenths_are_exact() -> None:
    half = LEVEL.replace("30", "0.3")
    assert points(half, precision=1, level="middle") == 3
    assert codes(half) == ["JF-P021"]


def test_the_table_names_the_answers() -> None:
    rows = sound(LEVEL).list_rows(vocabulary())
    assert [row.when.zh for row in rows] == ["没有", "中级", "高级"]
    assert rows[2].gives.en == "40 points"


def test_an_answer_without_points_is_not_forgotten_in_silence() -> None:
    assert codes("choice: {of: level, points: {none: 0, middle: 30}}") == ["JF-P011"]


def test_an_unknown_answer_brings_the_nearest() -> None:
    text = "choice: {of: level, points: {none: 0, midle: 3, middle: 30, senior: 40}}"
    assert codes(text) == ["JF-P020"]
