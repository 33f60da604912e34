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
from jifen.office.casework.actions.batch import Taken, take_row
from jifen.office.casework.models import Workbook
from jifen.office.casework.standing import policy_on
from jifen.office.casework.typed import text_of
from jifen.office.registry.models import Unit
from jifen.office.sheets.read import Batch, BatchFault, Row, read
from jifen.office.sheets.report import report
from jifen.policy.text import Lang, Text

logger = logging.getLogger("jifen.casework")
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=7)
AT_ONCE = 20
"""So many people are taken in while the page waits."""


class _Overtaken(Exception):
    """Another worker has gone on with it."""


def hand_in(user: User, unit: Unit, agency: Unit | None, content: bytes) -> Workbook:
    """Keep a workbook that can be read; a short one is taken in at once. Raises BatchFault."""
    on = timezone.localdate()
    found = read(content, policy_on(unit.city, on), on)
    with transaction.atomic():
        book = Workbook.objects.create(
            unit=unit,
            agency=agency,
            user=user,
            on=on,
            content=b64encode(content).decode(),
            rows=len(found.rows),
        )
        details = {"rows": book.rows}
        record("batch.handed_in", actor=f"user:{user.pk}", subject=_name(book), details=details)
    if book.rows <= AT_ONCE:
        _take_in(book, found)
        book.refresh_from_db()
    return book


def take_in_due() -> int:
    """Take in what is waiting, or what another worker left; how many people were gone through."""
    done = 0
    while book := _claim():
        try:
            rows = rows_of(book)
        except BatchFault as fault:  # it could be read before: it is due again when its lease ends
            logger.warning("workbook %s waits: %s", book.pk, fault)
            continue
        done += _take_in(book, rows) + 1
    return done


def rows_of(book: Workbook) -> Batch:
    """What stands in it, read again."""
    return read(b64decode(book.content), policy_on(book.unit.city, book.on), book.on)


def wrong(book: Workbook, rows: tuple[Row, ...]) -> list[Row]:
    """The rows to be mended."""
    return [row for row in rows if row.faults or str(row.number) in book.refused]


def to_mend(book: Workbook, lang: Lang) -> bytes:
    """A workbook of the rows to be mended."""
    rows = {row.number: row for row in rows_of(book).rows}
    refused = {int(number): Text(*words) for number, words in book.refused.items()}
    return report(policy_on(book.unit.city, book.on).rules_on(book.on), rows, refused, lang)


def empty_old() -> int:
    """Workbooks hold personal data and are not kept longer than their rows need mending."""
    old = Workbook.objects.filter(ended_at__lt=timezone.now() - KEPT, emptied=False)
    return old.update(content="", emptied=True)


def _claim() -> Workbook | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = Workbook.objects.select_for_update(skip_locked=True)
        book = due.filter(free, ended_at__isnull=True).order_by("id").first()
        if book:
            book.lease_until = now + LEASE
            book.save(update_fields=("lease_until",))
        return book


def _take_in(book: Workbook, found: Batch) -> int:
    gone = 0
    try:
        for place in range(book.done, book.rows):
            _one(book, place, found.rows[place])
            gone += 1
        _end(book)
    except _Overtaken:
        pass
    return gone


def _one(book: Workbook, place: int, row: Row) -> None:
    """One row and the mark that it was gone through, in one transaction."""
    with transaction.atomic():
        mine = Workbook.objects.filter(pk=book.pk, done=place)
        if not mine.update(done=place + 1, lease_until=timezone.now() + LEASE):
            raise _Overtaken
        taken = Taken(book.made, book.updated, book.unchanged, {})
        take_row(book.user, book.unit, book.agency, row, text_of, taken, book.on)
        book.refused |= {str(n): [w.zh, w.en] for n, w in taken.refused.items()}
        book.made, book.updated, book.unchanged = taken.made, taken.updated, taken.unchanged
        book.save(update_fields=("made", "updated", "unchanged", "refused"))


def _end(book: Workbook) -> None:
    with transaction.atomic():
        mine = Workbook.objects.filter(pk=book.pk, ended_at__isnull=True, done=book.rows)
        if mine.update(ended_at=timezone.now(), lease_until=None):
            details = {"rows": book.rows, "made": book.made, "updated": book.updated}
            record(
                "batch.taken", actor=f"user:{book.user_id}", subject=_name(book), details=details
            )


def _name(book: Workbook) -> str:
    return f"unit:{book.unit_id}"
