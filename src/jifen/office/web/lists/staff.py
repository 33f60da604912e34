"""Lists for staff: what is due, one entry, objections, published lists as workbooks."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.cities import index
from jifen.facts.identity import fold_number
from jifen.office.lists.access import (
    access_entry,
    access_list,
    access_objection,
    list_entries_for,
    list_publishing_cities,
    list_visible_cities,
    sides_of,
)
from jifen.office.lists.actions import entry_acts, objections
from jifen.office.lists.actions.settlement_slips import has_stuck_printing
from jifen.office.lists.admission_floor import find_raised_people, list_waiting_entries
from jifen.office.lists.documents import format_exact, is_genuine
from jifen.office.lists.faults import ListFault
from jifen.office.lists.models import Entry, Objection, PublicList, Run
from jifen.office.lists.queries import find_rules, list_entries_of
from jifen.office.lists.rules import OBJECTIONS, OPEN, list_acts
from jifen.office.sheets.export import ExportSheet, make_workbook
from jifen.office.web.data_access import log_look
from jifen.office.web.lists import labels
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.units.batch import XLSX
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

PAGE, SOON = 25, 30
"""Rows of a list; days in which the calendar should be known."""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lists_desk(request: HttpRequest) -> HttpResponse:
    """What waits: entries by state, late ones, objections; lists and runs. Numbers are posted."""
    user = user_of(request)
    cities = list_visible_cities(user)
    if not cities:
        raise Http404
    own, today = list_entries_for(user), timezone.localdate()
    query = fold_number(request.POST.get("q", ""))[:40]
    open_ = Objection.objects.filter(entry__in=own, state__in=OPEN).select_related("entry")
    context = {
        "cities": [index()[city] for city in cities if city in index()],
        "states": own.values("city", "state").annotate(many=Count("id")).order_by("city", "state"),
        "late": own.filter(state="due", enter_by__lt=today).count(),
        "differs": own.filter(why="line_differs").order_by("-id")[:PAGE],
        "objections": open_.order_by("due_on")[:PAGE],
        "lists": PublicList.objects.filter(city__in=cities)
        .select_related("run")
        .order_by("-id")[:PAGE],
        "runs": Run.objects.filter(city__in=list_publishing_cities(user))[:PAGE],
        "publishing": list_publishing_cities(user),
        "supplements": list(_supplements(list_publishing_cities(user))),
        "query": query,
        "found": list(own.filter(number=query)[:PAGE]) if query else [],
        "settling": own.filter(state="noticed").order_by("settle_by")[:PAGE],
        "stuck": own.filter(has_stuck_printing(), state="noticed").order_by("settle_by")[:PAGE],
        "told": labels,
        "today": today,
        "calendar_ends": _calendar_ends(today),
    }
    return work_page(request, "lists/desk.html", context)


def _supplements(cities: list[str]) -> Iterator[tuple[Run, int]]:
    """Published rankings to which somebody would have to be added by now."""
    rows = Run.objects.filter(city__in=cities, state="published", supplements__isnull=True)
    for row in rows[:PAGE]:
        found = find_raised_people(row)
        if many := len(found.people) + len(found.without_tie_keys) + len(list_waiting_entries(row)):
            yield row, many


def _calendar_ends(today: date) -> date | None:
    """The last day whose holidays are known, where publicity may soon run past it."""
    last = working_calendar().known_until
    return last if today + timedelta(days=SOON) > last else None


@signed_in
@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: its way, its objections, what can be done."""
    user, lang = user_of(request), lang_of(request)
    row = access_entry(user, pk)
    rules, sides = find_rules(row.city, row.rules), sides_of(user, row)
    log_look(request, f"list entry:{row.pk}", "list entry", city=row.city)
    context = {
        "e": row,
        "rules": rules,
        "state": labels.STATES[row.state](lang),
        "why": labels.why(row, rules)(lang) if row.why else "",
        "next": labels.next_step(row)(lang),
        "events": row.events.select_related("by"),
        "objections": [
            {"o": o, "acts": list_acts(o.state, sides, OBJECTIONS)} for o in row.objections.all()
        ],
        "acts": list_acts(row.state, sides),
        "stuck": row.state == "noticed"
        and Entry.objects.filter(has_stuck_printing(), pk=row.pk).exists(),
        "grounds": [(g.id, g.label(lang)) for g in rules.lapse_grounds if g.by == "staff"],
        "told": labels,
    }
    return work_page(request, "lists/entry.html", context)


@signed_in
@require_POST
def entry_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle it, or let it lapse."""
    user, post, today = user_of(request), request.POST, timezone.localdate()
    row = access_entry(user, pk)
    if post.get("act") == "settle":
        entry_acts.settle_entry(user, row, today)
    elif post.get("act") == "lapse":
        entry_acts.lapse_entry(user, row, today, post.get("ground", ""))
    else:
        raise ListFault("JF-Q027", Text("请选择要办理的事项。", "Choose what is to be done."))
    say(request, Text("已办理。", "Done."))
    return go(reverse("list_entry", args=[pk]))


@signed_in
@require_POST
def objection_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear an objection, or decide it."""
    user, post = user_of(request), request.POST
    row = access_objection(user, pk)
    act, words = post.get("act", ""), post.get("words", "")
    if act == "hear":
        objections.hear_objection(user, row, words)
    elif act in ("uphold", "dismiss"):
        today = timezone.localdate()
        objections.decide_objection(user, row, today, uphold=act == "uphold", reasons=words)
    else:
        raise ListFault("JF-Q027", Text("请选择要办理的事项。", "Choose what is to be done."))
    say(request, Text("已办理。", "Done."))
    return go(reverse("list_entry", args=[row.entry_id]))


@signed_in
@require_safe
def list_export(request: HttpRequest, pk: int) -> HttpResponse:
    """A published list as a workbook, with its signature; each export is in the log."""
    user, lang = user_of(request), lang_of(request)
    row = access_list(user, pk)
    log_look(request, f"list:{row.name}", "list export", city=row.city)
    heads = [
        Text("名次", "Place"),
        Text("受理编号", "Receipt"),
        Text("姓名", "Name"),
        Text("积分", "Points"),
        Text("状态", "State"),
    ]
    entries = list_entries_of(row).order_by("place", "number")
    people = [
        (e.place or "", e.number, e.name, float(e.total), labels.STATES[e.state](lang))
        for e in entries.iterator()
    ]
    sheet = ExportSheet(row.name, [head(lang) for head in heads], people)
    return as_workbook([sheet, _signature(row)], row.name)


@signed_in
@require_safe
def list_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The very bytes that were signed, to be printed or kept; each export is in the log."""
    user = user_of(request)
    row = access_list(user, pk)
    log_look(request, f"list:{row.name}", "list export", city=row.city)
    response = HttpResponse(row.document.encode(), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.name}.json"'
    return response


def _signature(row: PublicList) -> ExportSheet:
    said: list[tuple[Any, ...]] = [
        ("SHA-256", row.digest),
        ("key", row.key_id),
        ("ES256", row.signature),
        ("holds", str(is_genuine(row))),
        ("lowest", format_exact(row.lowest)),
    ]
    return ExportSheet("signature", ["", ""], said)


def as_workbook(sheets: list[ExportSheet], name: str) -> HttpResponse:
    response = HttpResponse(make_workbook(sheets), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="jifen-{name}.xlsx"'
    return response
