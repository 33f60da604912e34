"""Notes that colleagues write to each other in a case."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.unit_of_work import record_event
from jifen.office.casework.faults import NoSuchCase
from jifen.office.desk.colleagues import list_colleagues
from jifen.office.desk.faults import EMPTY_WORDS, UNKNOWN_COLLEAGUE
from jifen.office.desk.models import CaseNote, NoteMention


def write_note(case: CaseAccess, words: str, mentioned: Iterable[int] = ()) -> CaseNote:
    """Write a note; the colleagues named in it find it on their queue until they read it. Raises
    CaseFault (JF-K103, JF-K105), NoSuchCase for anybody outside the staff."""
    if not case.is_staff:
        raise NoSuchCase
    if not words.strip():
        raise EMPTY_WORDS
    wanted = set(mentioned)
    colleagues = list(list_colleagues(case.application).filter(pk__in=wanted))
    if len(colleagues) != len(wanted):
        raise UNKNOWN_COLLEAGUE
    with transaction.atomic():
        note = CaseNote.objects.create(
            application=case.application, by=case.user, words=words.strip()[:2000]
        )
        NoteMention.objects.bulk_create(
            NoteMention(note=note, user=colleague) for colleague in colleagues
        )
        details = {"mentioned": sorted(wanted)}
        record_event(case.application, "noted", case, internal=True, details=details)
        return note


def mark_mentions_read(case: CaseAccess) -> None:
    """Whoever looks at a case has read the notes that name them. A look with nothing to read writes
    nothing: it waits for nobody who holds the database."""
    rows = NoteMention.objects.filter(
        note__application=case.application, user=case.user, read_at__isnull=True
    )
    if rows.exists():
        rows.update(read_at=timezone.now())


def list_unread_mentions(user: User) -> list[NoteMention]:
    """The notes that name somebody and that they have not read, oldest first."""
    rows = NoteMention.objects.filter(user=user, read_at__isnull=True).order_by("pk")
    return list(rows.select_related("note__application", "note__by")[:50])
