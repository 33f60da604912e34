"""The clock of a sandbox can be moved forward, and everything follows.

Only the time of Django (`timezone.now`) is moved, by whole days: one-time codes and the sessions of
browsers go on by the clock of the machine. The worker goes there day by day, and does on each day
what is due on it; a leap would pass over reminders and deadlines in between. There is no way back.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jifen.office.accounts.models import InstallationMark
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.sandbox.words import say
from jifen.policy.text import Text

DAYS, TARGET = "sandbox.clock", "sandbox.clock.target"
FARTHEST = timedelta(days=3 * 366)
_LOOK_SECONDS = 1.0
_lock = Lock()
_machine_now = timezone.now


class _Shift:
    """By how much the time of this process is moved."""

    by = timedelta(0)
    looked_at = -_LOOK_SECONDS


class ClockFault(Exception):
    """A day to which the clock cannot go, in words."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


def read_moved_time() -> datetime:
    """Now, as the sandbox has it."""
    return _machine_now() + _Shift.by


def follow_clock(*, now: bool = False) -> None:
    """Take the time from the database, at most once a second; nothing outside of a sandbox."""
    if settings.JIFEN_MODE != "sandbox":
        return
    with _lock:
        if not now and monotonic() - _Shift.looked_at < _LOOK_SECONDS:
            return
        _Shift.looked_at = monotonic()
        try:
            _Shift.by = timedelta(days=_read_days())
        except DatabaseError:  # before the first migration
            return
        timezone.now = read_moved_time


def forget_clock() -> None:
    """Go by the clock of the machine, as a process does when it starts."""
    _Shift.by, _Shift.looked_at = timedelta(0), -_LOOK_SECONDS
    timezone.now = _machine_now


class SandboxClockMiddleware:
    """Pages of a sandbox have its time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        follow_clock()
        return self._get_response(request)


def _read_days() -> int:
    mark = InstallationMark.objects.filter(name=DAYS).first()
    return int(mark.value) if mark else 0


def read_target() -> date | None:
    """The day to which the clock goes; None where it stands."""
    mark = InstallationMark.objects.filter(name=TARGET).first()
    day = date.fromisoformat(mark.value) if mark else None
    return day if day is not None and day > timezone.localdate() else None


def send_clock_to(day: date | None) -> None:
    """From now on the worker goes to a day, day by day. Raises ClockFault for one that is not
    later than today, or too far away."""
    today = timezone.localdate()
    farthest = timezone.localdate(_machine_now()) + FARTHEST
    if day is None or not today < day <= farthest:
        tomorrow = today + timedelta(days=1)
        raise ClockFault(say("clock.day_out_of_range", tomorrow=tomorrow, farthest=farthest))
    with transaction.atomic():
        value = {"value": day.isoformat()}
        InstallationMark.objects.update_or_create(name=TARGET, defaults=value)
        record("sandbox.clock_sent", actor=SYSTEM, details={"to": day.isoformat()})


def go_on_a_day() -> int:
    """The last step of a day of the worker: where the clock is under way, the next day begins.
    Whether it did."""
    if settings.JIFEN_MODE != "sandbox" or read_target() is None:
        return 0
    days = str(_read_days() + 1)
    InstallationMark.objects.update_or_create(name=DAYS, defaults={"value": days})
    follow_clock(now=True)
    return 1


def find_next_april(today: date) -> date:
    """The first of the next April: the month in which several cities begin a year of points."""
    april = date(today.year, 4, 1)
    return april if april > today else date(today.year + 1, 4, 1)
