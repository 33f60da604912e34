"""The calendar of whoever is signed in, on a page and as a feed for calendar programmes."""

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.audit.writing import write_if_free
from jifen.office.casework.event_calendar import (
    list_office_entries,
    list_person_entries,
    list_unit_entries,
)
from jifen.office.casework.queries import list_desks
from jifen.office.casework.waiting_calendar import CalendarEntry
from jifen.office.messages.models import Feed
from jifen.office.registry.access import list_own_units
from jifen.office.registry.models import Person
from jifen.office.web.data_access import log_look
from jifen.office.web.signed import lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Lang, Text


def days_of(user: User, on: date) -> list[tuple[Text, list[CalendarEntry]]]:
    """Everything that somebody has to do with, by what it belongs to."""
    found = []
    person = Person.objects.filter(user=user).first()
    if person is not None:
        found.append((Text("本人", "Yourself"), list_person_entries(person, on)))
    found += [
        (Text(unit.name, unit.name), list_unit_entries(unit, on)) for unit in list_own_units(user)
    ]
    for desk in {(d.city, d.district): d for d in list_desks(user)}.values():
        name = f"{desk.city} {desk.district}".strip()
        found.append((Text(name, name), list_office_entries(desk.city, desk.district, on)))
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """What will happen on which day; POST makes a new address of the feed, shown once."""
    user, address = user_of(request), ""
    if request.method == "POST" and request.POST.get("act") == "end":
        _end_feed(user)
        say(request, Text("订阅已停用，旧地址失效。", "Ended: the old address answers no more."))
    elif request.method == "POST":
        address = request.build_absolute_uri(reverse("calendar_feed", args=[_new_feed(user)]))
        say(request, Text("订阅地址只显示这一次。", "The address is shown only now."))
    parts = [(words(lang_of(request)), days) for words, days in days_of(user, timezone.localdate())]
    has = Feed.objects.filter(user=user).exists()
    context = {"parts": parts, "address": address, "has_feed": has}
    return work_page(request, "yearly/calendar.html", context)


def _new_feed(user: User) -> str:
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Feed.objects.filter(user=user).delete()
        Feed.objects.create(user=user, token_hash=_hash(token))
        record("feed.made", actor=f"user:{user.pk}", subject=f"user:{user.pk}")
    return token


def _end_feed(user: User) -> None:
    with transaction.atomic():
        if Feed.objects.filter(user=user).delete()[0]:
            record("feed.ended", actor=f"user:{user.pk}", subject=f"user:{user.pk}")


def _read_by(request: HttpRequest, feed: Feed, today: date) -> None:
    """In the log once a day: programmes ask every hour."""
    if feed.read_on == today:
        return
    log_look(request, f"feed:{feed.pk}", "calendar", by=feed.user)
    write_if_free(lambda: Feed.objects.filter(pk=feed.pk).update(read_on=today))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The same days as iCalendar, under an address that only its maker knows. No names in full and
    no numbers stand in it."""
    feed = Feed.objects.select_related("user").filter(token_hash=_hash(token)).first()
    if feed is None or not feed.user.is_active:
        raise Http404
    _read_by(request, feed, timezone.localdate())
    days = [day for _, part in days_of(feed.user, timezone.localdate()) for day in part]
    made = as_ical(days, lang_of(request))
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def as_ical(days: list[CalendarEntry], lang: Lang = "zh") -> bytes:
    """Whole-day events, each under a stable UID."""
    made = Calendar()
    made.add("prodid", "-//Jifen//calendar//ZH")
    made.add("version", "2.0")
    for day in days:
        event = Event()
        event.add("uid", f"{hashlib.sha256(day.id.encode()).hexdigest()[:24]}@jifen")
        event.add("dtstamp", datetime(2020, 1, 1, tzinfo=UTC))
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.words(lang))
        made.add_component(event)
    found: bytes = made.to_ical()
    return found
