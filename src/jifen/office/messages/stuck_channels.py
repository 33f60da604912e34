"""Channels that do not answer, so that messages wait: somebody should look at the channel."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from jifen.office.messages.models import Attempt, Message, MessageState

PATIENCE = timedelta(hours=1)


def find_waiting_channels(now: datetime | None = None) -> Iterator[str]:
    """A line for each channel on which messages have waited for over an hour."""
    too_long_ago = (now or timezone.now()) - PATIENCE
    rows = Message.objects.filter(state=MessageState.UNSURE, tries__at__lt=too_long_ago)
    waiting_by_channel = rows.values("channel").annotate(
        many=Count("pk", distinct=True), first=Min("tries__at")
    )
    for row in waiting_by_channel.order_by("channel"):
        since = timezone.localtime(row["first"]).strftime("%Y-%m-%d %H:%M")
        last = Attempt.objects.filter(message__channel=row["channel"]).latest("id")
        yield f"{row['channel']}: {row['many']} messages wait since {since} ({last.words})"
