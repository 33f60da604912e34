"""The days of a hearing begin with the message that tells the person of the finding."""

from datetime import datetime

from django.utils import timezone

from jifen.office.casework.actions.hearings import record_telling, tell_by_letter
from jifen.office.casework.models import FalseRecord
from jifen.office.messages.models import Message, MessageState


def record_tellings(now: datetime) -> int:
    """Begin the hearing of every finding whose message lies in the inbox of the person; where the
    account is the person's no more, a letter has to be delivered. Returns how many."""
    del now
    rows = FalseRecord.objects.filter(state="hearing", told_on=None, told_by="account")
    changed = 0
    for record in rows.select_related("person").order_by("pk"):
        if record.person.user_id is None:
            tell_by_letter(record.pk)
        elif (message := _find_message(record)) is not None:
            record_telling(record.pk, timezone.localtime(message.made_at).date())
        else:
            continue
        changed += 1
    return changed


def _find_message(record: FalseRecord) -> Message | None:
    """What lies in the inbox of the person about a finding."""
    finding_events = record.application.events.filter(act="false_found")  # their words are sealed
    names = [
        f"case:{event.pk}"
        for event in finding_events
        if event.words.get("details", {}).get("record") == record.pk
    ]
    rows = Message.objects.filter(event__in=names, channel="inbox", state=MessageState.DELIVERED)
    return rows.filter(user=record.person.user_id).first()
