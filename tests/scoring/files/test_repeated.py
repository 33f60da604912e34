"""Persons who are there more than once are found whatever the length of the file."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.scoring.files import repeated
from jifen.scoring.files.inputs import Part
from jifen.scoring.files.repeated import Repeated, hashed, key_column


def test_a_key_is_the_same_in_every_spelling() -> None:
    spelled = ["11010119900307451X", " １１０１０１19900307451x\t", "'11010119900307451X", None, ""]
    numbers = hashed(pa.chunked_array([pa.array(spelled)]))
    assert numbers[0] == numbers[1] == numbers[2] != 0
    assert numbers[3] == numbers[4] == 0
    cut_short = hashed(pa.chunked_array([pa.array(["1.10101199003075E+17", "x"])]))
    assert (cut_short[0] == 0, cut_short[1] != 0) == (True, True)
    whole = hashed(pa.chunked_array([pa.array([7, 8, 7, None])]))
    assert whole[0] == whole[2] != whole[1]
    assert whole[3] == 0


def test_the_column_of_keys() -> None:
    assert key_column(["序号", "身份证号码", "person"]) == "身份证号码"
    assert key_column(["序号", "姓名"]) is None
    assert key_column(["序号"], "序号") == "序号"


@pytest.mark.parametrize("at_once", [1, 7, 1 << 20])
@given(parts=st.lists(st.lists(st.integers(0, 9), max_size=9), max_size=5))
def test_every_row_after_the_first_of_a_person_is_told(
    at_once: int, parts: list[list[int]]
) -> None:
    before, repeated.MOST_AT_ONCE = repeated.MOST_AT_ONCE, at_once
    try:
        with Repeated("person") as found:
            for keys in parts:
                lines = np.arange(2, 2 + len(keys))
                part = Part(Path("f.csv"), len(keys), lines=lines)
                found.add(part, np.array(keys, np.uint64))
            count, told = found.found()
    finally:
        repeated.MOST_AT_ONCE = before
    flat = [key for keys in parts for key in keys]
    many = sum(n - 1 for key, n in Counter(flat).items() if key)
    assert count == len(told) == many
    again = [row for row, key in enumerate(flat) if key and key in flat[:row]]
    assert [fault.row for _, fault in told] == again
