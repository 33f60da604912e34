"""After the window: one answer for one comment or several, handed in by one person."""

from collections.abc import Sequence

from django.utils import timezone

from jifen.office.consultation.access import ConsultationInHand
from jifen.office.consultation.actions.records import acting, log_act
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import (
    CommentState,
    Consultation,
    ConsultationState,
    OfficeAnswer,
    Verdict,
)
from jifen.office.consultation.queries import open_comments
from jifen.office.workshop.models import Revision

LONGEST_ANSWER = 4_000


def answer_comments(
    hand: ConsultationInHand,
    numbers: Sequence[int],
    verdict: str,
    reason: str,
    revision: int | None = None,
) -> OfficeAnswer:
    """Answer comments by their numbers; one that was answered before takes this answer instead.
    Raises ConsultationFault."""
    if verdict not in Verdict.values:
        raise refused("JF-D022", "verdict", "verdict")
    if not reason.strip() or len(reason) > LONGEST_ANSWER:
        raise refused("JF-D022", "reason", "reason", most=LONGEST_ANSWER)
    with acting(hand, "answer") as row:
        rows = row.comments.filter(
            number__in=numbers, state=CommentState.SHOWN, reply_to__isnull=True
        )
        if not numbers or rows.count() != len(set(numbers)):
            raise refused("JF-D022", "none", "numbers")
        answer = OfficeAnswer.objects.create(
            consultation=row,
            verdict=verdict,
            reason=reason.strip(),
            revision=_find_revision(row, revision),
            by=hand.user,
            at=timezone.now(),
        )
        rows.update(answer=answer)
        log_act("answered", hand.user, row, comments=sorted(set(numbers)), verdict=verdict)
    return answer


def _find_revision(row: Consultation, number: int | None) -> Revision | None:
    """A revision of the draft, not older than the one that was published."""
    if number is None:
        return None
    rows = Revision.objects.filter(draft=row.draft, number__gte=row.revision.number)
    found = rows.filter(number=number).first()
    if found is None:
        raise refused("JF-D022", "revision", "revision", number=number)
    return found


def hand_in_answers(hand: ConsultationInHand) -> Consultation:
    """Every comment has its answer: somebody else may sign. Raises ConsultationFault."""
    with acting(hand, "hand_in") as row:
        if count := open_comments(row).count():
            raise refused("JF-D022", "open", count=count)
        row.state = ConsultationState.REPLYING
        row.handed_in_by, row.handed_in_at = hand.user, timezone.now()
        row.reason = ""
        row.save()
        log_act("answers_handed_in", hand.user, row)
    return row


def send_back_answers(hand: ConsultationInHand, reason: str) -> Consultation:
    """The answers are to be written again; the reason is for the office."""
    if not reason.strip():
        raise refused("JF-D003", "reason", "reason")
    with acting(hand, "send_back") as row:
        row.state = ConsultationState.OPEN
        row.reason = reason.strip()[:2_000]
        row.save()
        log_act("answers_sent_back", hand.user, row)
    return row
