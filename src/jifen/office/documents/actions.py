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
from jifen.office.documents import content_files
from jifen.office.documents.models import Document, Scan
from jifen.office.documents.words import say
from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.inspection import InspectedFile, inspect_file
from jifen.office.uploads.names import make_stored_name
from jifen.office.uploads.scan import Scanner, ScannerDown, make_scanner

logger = logging.getLogger("jifen.documents")
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


def store_document(content: bytes, name: str, user: User) -> Document:
    """Keep a file that was uploaded. Raises UploadFault, with nothing kept.

    The content goes to the storage under its hash first: a row never names a file that is not
    there whole, and the same content is stored once.
    """
    inspected = inspect_file(content, name)
    _store_file(inspected)
    has_scanner = bool(settings.JIFEN_CLAMD)
    now = timezone.now()
    with transaction.atomic():
        lock_content(inspected.sha256)
        _store_file(inspected, only_missing=True)  # it went with its last case meanwhile
        return Document.objects.create(
            sha256=inspected.sha256,
            name=make_stored_name(name, inspected.extension),
            kind=inspected.kind,
            size=inspected.size,
            pages=inspected.pages,
            uploaded_by=user,
            scan=Scan.WAITING if has_scanner else Scan.UNNEEDED,
            scan_due_at=now if has_scanner else None,
        )


def _store_file(inspected: InspectedFile, *, only_missing: bool = False) -> None:
    """Write what is not there whole: half a file of before is written anew."""
    place, store = content_path(inspected.sha256), get_storage()
    try:
        file_exists = store.exists(place)
        if not file_exists or not (
            only_missing or content_files.is_whole(store, place, inspected.sha256)
        ):
            content_files.write_sealed(store, place, inspected.content)
    except OSError as error:
        logger.error("a document cannot be kept: %s", error.strerror)
        raise UploadFault("JF-U012", _NO_ROOM) from error


def lock_content(sha256: str) -> None:
    """Until the end of the transaction nobody else says that a content is kept, or takes its file
    away. On SQLite one transaction writes at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def remove_unused(sha256: str) -> None:
    """Take the file of a content away, unless a document names it."""
    with transaction.atomic():
        lock_content(sha256)
        if not Document.objects.filter(sha256=sha256).exists():
            get_storage().delete(content_path(sha256))


_NO_ROOM = say("actions.no_room")


def get_storage() -> Storage:
    """Where files are kept: never under a public address."""
    return storages["documents"]


def content_path(sha256: str) -> str:
    """Where a content stands in the storage."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def read_content(document: Document) -> bytes:
    """The bytes of a document, which are those that were uploaded. Raises UploadFault where the
    file is missing or was altered, and OSError where the storage fails."""
    place = content_path(document.sha256)
    try:
        return content_files.read_whole(get_storage(), place, document.sha256, document.size)
    except content_files.DamagedFile as fault:
        logger.error("document %s: %s", document.pk, fault)
        raise UploadFault("JF-U017", _NOT_WHOLE) from fault


_NOT_WHOLE = say("actions.not_whole")


def scan_due_documents(max_documents: int = 20) -> int:
    """Scan what is due; how many were scanned. A scan that stopped half-way is due again."""
    scanner = make_scanner(settings.JIFEN_CLAMD)
    scanned = 0
    while scanner and scanned < max_documents and (document := _claim_document()):
        _scan_document(scanner, document)
        scanned += 1
    return scanned


def _claim_document() -> Document | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = Document.objects.select_for_update(skip_locked=True)
        document = due.filter(free, scan=Scan.WAITING, scan_due_at__lte=now).first()
        if document:
            document.lease_until, document.attempts = now + LEASE, document.attempts + 1
            document.save(update_fields=("lease_until", "attempts"))
        return document


def _scan_document(scanner: Scanner, document: Document) -> None:
    try:
        verdict = scanner.scan(read_content(document))
    except (ScannerDown, UploadFault, OSError) as error:
        retry_delay = min(timedelta(seconds=2**document.attempts), LONGEST_WAIT)
        logger.warning("document %s waits for its scan: %s", document.pk, type(error).__name__)
        Document.objects.filter(pk=document.pk, scan=Scan.WAITING).update(
            lease_until=None, scan_due_at=timezone.now() + retry_delay
        )
        return
    scan_state = Scan.PASSED if verdict.clean else Scan.FOUND
    with transaction.atomic():
        Document.objects.filter(pk=document.pk, scan=Scan.WAITING).update(
            scan=scan_state, lease_until=None, scan_due_at=None
        )
        if not verdict.clean:
            record("scan.found", actor=SYSTEM, subject=f"document:{document.pk}")
