"""each_record: points for every record."""

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

EACH = "each_record: {count: records, each: -50}"


@pytest.mark.parametrize(("records", "expected"), [(0, 0), (1, -50), (3, -150), (None, 0)])
def test_every_record_counts_apart(records: int | None, expected: int) -> None:
    assert points(EACH, records=records) == expected


def test_it_says_that_no_time_limits_it() -> None:
    assert "no time limit" in sound(EACH).describe_rule(vocabulary(), "en")


def test_only_a_count_can_be_counted() -> None:
    assert codes("each_record: {count: tax, each: -50}") == ["JF-P028"]
