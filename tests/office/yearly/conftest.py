"""What the tests of the yearly rhythm share."""

import pytest

from tests.world.year import FILED, City, set_day


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """In June 2025."""
    del db
    set_day(monkeypatch, FILED)
    return City()
