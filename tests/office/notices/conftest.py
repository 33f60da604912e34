"""What the tests of notices share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.world.notice import City


@pytest.fixture
def city(db: None) -> Iterator[City]:
    """A person with a notice that holds."""
    del db
    yield City()
    cache.clear()
