"""table: points by two or more facts at once."""

from decimal import Decimal

import pytest

from jifen.policy.mechanisms.table import PointsTable
from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

BY_AGE = """
table:
  by:
    - {of: tax, from: [4000, 5000, 6000.50]}
    - {of: age, from: [18, 30, 35]}
  points: [[10, 0, 0], [15, 15, 0], [20, 20, 20]]
"""
BY_STATUS = """
table:
  by:
    - {of: level, answers: [none, [middle, senior]]}
    - {of: certified, answers: [false, true]}
    - {of: records, from: [0, 1]}
  points: [[[1, 0], [2, 1]], [[30, 20], [50, 40]]]
"""


@pytest.mark.parametrize(
    ("tax", "age", "expected"),
    [
        ("3999.99", 25, 0),
        ("4000", 29, 10),
        ("4000", 30, 0),
        ("4000", 17, 0),
        ("5000", 34, 15),
        ("5000", 35, 0),
        ("6000.49", 18, 15),
        ("6000.50", 90, 20),
    ],
)
def test_a_place_begins_at_its_start_and_ends_at_the_next(
    tax: str, age: int, expected: int
) -> None:
    assert points(BY_AGE, tax=Decimal(tax), age=age) == expected


def test_the_columns_may_be_a_status_and_answers_may_share_a_place() -> None:
    assert points(BY_STATUS, level="none", certified=False, records=0) == 1
    assert points(BY_STATUS, level="middle", certified=True, records=0) == 50
    assert points(BY_STATUS, level="senior", certified=True, records=7) == 40


def test_what_does_not_apply_gives_nothing_but_a_yes_no_counts_as_no() -> None:
    assert points(BY_STATUS, level=None, certified=True, records=0) == 0
    assert points(BY_STATUS, level="senior", certified=True, records=None) == 0
    assert points(BY_STATUS, level="senior", certified=None, records=0) == 30


def test_the_span_is_exact_for_what_each_fact_may_be() -> None:
    span = sound(BY_AGE).compile_bounds(1)
    assert span({"tax": (Decimal(5000),), "age": (17, 18, 34, 35)}) == (0, 15)
    assert span({"tax": (Decimal(0), Decimal(6001)), "age": (30,)}) == (0, 20)
    assert span({"tax": (Decimal(6001),), "age": (20, 40)}) == (20, 20)


def test_the_places_are_told_with_their_units() -> None:
    rows = [(row.when.en, row.gives.en) for row in sound(BY_AGE).list_rows(vocabulary())]
    assert rows[0] == (
        "Tax: 4000 to under 5000 yuan",
        "18 to under 30 years of age: 10 points, 30 to under 35 years of age: 0 points, "
        "35 years of age or more: 0 points",
    )
    assert rows[2][0] == "Tax: 6000.5 yuan or more"
    zh = sound(BY_STATUS).list_rows(vocabulary())[3]
    assert (zh.when.zh, zh.gives.zh) == (
        "等级：中级、高级，认定：是",
        "0 次：50 分，1 次及以上：40 分",
    )
    words = sound(BY_AGE).describe_rule(vocabulary(), "en")
    assert words.startswith("points by Age. Tax: 4000 to under 5000 yuan: ")


def test_the_deciding_row_is_the_one_of_all_ways_but_the_last() -> None:
    table = sound(BY_AGE)
    assert table.find_row({"tax": Decimal(5500), "age": 10}) == 1
    assert table.find_row({"tax": Decimal(0), "age": 10}) is None


def test_points_may_rise_in_one_column_and_fall_in_another() -> None:
    table = sound(BY_AGE)
    assert isinstance(table, PointsTable)
    assert table.list_directions("tax", Decimal(0)) == {1}
    assert table.list_directions("age", Decimal(18)) == {-1}
    assert table.list_directions("age", Decimal(0)) == {1, -1}


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (BY_AGE, "[15, 15, 0]", "[15, 15]", "JF-P060"),
        (BY_AGE, "[15, 15, 0]", "15", "JF-P060"),
        (BY_AGE, "[4000, 5000, 6000.50]", "[5000, 4000, 6000.50]", "JF-P060"),
        (BY_AGE, "of: age", "of: tax", "JF-P060"),
        (BY_AGE, "from: [18, 30, 35]", "answers: [middle, senior]", "JF-P060"),
        (BY_AGE, "[18, 30, 35]", "[18, 30.5, 35]", "JF-P026"),
        (BY_AGE, "[20, 20, 20]", "[20, 20.5, 20]", "JF-P021"),
        (BY_AGE, "[20, 20, 20]", "[20, many, 20]", "JF-P014"),
        (BY_AGE, "of: age", "of: ages", "JF-P019"),
        (BY_STATUS, "[middle, senior]", "[middle]", "JF-P060"),
        (BY_STATUS, "[middle, senior]", "[middle, senior, none]", "JF-P060"),
        (BY_STATUS, "[middle, senior]", "[middle, seniors]", "JF-P020"),
        (BY_STATUS, "[false, true]", "[true]", "JF-P060"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, old: str, new: str, code: str) -> None:
    assert old in text
    assert code in codes(text.replace(old, new, 1))


def test_a_table_is_small_enough_to_be_read() -> None:
    starts = list(range(72))
    ways = f"[{{of: insured_months, from: {starts}}}, {{of: age, from: {starts}}}]"
    assert codes(f"table: {{by: {ways}, points: [0]}}") == ["JF-P060"]
