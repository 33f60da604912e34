"""A pool of reading processes for the tests of one file."""

from collections.abc import Iterator

import pytest

from jifen.reader.pool import Pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Closed at the end, with nothing left behind."""
    pool = Pool(size=2)
    yield pool
    pool.close()
    assert pool.numbers() == []
