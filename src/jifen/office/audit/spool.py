"""Accesses that wait in a file beside a SQLite database while somebody else writes to it.

One line of JSON for each, appended under a lock and flushed to the disk; the sealer takes them in.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from jifen.office.audit.models import Access

logger = logging.getLogger("jifen.audit")
FIELDS = ("at", "act", "actor", "subject", "city", "source", "details")


def place() -> Path:
    """The file beside the database of this connection."""
    return Path(f"{connection.settings_dict['NAME']}-accesses.jsonl")


def append(access: Access) -> None:
    """Keep one, whole and on the disk, or raise OSError."""
    plain = {name: getattr(access, name) for name in FIELDS} | {"at": access.at.isoformat()}
    line = json.dumps(plain, ensure_ascii=False) + "\n"
    with _alone() as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def take_in() -> int:
    """Put what waits into the log; how many. A line that was taken in before somebody was killed is
    known again by its moment and actor; one that cannot be read is told, and noted as such."""
    if connection.vendor != "sqlite" or not _waits():
        return 0
    with ExitStack() as held:
        with transaction.atomic():  # first the database: nobody waits for the file meanwhile
            file = held.enter_context(_alone())
            file.seek(0)
            lines = file.read().decode("utf-8", "replace").splitlines()
            new = [access for access in map(_access, lines) if not _is_known(access)]
            Access.objects.bulk_create(new, batch_size=500)
        file.truncate(0)
    return len(new)


def _waits() -> bool:
    return place().exists() and place().stat().st_size > 0


def _access(line: str) -> Access:
    try:
        plain: dict[str, Any] = json.loads(line)
        return Access(**plain | {"at": datetime.fromisoformat(plain["at"])})
    except (ValueError, TypeError, KeyError):
        logger.error("a line of %s cannot be read", place().name)
        return Access.unreadable(len(line))


def _is_known(access: Access) -> bool:
    same = {"at": access.at, "actor": access.actor, "act": access.act, "subject": access.subject}
    return Access.objects.filter(**same).exists()


@contextmanager
def _alone() -> Iterator[IO[bytes]]:
    """The file, open for appending and nobody else's."""
    handle = os.open(place(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
