"""Keeping files, and having them scanned."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.documents import stored
from jifen.office.documents.models import Document, Scan
from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.inspect import inspect
from jifen.office.uploads.names import name_of
from jifen.office.uploads.scan import Scanner, ScannerDown, scanner_of

logger = logging.getLogger("jifen.documents")
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


def keep(content: bytes, name: str, user: User) -> Document:
    """Keep a file that was uploaded. Raises UploadFault, with nothing kept.

    The content goes to the storage under its hash first: a row never names a file that is not
    there whole, and the same content is stored once.
    """
    looked = inspect(content, name)
    place = place_of(looked.sha256)
    store = storage()
    try:
        if not stored.is_whole(store, place, looked.sha256):
            stored.keep(store, place, looked.content)
    except OSError as error:
        logger.error("a document cannot be kept: %s", error.strerror)
        raise UploadFault("JF-U012", *_NO_ROOM) from error
    scanned = bool(settings.JIFEN_CLAMD)
    now = timezone.now()
    return Document.objects.create(
        sha256=looked.sha256,
        name=name_of(name, looked.extension),
        kind=looked.kind,
        size=looked.size,
        pages=looked.pages,
        uploaded_by=user,
        scan=Scan.WAITING if scanned else Scan.UNNEEDED,
        scan_due_at=now if scanned else None,
    )


_NO_ROOM = (
    "现在无法保存文件（系统存储故障），您的其他内容没有受影响。请稍后再传。",
    "The file cannot be kept now (our storage); nothing else was touched. Try again later.",
)


def storage() -> Storage:
    """Where files are kept: never under a public address."""
    return storages["documents"]


def place_of(sha256: str) -> str:
    """Where a content stands in the storage."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def content_of(document: Document) -> bytes:
    """The bytes of a document."""
    with storage().open(place_of(document.sha256)) as file:
        return bytes(file.read())


def scan_due(most: int = 20) -> int:
    """Scan what is due; how many were scanned. A scan that stopped half-way is due again."""
    scanner = scanner_of(settings.JIFEN_CLAMD)
    done = 0
    while scanner and done < most and (document := _claim()):
        _scan(scanner, document)
        done += 1
    return done


def _claim() -> Document | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = Document.objects.select_for_update(skip_locked=True)
        document = due.filter(free, scan=Scan.WAITING, scan_due_at__lte=now).first()
        if document:
            document.lease_until, document.attempts = now + LEASE, document.attempts + 1
            document.save(update_fields=("lease_until", "attempts"))
        return document


def _scan(scanner: Scanner, document: Document) -> None:
    try:
        verdict = scanner.scan(content_of(document))
    except (ScannerDown, OSError) as error:
        wait = min(timedelta(seconds=2**document.attempts), LONGEST_WAIT)
        logger.warning("document %s waits for its scan: %s", document.pk, type(error).__name__)
        Document.objects.filter(pk=document.pk, scan=Scan.WAITING).update(
            lease_until=None, scan_due_at=timezone.now() + wait
        )
        return
    found = Scan.PASSED if verdict.clean else Scan.FOUND
    with transaction.atomic():
        Document.objects.filter(pk=document.pk, scan=Scan.WAITING).update(
            scan=found, lease_until=None, scan_due_at=None
        )
        if not verdict.clean:
            record("scan.found", actor=SYSTEM, subject=f"document:{document.pk}")
