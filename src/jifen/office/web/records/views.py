"""The supervisor's screen."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from markupsafe import Markup

from jifen.charts import Bars, FigureSeries, draw_svg, tabulate_chart
from jifen.cities import index
from jifen.facts.spelling import try_read_day
from jifen.office.accounts.models import Role
from jifen.office.accounts.roles import Post, list_posts
from jifen.office.casework import backlog
from jifen.office.casework.assignees import (
    count_by_kind,
    list_rows_of_office,
    list_rows_without_people,
)
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Expedite
from jifen.office.casework.queries import Desk, count_by_clerk, count_by_stage, list_desks
from jifen.office.desk.queue import count_gates
from jifen.office.sheets.export import ExportSheet, make_workbook
from jifen.office.waiting.rules import rule_of
from jifen.office.web.cases import case_texts
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.units.batch import XLSX
from jifen.office.web.waiting_labels import shown
from jifen.policy.text import Lang, Text
from jifen.process import find_process
from jifen.process.calendar import working_calendar


@signed_in
@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    """How many where, how old, what falls due; the backlog to come at today's staffing."""
    own = [p for p in list_posts(user_of(request)) if p.role in (Role.SUPERVISOR, Role.CITY_ADMIN)]
    if not own:
        raise Http404
    today, lang = timezone.localdate(), lang_of(request)
    found = [_office(p, today, request, lang) for p in own]
    return work_page(request, "records/lead.html", {"offices": found, "states": case_texts.STATES})


def _waits(post: Post, today: date, lang: Lang) -> list[dict[str, Any]]:
    """What waits in the office, on whomever, by what it is."""
    rows = count_by_kind(list_rows_of_office(post), today)
    return [row | {"what": rule_of(row["kind"]).words(lang)} for row in rows]


def _office(post: Post, today: date, request: HttpRequest, lang: Lang) -> dict[str, Any]:
    desk = Desk(post.city, post.district, "")
    rows, asked = count_by_stage(desk, today), _expedites(desk)
    chart = decisions_chart(desk, today)
    return {
        "label": _where(desk, today, lang),
        "stages": rows,
        "waits": _waits(post, today, lang),
        "nobody": shown(
            list_rows_without_people(list_rows_of_office(post)), lang, today, desk=True
        ),
        "chart": Markup(draw_svg(chart, lang)),
        "table": tabulate_chart(chart, lang),
        "clerks": count_by_clerk(desk),
        "forecast": backlog.measure_backlog(desk, today, _read_staffing_case(request, today)),
        "gates": count_gates(desk, today),
        "place": _find_queue(request, desk),
        "approved": asked.filter(approved=True).count(),
        "asked": asked.count(),
        "reasons": [_expedite(row, lang) for row in asked.order_by("-id")[:20]],
    }


def _where(desk: Desk, today: date, lang: Lang) -> str:
    found = find_process(desk.city, today).find_district(desk.district)
    return f"{index()[desk.city].label(lang)} {found.label(lang) if found else ''}".strip()


def _expedites(desk: Desk) -> "QuerySet[Expedite]":
    where = {"application__city": desk.city}
    if desk.district:
        where["application__district"] = desk.district
    return Expedite.objects.filter(**where).select_related("application")


def _expedite(row: Expedite, lang: Lang) -> dict[str, Any]:
    grounds = process_of(row.application).expedited.grounds
    words = next((g.label(lang) for g in grounds if g.id == row.ground), row.ground)
    return {"row": row, "ground": words}


def decisions_chart(desk: Desk, today: date) -> Bars:
    """Decisions signed on each working day of the last four weeks."""
    found = dict(backlog.count_decisions_by_day(desk, today))
    days = [today - timedelta(days=n) for n in range(27, -1, -1)]
    shown = [day for day in days if working_calendar().is_working_day(day) or day in found]
    labels = tuple(Text(f"{d.month}-{d.day}", f"{d.month}-{d.day}") for d in shown)
    values = tuple(float(found.get(day, 0)) for day in shown)
    return Bars(
        Text("近四周每日办结", "Decided each day of the last four weeks"),
        labels,
        (FigureSeries(Text("办结件数", "decided"), values),),
        Text("件", "cases"),
        label_heading=Text("日期", "Day"),
    )


_COUNTS = ("many", "late", "expedited")


@signed_in
@require_safe
def lead_export(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook, guarded against formulas."""
    own = [p for p in list_posts(user_of(request)) if p.role in (Role.SUPERVISOR, Role.CITY_ADMIN)]
    if not own:
        raise Http404
    today, lang = timezone.localdate(), lang_of(request)
    desks = [Desk(p.city, p.district, "") for p in own]
    head = [Text("办理部门", "Office"), Text("阶段", "Stage"), Text("件数", "Cases")]
    head += [Text("逾期", "Late"), Text("加急", "Expedited")]
    rows = [
        (
            _where(d, today, lang),
            case_texts.STATES[s["state"]](lang),
            s["many"],
            s["late"],
            s["expedited"],
        )
        for d in desks
        for s in count_by_stage(d, today)
    ]
    by_day = [
        (_where(d, today, lang), str(day), count)
        for d in desks
        for day, count in backlog.count_decisions_by_day(d, today)
    ]
    daily = [head[0](lang), Text("日期", "Day")(lang), Text("办结", "Decided")(lang)]
    made = make_workbook(
        [
            ExportSheet(Text("阶段", "Stages")(lang), [h(lang) for h in head], rows),
            ExportSheet(Text("每日办结", "By day")(lang), daily, by_day),
        ]
    )
    response = HttpResponse(made, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="jifen-office-{today}.xlsx"'
    return response


def _read_staffing_case(request: HttpRequest, today: date) -> backlog.StaffingCase:
    """What if, as it stands in the address; what cannot be read is as it is now."""
    people = whole_number(request.GET.get("people", "")) or 0
    hours = whole_number(request.GET.get("hours", "")) or 0
    by_day = try_read_day(request.GET.get("by", ""))
    is_ahead = by_day is not None and today < by_day <= today + timedelta(days=MOST_DAYS_AHEAD)
    return backlog.StaffingCase(
        people if 0 < people < MOST_PEOPLE else None,
        float(hours) if 0 < hours <= LONGEST_DAY else backlog.HOURS_A_DAY,
        by_day if is_ahead else None,
    )


MOST_PEOPLE, LONGEST_DAY, MOST_DAYS_AHEAD = 10_000, 12, 730


def _find_queue(request: HttpRequest, desk: Desk) -> str:
    """The address of the queue of an office, for those who work it; '' for others."""
    desks = list_desks(user_of(request))
    return f"{reverse('desk')}?desk={desks.index(desk)}" if desk in desks else ""
