"""Deliveries that wait for a way out to answer: nothing is wrong with them, but somebody should
look at the way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from jifen.office.messages.models import Attempt, Message, MessageState

PATIENCE = timedelta(hours=1)


def waiting(now: datetime | None = None) -> Iterator[str]:
    """A line for each way out on which messages have waited for over an hour."""
    long = (now or timezone.now()) - PATIENCE
    rows = Message.objects.filter(state=MessageState.UNSURE, tries__at__lt=long)
    told = rows.values("channel").annotate(many=Count("pk", distinct=True), first=Min("tries__at"))
    for row in told.order_by("channel"):
        since = timezone.localtime(row["first"]).strftime("%Y-%m-%d %H:%M")
        last = Attempt.objects.filter(message__channel=row["channel"]).latest("id")
        yield f"{row['channel']}: {row['many']} messages wait since {since} ({last.words})"
