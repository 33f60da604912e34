"""Which rows contradict one another, told from columns of codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.scoring.population.coding import find_first_marked, mark_above
from tests.hypothesis_profiles import each

DTYPES = st.sampled_from([np.uint8, np.uint16])


@each(200, 5_000)
@given(DTYPES, DTYPES, st.integers(-70_000, 70_000), st.data())
def test_codes_are_compared_as_whole_numbers(
    first_type: type, second_type: type, offset: int, data: st.DataObject
) -> None:
    rows = data.draw(st.integers(0, 20))

    def draw_codes(dtype: type) -> list[int]:
        ends = st.sampled_from([0, 1, abs(offset) % 256, int(np.iinfo(dtype).max)])
        every = ends | st.integers(0, int(np.iinfo(dtype).max))
        return data.draw(st.lists(every, min_size=rows, max_size=rows))

    first, second = draw_codes(first_type), draw_codes(second_type)
    marked = mark_above(np.array(first, first_type), np.array(second, second_type), offset)
    assert marked.tolist() == [a + offset > b for a, b in zip(first, second, strict=True)]


@pytest.mark.parametrize("most", [1, 3, 1_000])
@pytest.mark.parametrize("rows", [0, 10, 4_096, 50_000])
@pytest.mark.parametrize("step", [1, 7, 9_000])
def test_the_first_rows_are_those_of_a_whole_look(rows: int, step: int, most: int) -> None:
    mask = np.zeros(rows, bool)
    mask[step - 1 :: step] = True
    assert find_first_marked(mask, most).tolist() == np.flatnonzero(mask)[:most].tolist()
