"""Writing the digests of the log to a store outside of its database, a file a day."""

import logging

from django.conf import settings
from django.core.files.storage import Storage, storages

from jifen.office.audit.digests import render_digest_file
from jifen.office.audit.faults import build_log_fault
from jifen.office.audit.models import Digest
from jifen.office.documents.content_files import write_whole

logger = logging.getLogger("jifen.audit")


def write_missing_anchors() -> int:
    """Write the missing files of digests. Returns how many. A file that was cut short is written
    anew. A file with other content is left and logged, as is a store that cannot be written, which
    the next run tries again."""
    digests = Digest.objects.order_by("day")
    last = digests.last()
    if "anchors" not in settings.STORAGES or last is None:
        return 0
    store = storages["anchors"]
    try:
        if _read_anchor(store, last) == render_digest_file(last):
            return 0
        return sum(_write_anchor(store, digest) for digest in digests)
    except OSError as error:
        why = error.strerror or type(error).__name__
        logger.error(
            "%s",
            build_log_fault(
                "JF-J009", "unwritable", file=_get_anchor_name(last), why=why
            ).explanation.en,
        )
        return 0


def _write_anchor(store: Storage, digest: Digest) -> bool:
    """One file, unless it is there. Raises OSError."""
    content, stored = render_digest_file(digest), _read_anchor(store, digest)
    if stored is not None and not content.startswith(stored):
        logger.error(
            "%s", build_log_fault("JF-J009", "other", file=_get_anchor_name(digest)).explanation.en
        )
        return False
    if stored == content:
        return False
    write_whole(store, _get_anchor_name(digest), content)
    return True


def _read_anchor(store: Storage, digest: Digest) -> bytes | None:
    """The stored file of a digest; None where there is none. Raises OSError."""
    try:
        with store.open(_get_anchor_name(digest)) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def _get_anchor_name(digest: Digest) -> str:
    return f"{digest.day}.json"
