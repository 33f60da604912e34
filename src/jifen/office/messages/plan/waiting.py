"""Messages to those on whom something waits, one for each row; and to the people of a unit whose
registration was decided."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.office.casework.assignees import list_people_able
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.models import Message
from jifen.office.messages.parameters import to_both_languages
from jifen.office.messages.words import say
from jifen.office.registry.models import UnitState, UnitVersion
from jifen.office.waiting.models import KINDS_WITH_OWN_MESSAGE, Waiting
from jifen.office.waiting.rules import rule_of
from jifen.policy.text import Text

LONGEST_AGE = timedelta(days=14)


def plan_for_waiting_rows(now: datetime | None = None, most: int = 500) -> int:
    """Enter messages for waiting rows that have none yet. Returns how many rows. Each row stores
    when it was announced, so that rows that commit late are found by the next run."""
    at = now or timezone.now()
    untold = Waiting.objects.filter(kind__in=KINDS_WITH_OWN_MESSAGE, told_at=None, ended_at=None)
    if not untold.exists():
        return 0
    with transaction.atomic():
        rows = untold.select_for_update(skip_locked=True, of=("self",))
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
        waiting_rows = Waiting.objects.filter(pk__in=keys).order_by("pk")
        waiting_rows = waiting_rows.select_related("application__person__user", "person__user")
        enter_messages(
            [message for row in waiting_rows for message in _plan_for_waiting(row, at)], at
        )
        Waiting.objects.filter(pk__in=keys).update(told_at=at)
    return len(keys)


def _plan_for_waiting(waiting: Waiting, now: datetime) -> Iterator[PlannedMessage]:
    """To the person asked, or to each of the staff who can do something about it."""
    application = waiting.application
    if waiting.person is not None:
        if waiting.since < now - LONGEST_AGE:
            return  # a draft from before waiting rows existed
        unit = application.unit.name if application and application.unit else ""
        params = {"unit": unit, "waiting": waiting.pk}
        yield PlannedMessage(
            f"waiting:{waiting.pk}",
            "consent_asked",
            params,
            waiting.person,
            application=application,
        )
        return
    params = build_waiting_params(waiting)
    for user in list_people_able(waiting):
        yield PlannedMessage(
            f"waiting:{waiting.pk}", "staff_waiting", params, user=user, application=application
        )


def build_waiting_params(waiting: Waiting) -> dict[str, Any]:
    """The parameters of a message about a row: what is to be done, of which case, by when."""
    number = waiting.application.number if waiting.application else ""
    subject = (
        say("plan.waiting.waiting_params", number=number)
        if number
        else _describe_register_entry(waiting)
    )
    when = Text("", "")
    if waiting.starts_on is not None:
        when = say("plan.waiting.possible_from", starts_on=waiting.starts_on)
    elif waiting.due_on is not None:
        when = say("plan.waiting.due", due_on=waiting.due_on)
    task = rule_of(waiting.kind).words
    words = {"what": task, "of": subject, "when": when}
    return {name: to_both_languages(text) for name, text in words.items()} | {"waiting": waiting.pk}


def _describe_register_entry(waiting: Waiting) -> Text:
    return say("plan.waiting.register_entry", item=waiting.item) if waiting.item else Text("", "")


def plan_for_unit_reviews(now: datetime) -> int:
    """Enter messages to the people of units whose registration, or a change of it, was confirmed
    or refused. Returns how many messages were looked at."""
    rows = UnitVersion.objects.filter(reviewed_at__gte=now - LONGEST_AGE).select_related("unit")
    version_of_event = {_name_event(version): version for version in rows}
    sent_events = Message.objects.filter(event__in=list(version_of_event)).values_list(
        "event", flat=True
    )
    unsent = [row for event, row in version_of_event.items() if event not in set(sent_events)]
    return enter_messages([_plan_unit_review(row) for row in unsent], now)


def _name_event(version: UnitVersion) -> str:
    return f"unit version:{version.pk} reviewed"


def _plan_unit_review(version: UnitVersion) -> PlannedMessage:
    confirmed = version.state == UnitState.CONFIRMED
    kind = "unit_confirmed" if confirmed else "unit_refused"
    return PlannedMessage(
        _name_event(version), kind, {"unit": version.unit.name}, unit=version.unit
    )
