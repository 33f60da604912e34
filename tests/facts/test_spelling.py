"""A day as people type it."""

from datetime import date

import pytest

from jifen.facts.spelling import normalize_day, try_read_day


@pytest.mark.parametrize(
    "typed",
    [
        "2019-09-01",
        "2019-9-1",
        "2019.9.1",
        "2019/9/1",
        "20190901",
        "2019年9月1日",
        " ２０１９年９月１日 ",
        "2019 年 9 月 1 日",
    ],
)
def test_what_is_plain_to_see_is_understood(typed: str) -> None:
    assert normalize_day(typed) == "2019-09-01"
    assert try_read_day(typed) == date(2019, 9, 1)


@pytest.mark.parametrize("typed", ["", "属猪", "2019-09", "1.9.2019", "2019-02-30", "0019-09-01"])
def test_anything_else_is_no_day(typed: str) -> None:
    assert try_read_day(typed) is None
    assert try_read_day(normalize_day(typed)) is None
