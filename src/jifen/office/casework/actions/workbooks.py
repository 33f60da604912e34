"""Workbooks are kept as they come and taken in behind the page, so that 5,000 people keep nobody
waiting and a stop in the middle loses and doubles nobody."""

import logging
from base64 import b64decode, b64encode
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.casework.actions.batch_import import BatchResult, import_row
from jifen.office.casework.case_policy import policy_on
from jifen.office.casework.form_values import to_form_value
from jifen.office.casework.models import Workbook
from jifen.office.registry.models import Unit
from jifen.office.sheets.batch_reader import Batch, BatchFault, BatchRow, read_batch
from jifen.office.sheets.report import make_report
from jifen.policy.text import Lang, Text

logger = logging.getLogger("jifen.casework")
LEASE = timedelta(minutes=2)
KEEP_TIME = timedelta(days=7)
ROWS_AT_ONCE = 20
"""So many people are taken in while the page waits."""


class _Overtaken(Exception):
    """Another worker has gone on with it."""


def accept_workbook(user: User, unit: Unit, agency: Unit | None, content: bytes) -> Workbook:
    """Keep a workbook that can be read; a short one is taken in at once. Raises BatchFault."""
    on = timezone.localdate()
    batch = read_batch(content, policy_on(unit.city, on), on)
    with transaction.atomic():
        book = Workbook.objects.create(
            unit=unit,
            agency=agency,
            user=user,
            on=on,
            content=b64encode(content).decode(),
            rows=len(batch.rows),
        )
        details = {"rows": book.rows}
        record(
            "batch.handed_in", actor=f"user:{user.pk}", subject=_subject_of(book), details=details
        )
    if book.rows <= ROWS_AT_ONCE:
        _import_rows(book, batch)
        book.refresh_from_db()
    return book


def import_due_workbooks() -> int:
    """Take in what is waiting, or what another worker left; how many people were gone through."""
    imported = 0
    while book := _claim_workbook():
        try:
            rows = read_rows(book)
        except BatchFault as fault:  # it could be read before: it is due again when its lease ends
            logger.warning("workbook %s waits: %s", book.pk, fault)
            continue
        imported += _import_rows(book, rows) + 1
    return imported


def read_rows(book: Workbook) -> Batch:
    """What stands in it, read again."""
    return read_batch(b64decode(book.content), policy_on(book.unit.city, book.on), book.on)


def select_rejected_rows(book: Workbook, rows: tuple[BatchRow, ...]) -> list[BatchRow]:
    """The rows to be mended."""
    return [row for row in rows if row.faults or str(row.number) in book.refused]


def make_correction_workbook(book: Workbook, lang: Lang) -> bytes:
    """A workbook of the rows to be mended."""
    rows = {row.number: row for row in read_rows(book).rows}
    refused = {int(number): Text(*words) for number, words in book.refused.items()}
    return make_report(policy_on(book.unit.city, book.on).rules_on(book.on), rows, refused, lang)


def erase_old_workbooks() -> int:
    """Workbooks hold personal data and are not kept longer than their rows need mending."""
    old = Workbook.objects.filter(ended_at__lt=timezone.now() - KEEP_TIME, emptied=False)
    return old.update(content="", emptied=True)


def _claim_workbook() -> Workbook | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = Workbook.objects.select_for_update(skip_locked=True)
        book = due.filter(free, ended_at__isnull=True).order_by("id").first()
        if book:
            book.lease_until = now + LEASE
            book.save(update_fields=("lease_until",))
        return book


def _import_rows(book: Workbook, batch: Batch) -> int:
    imported = 0
    try:
        for place in range(book.done, book.rows):
            _import_row(book, place, batch.rows[place])
            imported += 1
        _end_import(book)
    except _Overtaken:
        pass
    return imported


def _import_row(book: Workbook, place: int, row: BatchRow) -> None:
    """One row and the mark that it was gone through, in one transaction."""
    with transaction.atomic():
        claimed_rows = Workbook.objects.filter(pk=book.pk, done=place)
        if not claimed_rows.update(done=place + 1, lease_until=timezone.now() + LEASE):
            raise _Overtaken
        result = BatchResult(book.made, book.updated, book.unchanged, {})
        import_row(book.user, book.unit, book.agency, row, to_form_value, result, book.on)
        book.refused |= {str(number): [text.zh, text.en] for number, text in result.refused.items()}
        book.made, book.updated, book.unchanged = result.created, result.updated, result.unchanged
        book.save(update_fields=("made", "updated", "unchanged", "refused"))


def _end_import(book: Workbook) -> None:
    with transaction.atomic():
        finished_rows = Workbook.objects.filter(pk=book.pk, ended_at__isnull=True, done=book.rows)
        if finished_rows.update(ended_at=timezone.now(), lease_until=None):
            details = {"rows": book.rows, "made": book.made, "updated": book.updated}
            record(
                "batch.taken",
                actor=f"user:{book.user_id}",
                subject=_subject_of(book),
                details=details,
            )


def _subject_of(book: Workbook) -> str:
    return f"unit:{book.unit_id}"
