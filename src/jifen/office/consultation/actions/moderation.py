"""Moderators hide a comment on a named ground, show it again, or release an attachment. Nothing is
deleted; what was done stays in rows of its own."""

from django.utils import timezone

from jifen.office.consultation.access import ConsultationInHand
from jifen.office.consultation.actions.records import acting, log_act
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import Attachment, Comment, CommentState, Moderation
from jifen.office.consultation.words import say

GROUNDS = {
    "personal_data": say("actions.moderation.grounds_personal_data"),
    "insult": say("actions.moderation.grounds_insult"),
    "unlawful": say("actions.moderation.grounds_unlawful"),
    "advertising": say("actions.moderation.grounds_advertising"),
    "off_topic": say("actions.moderation.grounds_off_topic"),
}
LONGEST_WORDS = 500


def hide_comment(hand: ConsultationInHand, number: int, ground: str, words: str) -> Moderation:
    """Hide a comment that is shown. Raises ConsultationFault, also where another moderator was
    first."""
    if ground not in GROUNDS:
        raise refused("JF-D020", "ground", "ground")
    with acting(hand, "moderate"):
        comment = _find(hand, number, CommentState.SHOWN)
        comment.state = CommentState.HIDDEN
        return _store(hand, comment, "hide", ground, words)


def restore_comment(hand: ConsultationInHand, number: int, words: str) -> Moderation:
    """Show a hidden comment again, and say why."""
    if not words.strip():
        raise refused("JF-D020", "words", "words")
    with acting(hand, "moderate"):
        comment = _find(hand, number, CommentState.HIDDEN)
        comment.state = CommentState.SHOWN
        return _store(hand, comment, "restore", "", words)


def release_attachment(hand: ConsultationInHand, pk: int) -> Moderation:
    """Show an attachment to the public."""
    with acting(hand, "moderate") as row:
        rows = Attachment.objects.select_for_update(of=("self",)).filter(comment__consultation=row)
        attachment = rows.filter(pk=pk, released_at__isnull=True).first()
        if attachment is None:
            raise refused("JF-D020", "done")
        attachment.released_by, attachment.released_at = hand.user, timezone.now()
        attachment.save()
        return _store(hand, attachment.comment, "release", "", "")


def _find(hand: ConsultationInHand, number: int, state: CommentState) -> Comment:
    row = hand.consultation.comments.filter(number=number, state=state).first()
    if row is None:
        raise refused("JF-D020", "done")
    return row


def _store(
    hand: ConsultationInHand, comment: Comment, act: str, ground: str, words: str
) -> Moderation:
    comment.save()
    made = Moderation.objects.create(
        comment=comment,
        act=act,
        ground=ground,
        words=words.strip()[:LONGEST_WORDS],
        by=hand.user,
        at=timezone.now(),
    )
    log_act(f"moderated_{act}", hand.user, hand.consultation, comment=comment.pk, ground=ground)
    return made
