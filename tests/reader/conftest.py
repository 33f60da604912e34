"""A pool of reading processes for the tests of one file."""

from collections.abc import Iterator

import pytest

from jifen.reader.pool import ReaderPool


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    """Closed at the end, with nothing left behind."""
    pool = ReaderPool(size=2)
    yield pool
    pool.close()
    assert pool.list_process_ids() == []
