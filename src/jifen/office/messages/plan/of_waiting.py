"""Messages to those on whom something waits from now on, read from the rows, each once; and to the
people of a unit whose registration was decided."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.office.casework.assignees import list_people_able
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.models import Message
from jifen.office.messages.said import in_both
from jifen.office.registry.models import UnitState, UnitVersion
from jifen.office.waiting.models import TOLD_ALONE, Waiting
from jifen.office.waiting.rules import rule_of
from jifen.policy.text import Text

STALE = timedelta(days=14)


def tell_waiting(now: datetime | None = None, most: int = 500) -> int:
    """Messages to those on whom something waits from now on, each row once; how many rows. A row
    says itself whether it was told: rows that commit late are found at the next look."""
    at = now or timezone.now()
    untold = Waiting.objects.filter(kind__in=TOLD_ALONE, told_at=None, ended_at=None)
    if not untold.exists():
        return 0
    with transaction.atomic():
        rows = untold.select_for_update(skip_locked=True, of=("self",))
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
        whole = Waiting.objects.filter(pk__in=keys).order_by("pk")
        whole = whole.select_related("application__person__user", "person__user")
        enter([telling for row in whole for telling in _of_row(row, at)], at)
        Waiting.objects.filter(pk__in=keys).update(told_at=at)
    return len(keys)


def _of_row(row: Waiting, now: datetime) -> Iterator[Telling]:
    """To the person asked, or to each of the staff who can do something about it."""
    case = row.application
    if row.person is not None:
        if row.since < now - STALE:
            return  # a draft of before rows were written
        unit = case.unit.name if case and case.unit else ""
        params = {"unit": unit, "waiting": row.pk}
        yield Telling(f"waiting:{row.pk}", "consent_asked", params, row.person, application=case)
        return
    params = params_of(row)
    for user in list_people_able(row):
        yield Telling(f"waiting:{row.pk}", "staff_waiting", params, user=user, application=case)


def params_of(row: Waiting) -> dict[str, Any]:
    """What a row says in a message: what is to be done, of which case, by when."""
    number = row.application.number if row.application else ""
    of = Text(f"（{number}）", f" ({number})") if number else _of_register(row)
    when = Text("", "")
    if row.starts_on is not None:
        when = Text(f"，{row.starts_on} 起可以办理", f", possible from {row.starts_on}")
    elif row.due_on is not None:
        when = Text(f"，期限 {row.due_on}", f", due {row.due_on}")
    what = rule_of(row.kind).words
    words = {"what": what, "of": of, "when": when}
    return {name: in_both(text) for name, text in words.items()} | {"waiting": row.pk}


def _of_register(row: Waiting) -> Text:
    return Text(f"（{row.item}）", f" ({row.item})") if row.item else Text("", "")


def tell_units(now: datetime) -> int:
    """To the people of a unit: its registration, or a change of it, was confirmed or refused."""
    rows = UnitVersion.objects.filter(reviewed_at__gte=now - STALE).select_related("unit")
    found = {_event(row): row for row in rows}
    told = Message.objects.filter(event__in=list(found)).values_list("event", flat=True)
    fresh = [row for event, row in found.items() if event not in set(told)]
    return enter([_of_version(row) for row in fresh], now)


def _event(row: UnitVersion) -> str:
    return f"unit version:{row.pk} reviewed"


def _of_version(row: UnitVersion) -> Telling:
    confirmed = row.state == UnitState.CONFIRMED
    kind = "unit_confirmed" if confirmed else "unit_refused"
    return Telling(_event(row), kind, {"unit": row.unit.name}, unit=row.unit)
