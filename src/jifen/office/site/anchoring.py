"""Digests of the log are written to a place outside of its database, a file a day."""

import logging

from django.conf import settings
from django.core.files.storage import Storage, storages

from jifen.office.audit.digests import render_digest_file
from jifen.office.audit.faults import build_log_fault
from jifen.office.audit.models import Digest
from jifen.office.documents.stored import keep

logger = logging.getLogger("jifen.audit")


def write_anchors() -> int:
    """Write the files of digests that are not there yet; how many. A file that was begun and cut
    short is written anew; another one is left as it is and told, as is a place that cannot be
    written: the next look tries again."""
    digests = Digest.objects.order_by("day")
    last = digests.last()
    if "anchors" not in settings.STORAGES or last is None:
        return 0
    store = storages["anchors"]
    try:
        if _content(store, last) == render_digest_file(last):
            return 0
        return sum(_write(store, digest) for digest in digests)
    except OSError as error:
        why = error.strerror or type(error).__name__
        logger.error(
            "%s", build_log_fault("JF-J009", "unwritable", file=_name(last), why=why).explanation.en
        )
        return 0


def _write(store: Storage, digest: Digest) -> bool:
    """One file, unless it is there. Raises OSError."""
    wanted, there = render_digest_file(digest), _content(store, digest)
    if there is not None and not wanted.startswith(there):
        logger.error("%s", build_log_fault("JF-J009", "other", file=_name(digest)).explanation.en)
        return False
    if there == wanted:
        return False
    keep(store, _name(digest), wanted)
    return True


def _content(store: Storage, digest: Digest) -> bytes | None:
    """What is there under the name of a digest; None where nothing is. Raises OSError."""
    try:
        with store.open(_name(digest)) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def _name(digest: Digest) -> str:
    return f"{digest.day}.json"
