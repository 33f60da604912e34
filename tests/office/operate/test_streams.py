"""A stream that another thread reads."""

from typing import BinaryIO

import pytest

from jifen.office.operate.backup.sealing import stream_to_reader

BLOCK = b"x" * (1 << 20)
"""More than a pipe holds."""


def test_a_reader_that_needs_no_more_is_no_fault() -> None:
    """As pg_restore, which ends at the end of the archive and not of the stream."""
    seen: list[bytes] = []
    with stream_to_reader(lambda source: seen.append(source.read(1))) as target:
        target.write(BLOCK)
        target.write(b"the last bytes")
    assert seen == [b"x"]


def test_what_the_reader_raises_is_raised() -> None:
    def refuse(source: BinaryIO) -> None:
        raise LookupError(source.read(1).decode())

    with pytest.raises(LookupError, match="x"), stream_to_reader(refuse) as target:
        target.write(BLOCK)
