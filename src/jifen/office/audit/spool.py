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


def get_spool_path() -> Path:
    """The file beside the database of this connection."""
    return Path(f"{connection.settings_dict['NAME']}-accesses.jsonl")


def append_access(access: Access) -> None:
    """Write one access to the disk, or raise OSError."""
    fields = {name: getattr(access, name) for name in FIELDS} | {"at": access.at.isoformat()}
    line = json.dumps(fields, ensure_ascii=False) + "\n"
    with _open_locked() as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def import_spooled() -> int:
    """Move the spooled accesses into the log. Returns how many. A line that was imported before the
    process was killed is recognized by its time and actor; an unreadable one is logged and recorded
    as such."""
    if connection.vendor != "sqlite" or not _has_spooled():
        return 0
    with ExitStack() as stack:
        with transaction.atomic():  # the database first, so that nobody waits for the file
            file = stack.enter_context(_open_locked())
            file.seek(0)
            lines = file.read().decode("utf-8", "replace").splitlines()
            new_accesses = [access for access in map(_parse_access, lines) if not _is_known(access)]
            Access.objects.bulk_create(new_accesses, batch_size=500)
        file.truncate(0)
    return len(new_accesses)


def _has_spooled() -> bool:
    return get_spool_path().exists() and get_spool_path().stat().st_size > 0


def _parse_access(line: str) -> Access:
    try:
        fields: dict[str, Any] = json.loads(line)
        return Access(**fields | {"at": datetime.fromisoformat(fields["at"])})
    except (ValueError, TypeError, KeyError):
        logger.error("a line of %s cannot be read", get_spool_path().name)
        return Access.build_for_unreadable_line(len(line))


def _is_known(access: Access) -> bool:
    same = {"at": access.at, "actor": access.actor, "act": access.act, "subject": access.subject}
    return Access.objects.filter(**same).exists()


@contextmanager
def _open_locked() -> Iterator[IO[bytes]]:
    """The file, open for appending and nobody else's."""
    handle = os.open(get_spool_path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
