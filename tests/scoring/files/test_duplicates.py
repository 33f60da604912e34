"""Persons who are there more than once are found whatever the length of the file."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.scoring.files import duplicates
from jifen.scoring.files.duplicates import DuplicateFinder, find_key_column, hash_keys
from jifen.scoring.files.inputs import FilePart


def test_a_key_is_the_same_in_every_spelling() -> None:
    spelled = ["11010119900307451X", " １１０１０１19900307451x\t", "'11010119900307451X", None, ""]
    numbers = hash_keys(pa.chunked_array([pa.array(spelled)]))
    assert numbers[0] == numbers[1] == numbers[2] != 0
    assert numbers[3] == numbers[4] == 0
    cut_short = hash_keys(pa.chunked_array([pa.array(["1.10101199003075E+17", "x"])]))
    assert (cut_short[0] == 0, cut_short[1] != 0) == (True, True)
    whole = hash_keys(pa.chunked_array([pa.array([7, 8, 7, None])]))
    assert whole[0] == whole[2] != whole[1]
    assert whole[3] == 0


def test_the_column_of_keys() -> None:
    assert find_key_column(["序号", "身份证号码", "person"]) == "身份证号码"
    assert find_key_column(["序号", "姓名"]) is None
    assert find_key_column(["序号"], "序号") == "序号"


@pytest.mark.parametrize("at_once", [1, 7, 1 << 20])
@given(parts=st.lists(st.lists(st.integers(0, 9), max_size=9), max_size=5))
def test_every_row_after_the_first_of_a_person_is_told(
    at_once: int, parts: list[list[int]]
) -> None:
    before, duplicates.MOST_AT_ONCE = duplicates.MOST_AT_ONCE, at_once
    try:
        with DuplicateFinder("person") as found:
            for keys in parts:
                lines = np.arange(2, 2 + len(keys))
                part = FilePart(Path("f.csv"), len(keys), lines=lines)
                found.add_keys(part, np.array(keys, np.uint64))
            count, told = found.find_duplicates()
    finally:
        duplicates.MOST_AT_ONCE = before
    flat = [key for keys in parts for key in keys]
    many = sum(n - 1 for key, n in Counter(flat).items() if key)
    assert count == len(told) == many
    again = [row for row, key in enumerate(flat) if key and key in flat[:row]]
    assert [fault.row for _, fault in told] == again
