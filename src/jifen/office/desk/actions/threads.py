"""Messages between the office and the applicant about one fact or document."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.unit_of_work import record_event
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.department_scope import find_department_scope
from jifen.office.casework.models import Application, State
from jifen.office.casework.rules import APPLICANT, ENDED, PERSON
from jifen.office.desk.faults import EMPTY_WORDS, NO_SUCH_ITEM, NO_THREAD
from jifen.office.desk.models import ThreadMessage

MOST_MESSAGES = 200
"""In one case; a conversation that is longer belongs to the telephone."""


def write_message(case: CaseAccess, kind: str, key: str, words: str) -> ThreadMessage:
    """Write about one item. The office begins; the applicant answers where it asked. Neither stops
    the clock nor takes part in a correction. Raises CaseFault (JF-K103, JF-K106, JF-K107)."""
    application = case.application
    if not words.strip():
        raise EMPTY_WORDS
    if (kind, key) not in list_items(case):
        raise NO_SUCH_ITEM
    rows = ThreadMessage.objects.filter(application=application)
    was_asked = rows.filter(kind=kind, key=key, from_office=True).exists()
    if not may_write_messages(application) or not (
        case.is_staff or (was_asked and case.sides & {APPLICANT, PERSON})
    ):
        raise NO_THREAD
    with transaction.atomic():
        message = ThreadMessage.objects.create(
            application=application,
            kind=kind,
            key=key,
            by=case.user,
            from_office=case.is_staff,
            words=words.strip()[:2000],
        )
        act = "item_asked" if case.is_staff else "item_answered"
        record_event(application, act, case, details={"item": f"{kind}:{key}"})
        return message


def may_write_messages(application: Application) -> bool:
    """Whether the case is under way and its conversation not too long."""
    rows = ThreadMessage.objects.filter(application=application)
    return application.state not in (State.DRAFT, *ENDED) and rows.count() < MOST_MESSAGES


def list_items(case: CaseAccess) -> set[tuple[str, str]]:
    """What a message may be about: the facts of the measure and the documents of the process; for
    a department those of its gate."""
    application = case.application
    if scope := find_department_scope(case):
        own_facts = {("fact", fact) for fact in scope.facts}
        return own_facts | {("material", material) for material in scope.materials}
    facts = {("fact", fact) for fact in rules_of(application).vocabulary.ids}
    return facts | {("material", m.id) for m in process_of(application).materials}


def list_messages(case: CaseAccess) -> list[ThreadMessage]:
    """The messages of a case, in order."""
    rows = ThreadMessage.objects.filter(application=case.application).select_related("by")
    return list(rows.order_by("id"))


def has_unread_messages(case: CaseAccess) -> bool:
    """Whether the other side wrote something that was not seen."""
    return _list_unread(case).exists()


def _list_unread(case: CaseAccess) -> "QuerySet[ThreadMessage]":
    rows = ThreadMessage.objects.filter(application=case.application, read_at__isnull=True)
    return rows.exclude(from_office=case.is_staff)


def mark_messages_read(case: CaseAccess) -> None:
    """Whoever looks at a case has read what the other side wrote; a department, which does not see
    it all, leaves that to the office. A look with nothing to read writes nothing."""
    if find_department_scope(case) is None and has_unread_messages(case):
        _list_unread(case).update(read_at=timezone.now())
