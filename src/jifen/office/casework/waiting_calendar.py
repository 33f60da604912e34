"""The days of what waits, for the calendar: of a person, of an employer, of an office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from jifen.office.casework.assignees import list_open_rows
from jifen.office.casework.words import say
from jifen.office.registry.models import Person, Unit
from jifen.office.vault.masks import mask_name
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import rule_of
from jifen.policy.text import Text

MAX_ROWS = 500
POINTS_END = say("waiting_calendar.points_end")
_DRAFT = say("waiting_calendar.draft")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something on a day. `id` is stable, so that a calendar programme knows it again."""

    on: date
    id: str
    words: Text
    urgent: bool = False


def list_days_of_person(person: Person, on: date, last: date) -> Iterator[CalendarEntry]:
    """The last days of what waits on somebody, or in their cases on whoever files for them."""
    own = Q(application__person=person) | Q(person=person)
    rows = list_open_rows().filter(own, role="", due_on__gte=on, due_on__lte=last)
    for row in rows.order_by("due_on", "id")[:MAX_ROWS]:
        words = POINTS_END if row.kind == WaitKind.RENEWAL else _describe_last_day(row)
        yield _make_last_day(row, words)


def list_days_of_unit(unit: Unit, on: date, last: date) -> Iterator[CalendarEntry]:
    """The last days of what waits on an employer, each with whom it is about."""
    rows = list_open_rows().filter(unit=unit, due_on__gte=on, due_on__lte=last)
    rows = rows.select_related("application__person").order_by("due_on", "id")
    for row in rows[:MAX_ROWS]:
        yield _make_last_day(row, _describe_last_day_of_staff(row))


def _make_last_day(row: Waiting, words: Text) -> CalendarEntry:
    day = row.due_on
    assert day is not None
    return CalendarEntry(day, f"waiting-{row.pk}", words, urgent=True)


def _describe_last_day(row: Waiting) -> Text:
    words = rule_of(row.kind).words
    return say("waiting_calendar.last_day", words=words)


def _describe_last_day_of_staff(row: Waiting) -> Text:
    """Of a unit's own registration there is no person."""
    words = _describe_last_day(row)
    case = row.application
    if case is None:
        return words
    name = mask_name(case.person.name)
    if row.kind == WaitKind.RENEWAL:
        return say("waiting_calendar.the_points_of_end", name=name)
    number = Text(case.number, case.number) if case.number else _DRAFT
    return say("waiting_calendar.last_day_of_staff", name=name, number=number, words=words)


def list_days_of_office(city: str, district: str, on: date, last: date) -> Iterator[CalendarEntry]:
    """How many things of a kind are due on each day, how many can be done from a day on, and whose
    points end. Two open gates of a case are one thing."""
    rows = list_open_rows().filter(city=city)
    if district:
        rows = rows.filter(district__in=(district, ""))
    staff, applicants = rows.exclude(role=""), rows.filter(role="")
    place = f"{city} {district}"
    for day, kind, many in _count_by_day(staff, "due_on", on, last):
        words = rule_of(kind).words
        text = say("waiting_calendar.due", many=many, words=words)
        yield CalendarEntry(day, f"{place} due {kind} {day}", text)
    for day, kind, many in _count_by_day(staff, "starts_on", on, last):
        words = rule_of(kind).words
        phrase = say("waiting_calendar.from_this_day", many=many, words=words)
        text = phrase
        yield CalendarEntry(day, f"{place} from {kind} {day}", text)
    ending = applicants.filter(kind=WaitKind.RENEWAL)
    for day, _, many in _count_by_day(ending, "due_on", on, last):
        text = say("waiting_calendar.peoples_points_end", many=many)
        yield CalendarEntry(day, f"{place} until {day}", text)


def _count_by_day(
    rows: "QuerySet[Waiting]", field: str, on: date, last: date
) -> list[tuple[date, str, int]]:
    """(day, kind, how many subjects) of rows whose day is within a window, in order."""
    near = rows.filter(Q((f"{field}__gte", on), (f"{field}__lte", last)))
    counted = near.order_by(field, "kind").values_list(field, "kind")
    return list(counted.annotate(many=Count("subject", distinct=True)))
