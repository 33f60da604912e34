"""Working days of a year, as the State Council gives notice of them: entered by one administrator,
confirmed by another, and followed by every running process.

Deadlines that were counted before stay as they were counted.
"""

import logging
from datetime import date, timedelta
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from jifen.facts.spelling import try_read_day
from jifen.office.accounts.actions import CONFIRMING
from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import has_post, list_posts
from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.models import YearOfWorkingDays
from jifen.office.administration.offices import NOT_ADMINISTRATOR
from jifen.office.administration.settings_that_wait import store_setting_wait
from jifen.office.administration.words import say
from jifen.office.audit.actions import record
from jifen.process.calendar import CalendarYear, set_years_of_office

logger = logging.getLogger("jifen.administration")
MOST_HOLIDAYS, MOST_DAYS = 20, 60
_lock = Lock()


class _Seen:
    """The confirmed rows that this process last saw."""

    rows: tuple[int, ...] = ()
    looked_at: float = 0.0


def follow_years(*, now: bool = False) -> None:
    """Look for years that were confirmed, at most once in JIFEN_EDITIONS_SECONDS; `now`: at once.
    Where the database does not answer the calendar stays as it was."""
    with _lock:
        if not now and monotonic() - _Seen.looked_at < settings.JIFEN_EDITIONS_SECONDS:
            return
        _Seen.looked_at = monotonic()
        try:
            years = {row.year: row for row in YearOfWorkingDays.objects.filter(confirmed=True)}
        except DatabaseError:  # before the first migration
            return
        rows = tuple(row.pk for row in years.values())
        if rows != _Seen.rows:
            set_years_of_office(tuple(build_year(row) for row in years.values()))
            _Seen.rows = rows


def forget_years() -> None:
    """Know of no year, as a process does when it starts."""
    _Seen.rows, _Seen.looked_at = (), 0.0
    set_years_of_office(())


def build_year(row: YearOfWorkingDays) -> CalendarYear:
    """The days of a row as the calendar takes them."""
    free = {
        date.fromisoformat(span["from"]) + timedelta(days=number)
        for span in row.holidays
        for number in range(_count_days(span))
    }
    worked = frozenset(date.fromisoformat(day) for day in row.working)
    return CalendarYear(row.year, frozenset(free) - worked, worked)


def _count_days(span: dict[str, str]) -> int:
    return (date.fromisoformat(span["to"]) - date.fromisoformat(span["from"])).days + 1


def list_years() -> list[YearOfWorkingDays]:
    """All rows, the newest year first, and of a year the newest row."""
    rows = YearOfWorkingDays.objects.select_related("proposed_by", "decided_by")
    return list(rows.order_by("-year", "-id"))


def propose_year(by: User, year: int | None, notice: str, holidays: str, working: str) -> None:
    """Enter a year. `holidays`: a line for each, "FROM TO NAME [/ ENGLISH NAME]"; `working`: worked
    weekend days with blanks between. Raises AdministrationFault."""
    city = _city_of(by)
    today = timezone.localdate()
    if year is None or not today.year <= year <= today.year + 2:
        raise build_bad_year(today.year)
    if not notice.strip():
        raise NO_NOTICE
    spans = _read_holidays(holidays, year)
    days = _read_working(working, year, spans)
    try:
        with transaction.atomic():
            row = YearOfWorkingDays.objects.create(
                year=year,
                notice=" ".join(notice.split())[:80],
                holidays=spans,
                working=[day.isoformat() for day in days],
                city=city,
                proposed_by=by,
            )
            store_setting_wait(f"calendar:{row.pk}", city, by)
            record(
                "calendar.proposed",
                actor=f"user:{by.pk}",
                subject=f"calendar:{row.pk}",
                city=city,
                details={"year": year, "notice": row.notice},
            )
    except IntegrityError:
        raise WAITS_ALREADY from None


def _city_of(by: User) -> str:
    cities = [post.city for post in list_posts(by) if post.role == Role.CITY_ADMIN]
    if not cities:
        raise NOT_ADMINISTRATOR
    return cities[0]


def _read_holidays(text: str, year: int) -> list[dict[str, str]]:
    lines = [(n, line.split()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines or len(lines) > MOST_HOLIDAYS:
        raise NO_HOLIDAYS
    spans = []
    for number, words in lines:
        first, last = (try_read_day(word) for word in (*words[:2], "", "")[:2])
        name = " ".join(words[2:])
        if first is None or last is None or not name:
            raise build_bad_line(number, " ".join(words))
        if first > last or first.year != year or last.year != year or (last - first).days > 15:
            raise build_bad_span(number, year)
        zh, _, en = (part.strip() for part in name.partition("/"))
        span = {"from": first.isoformat(), "to": last.isoformat()}
        spans.append(span | {"zh": zh[:40], "en": (en or zh)[:60]})
    return spans


def _read_working(text: str, year: int, spans: list[dict[str, str]]) -> list[date]:
    days: list[date] = []
    for word in text.replace(",", " ").replace("，", " ").split():
        day = try_read_day(word)
        if day is None or day.year != year or day.weekday() < _SATURDAY or len(days) >= MOST_DAYS:
            raise build_bad_working(word)
        if any(span["from"] <= day.isoformat() <= span["to"] for span in spans):
            raise build_both(day)
        days.append(day)
    return sorted(set(days))


_SATURDAY = 5


def decide_year(by: User, pk: int, *, confirm: bool) -> None:
    """Another administrator confirms or declines a year. Raises AdministrationFault."""
    with transaction.atomic():
        rows = YearOfWorkingDays.objects.select_for_update(of=("self",))
        row = rows.filter(pk=pk, decided_at__isnull=True).first()
        if row is None:
            raise NOTHING_WAITS
        if not any(has_post(by, post.city, "", *CONFIRMING) for post in list_posts(by)):
            raise NOT_ADMINISTRATOR
        if by.pk == row.proposed_by_id:
            raise SECOND_PERSON
        row.decided_by, row.decided_at, row.confirmed = by, timezone.now(), confirm
        row.save()
        store_setting_wait(f"calendar:{row.pk}", row.city, None)
        record(
            "calendar.confirmed" if confirm else "calendar.declined",
            actor=f"user:{by.pk}",
            subject=f"calendar:{row.pk}",
            city=row.city,
            details={"year": row.year, "proposed_by": f"user:{row.proposed_by_id}"},
        )
    follow_years(now=True)


NO_NOTICE = AdministrationFault(
    "JF-O017",
    say("calendar_years.write_the_number"),
    "notice",
)
NO_HOLIDAYS = AdministrationFault(
    "JF-O018",
    say("calendar_years.write_a_line_for_each", most_holidays=MOST_HOLIDAYS),
    "holidays",
)
WAITS_ALREADY = AdministrationFault(
    "JF-O020",
    say("calendar_years.a_calendar_of_this_year"),
)
NOTHING_WAITS = AdministrationFault(
    "JF-O021",
    say("calendar_years.nothing_waits_under_this_number"),
)
SECOND_PERSON = AdministrationFault(
    "JF-O022",
    say("calendar_years.working_days_move_every_deadline"),
)


def build_bad_year(this_year: int) -> AdministrationFault:
    """A year that is over, too far away or none."""
    words = say("calendar_years.write_a_year", this_year=this_year, this_year_2=this_year + 2)
    return AdministrationFault("JF-O019", words, "year")


def build_bad_line(number: int, line: str) -> AdministrationFault:
    """A line of a holiday that cannot be read."""
    shown = line[:40]
    words = say("calendar_years.line_cannot_be_read_write", number=number, shown=shown)
    return AdministrationFault("JF-O018", words, "holidays")


def build_bad_span(number: int, year: int) -> AdministrationFault:
    """A holiday that ends before it begins, is too long or of another year."""
    words = say("calendar_years.line_both_days", number=number, year=year)
    return AdministrationFault("JF-O018", words, "holidays")


def build_bad_working(word: str) -> AdministrationFault:
    """A worked day that is no weekend day of the year."""
    shown = word[:20]
    words = say("calendar_years.is_no_saturday_or_sunday", shown=shown)
    return AdministrationFault("JF-O023", words, "working")


def build_both(day: date) -> AdministrationFault:
    """A day that is free and worked."""
    words = say("calendar_years.is_both_a_holiday", day=day)
    return AdministrationFault("JF-O023", words, "working")
