"""What the tests of lists share."""

import pytest

from tests.office.lists.town import Town


@pytest.fixture
def town(db: None) -> Town:
    """Chengdu."""
    del db
    return Town()
