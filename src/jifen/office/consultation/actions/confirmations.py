"""Links that somebody follows from a mail: they show a comment, count a support, begin or end a
subscription. A link is good once, and for some days."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jifen.office.audit.actions import record
from jifen.office.consultation.actions.comments import show_comment
from jifen.office.consultation.actions.links import is_token
from jifen.office.consultation.actions.records import lock_consultation, log_act
from jifen.office.consultation.faults import refused
from jifen.office.consultation.models import (
    Comment,
    CommentState,
    Consultation,
    ConsultationState,
    Subscriber,
    SubscriberState,
    Support,
)

DAYS = 3
"""Days for which a link is good; what was posted in time counts though the window has ended."""


def confirm_link(kind: str, key: UUID, token: str) -> Consultation | None:
    """Do what a link confirms; the consultation that it is about, if it is about one. Raises
    ConsultationFault."""
    if kind not in _CONFIRM or not is_token(token, kind, key):
        raise refused("JF-D014", "unknown")
    with transaction.atomic():
        return _CONFIRM[kind](key)


def _confirm_comment(key: UUID) -> Consultation:
    comment = Comment.objects.filter(key=key).first()
    if comment is None:
        raise refused("JF-D014", "unknown")
    row = lock_consultation(comment.consultation)
    comment.refresh_from_db()
    if comment.state != CommentState.WAITING:
        raise refused("JF-D014", "used")
    _refuse_late(row, comment.posted_at)
    show_comment(comment, row, timezone.now())
    comment.save()
    log_act("confirmed", None, row, comment=comment.pk, number=comment.number)
    return row


def _confirm_support(key: UUID) -> Consultation:
    support = Support.objects.filter(key=key).select_related("comment__consultation").first()
    if support is None:
        raise refused("JF-D014", "unknown")
    row = lock_consultation(support.comment.consultation)
    support = Support.objects.select_related("comment").get(pk=support.pk)
    if support.confirmed_at is not None:
        raise refused("JF-D014", "used")
    _refuse_late(row, support.posted_at)
    support.confirmed_at = timezone.now()
    support.save()
    log_act("support_confirmed", None, row, comment=support.comment_id)
    return row


def _refuse_late(row: Consultation, posted_at: datetime) -> None:
    is_late = timezone.now() - posted_at > timedelta(days=DAYS)
    if is_late or row.state != ConsultationState.OPEN:
        raise refused("JF-D014", "late", days=DAYS)


def _confirm_subscriber(key: UUID) -> None:
    row = Subscriber.objects.select_for_update(of=("self",)).filter(key=key).first()
    if row is None or row.state == SubscriberState.LEFT:
        raise refused("JF-D014", "unknown")
    if row.state == SubscriberState.ACTIVE:
        raise refused("JF-D014", "used")
    if timezone.now() - row.posted_at > timedelta(days=DAYS):
        raise refused("JF-D014", "late", days=DAYS)
    row.state, row.confirmed_at = SubscriberState.ACTIVE, timezone.now()
    row.save()
    _log_subscriber("subscribed", row)


_CONFIRM: dict[str, Callable[[UUID], Consultation | None]] = {
    "comment": _confirm_comment,
    "support": _confirm_support,
    "subscriber": _confirm_subscriber,
}


def leave_notices(key: UUID, token: str) -> None:
    """End a subscription and forget its address. A second time changes nothing. Raises
    ConsultationFault for a link that is none of ours."""
    if not is_token(token, "leave", key):
        raise refused("JF-D014", "unknown")
    with transaction.atomic():
        row = Subscriber.objects.select_for_update(of=("self",)).filter(key=key).first()
        if row is None:
            raise refused("JF-D014", "unknown")
        if row.state == SubscriberState.LEFT:
            return
        row.state, row.left_at = SubscriberState.LEFT, timezone.now()
        row.email, row.address_index = "", ""
        row.save()
        _log_subscriber("unsubscribed", row)


def _log_subscriber(act: str, row: Subscriber) -> None:
    record(f"consultation.{act}", actor="visitor", subject=f"subscriber:{row.pk}", city=row.city)
