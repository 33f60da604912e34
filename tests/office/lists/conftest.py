"""What the tests of lists share."""

import pytest

from tests.world.town import Town


@pytest.fixture
def town(db: None) -> Town:
    """Chengdu."""
    del db
    return Town()
