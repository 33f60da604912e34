"""Messages to those on whom something waits from now on, read from the rows, each once; and to the
people of a unit whose registration was decided."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from jifen.office.casework.on_whom import people_of
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.models import Message
from jifen.office.messages.said import in_both
from jifen.office.registry.models import UnitState, UnitVersion
from jifen.office.waiting.models import Waiting
from jifen.office.waiting.rules import RULES, rule_of
from jifen.policy.text import Text

AT_ONCE = tuple(kind.value for kind, rule in RULES.items() if rule.at_once)
STALE = timedelta(days=14)


def rows_to_tell() -> Any:
    """Rows whose people are told one by one."""
    rows = Waiting.objects.filter(kind__in=AT_ONCE)
    return rows.select_related("application__person__user", "person__user")


def of_row(row: Waiting, now: datetime) -> Iterator[Telling]:
    """To the person asked, or to each of the staff who can do something about it; nobody, where it
    was done already."""
    if row.ended_at is not None:
        return
    case = row.application
    if row.person is not None:
        if row.since < now - STALE:
            return  # a draft of before rows were written
        unit = case.unit.name if case and case.unit else ""
        params = {"unit": unit, "waiting": row.pk}
        yield Telling(f"waiting:{row.pk}", "consent_asked", params, row.person, application=case)
        return
    params = params_of(row)
    for user in people_of(row):
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
