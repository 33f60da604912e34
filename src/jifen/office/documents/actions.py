"""Keeping files, and having them scanned."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.documents import stored
from jifen.office.documents.models import Document, Scan
from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.inspect import Looked, inspect
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
    _keep_file(looked)
    scanned = bool(settings.JIFEN_CLAMD)
    now = timezone.now()
    with transaction.atomic():
        hold(looked.sha256)
        _keep_file(looked, only_missing=True)  # it went with its last case meanwhile
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


def _keep_file(looked: Looked, *, only_missing: bool = False) -> None:
    """Write what is not there whole: half a file of before is written anew."""
    place, store = place_of(looked.sha256), storage()
    try:
        there = store.exists(place)
        if not there or not (only_missing or stored.is_whole(store, place, looked.sha256)):
            stored.keep(store, place, looked.content)
    except OSError as error:
        logger.error("a document cannot be kept: %s", error.strerror)
        raise UploadFault("JF-U012", *_NO_ROOM) from error


def hold(sha256: str) -> None:
    """Until the end of the transaction nobody else says that a content is kept, or takes its file
    away. On SQLite one transaction writes at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def remove_unused(sha256: str) -> None:
    """Take the file of a content away, unless a document names it."""
    with transaction.atomic():
        hold(sha256)
        if not Document.objects.filter(sha256=sha256).exists():
            storage().delete(place_of(sha256))


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
    """The bytes of a document, which are those that were uploaded. Raises UploadFault where the
    file is missing or was altered, and OSError where the storage fails."""
    place = place_of(document.sha256)
    try:
        return stored.read(storage(), place, document.sha256, document.size)
    except stored.NotWhole as fault:
        logger.error("document %s: %s", document.pk, fault)
        raise UploadFault("JF-U017", *_NOT_WHOLE) from fault


_NOT_WHOLE = (
    "这份文件在我们的存储中缺失或已改变，不能显示。请联系受理部门；重新上传同一文件即可恢复。",
    "The file is missing from our storage, or was altered there, and is not shown. Tell the "
    "office; uploading the same file again restores it.",
)


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
    except (ScannerDown, UploadFault, OSError) as error:
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
