"""The small city, whose staff sign in without a second factor."""

import pytest

from tests.world.office import Office


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """An employer, a person and a full staff."""
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return Office()
