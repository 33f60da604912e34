"""What the worker does for consultations: announce, and send mails. A batch is claimed with a
lease; another worker takes up what one that was killed left."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.consultation.actions.announcements import announce_due, mail_announcements
from jifen.office.consultation.mails import WrittenMail, write_mail
from jifen.office.consultation.models import Mail, MailState
from jifen.office.messages.channels import OutgoingMessage, SendResult, get_channel

logger = logging.getLogger("jifen.consultation")
BATCH, LEASE = 50, timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 20


def announce_consultations(at: datetime) -> int:
    """Note what subscribers are to be told, and make their mails; how many announcements."""
    return announce_due(at) + mail_announcements(at)


def send_due_mails(at: datetime) -> int:
    """Send what is due; how many were tried. A killed worker repeats one mail at most."""
    tried = 0
    for mail in _claim_batch(at):
        _send(mail, at)
        tried += 1
    return tried


def _claim_batch(at: datetime) -> list[Mail]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        rows = Mail.objects.select_for_update(skip_locked=True, of=("self",))
        due = rows.filter(free, state=MailState.DUE, due_at__lte=at).order_by("due_at", "id")
        claimed = list(due.values_list("pk", flat=True)[:BATCH])
        Mail.objects.filter(pk__in=claimed).update(lease_until=timezone.now() + LEASE)
    whole = Mail.objects.select_related(
        "comment__consultation",
        "support__comment__consultation",
        "subscriber",
        "announcement__consultation",
        "announcement__adoption",
    )
    return list(whole.filter(pk__in=claimed).order_by("due_at", "id"))


def _send(mail: Mail, at: datetime) -> None:
    try:
        written = write_mail(mail)
        result = _hand_over(mail, written) if written else None
    except Exception as error:
        logger.exception("mail %s could not be written", mail.pk)
        result = SendResult("unsure", words=type(error).__name__)
    rows = Mail.objects.filter(pk=mail.pk, state=MailState.DUE)
    if result is None:
        rows.update(state=MailState.DROPPED, lease_until=None)
    elif result.outcome == "accepted":
        rows.update(state=MailState.SENT, lease_until=None, attempts=mail.attempts + 1)
    elif result.outcome == "refused" or mail.attempts + 1 >= MOST_ATTEMPTS:
        rows.update(state=MailState.FAILED, lease_until=None, attempts=mail.attempts + 1)
    else:
        wait = min(FIRST_WAIT * 2 ** min(mail.attempts, 10), LONGEST_WAIT)
        rows.update(due_at=at + wait, lease_until=None, attempts=mail.attempts + 1)


def _hand_over(mail: Mail, written: WrittenMail) -> SendResult:
    return get_channel("email").send(
        OutgoingMessage(
            str(mail.reference), written.to, written.subject, written.text, written.leave
        )
    )
