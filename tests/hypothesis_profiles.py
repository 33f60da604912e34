"""How many random examples a property test looks at.

Short (the default): few, and the same ones in each run, so that no change fails by the draw of
another day. Long (`JIFEN_TESTS=long`): many, and others in each run, to find what nobody thought
of.
"""

import os
from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, settings


def is_long() -> bool:
    """Whether this run searches with many random examples."""
    return os.environ.get("JIFEN_TESTS") == "long"


def examples(short: int, long: int) -> int:
    """How many examples to look at: `long` where JIFEN_TESTS is long, else `short`."""
    return long if is_long() else short


DEFAULT = "default of the suite"


def load_default_profile() -> None:
    """What holds for a property test that says nothing else (`tests/conftest.py` loads it): no test
    fails because the machine is busy, and none by the draw of another day."""
    settings.register_profile(
        DEFAULT,
        deadline=None,
        derandomize=not is_long(),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile(DEFAULT)


def each(
    short: int, long: int, *, suppress_health_check: Iterable[HealthCheck] = (), **more: Any
) -> settings:
    """The settings of a property test; what is suppressed is added to `too_slow`, and `more` are
    other settings of Hypothesis."""
    return settings(
        max_examples=examples(short, long),
        deadline=None,
        derandomize=not is_long(),
        suppress_health_check=[HealthCheck.too_slow, *suppress_health_check],
        **more,
    )
