"""A property test fails by what it finds, not by the speed of the machine."""

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hypothesis_profiles import is_long


def test_the_default_looks_at_no_clock() -> None:
    default = settings.default
    assert default is not None
    assert default.deadline is None
    assert HealthCheck.too_slow in default.suppress_health_check
    assert default.derandomize is not is_long()


@settings(max_examples=3)
@given(st.integers(0, 3))
def test_an_example_may_take_longer_than_the_deadline_of_hypothesis(number: int) -> None:
    """200 ms an example is the deadline of Hypothesis itself."""
    time.sleep(0.21)
    assert 0 <= number <= 3
