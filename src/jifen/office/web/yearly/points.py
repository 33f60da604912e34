"""Points over the years: what the renewal will give, and beginning it, one or many."""

import json
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_case, access_for
from jifen.office.casework.actions import drafts
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.actions.submission import list_filing_faults, submit_case
from jifen.office.casework.case_policy import policy_on, process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, PointsPeriod, State
from jifen.office.casework.renewal.creation import begin_renewal
from jifen.office.casework.renewal.employer_change import name_employer
from jifen.office.casework.renewal.forecast import RenewalForecast, forecast_renewal
from jifen.office.casework.renewal.opening import find_opening
from jifen.office.registry.access import list_represented_employers
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.credit_code import normalize_code
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Unit
from jifen.office.sheets.template import KnownPerson, make_template
from jifen.office.web.cases import case_texts
from jifen.office.web.data_access import log_look
from jifen.office.web.mine.new_case import find_agency
from jifen.office.web.numbers import whole_number
from jifen.office.web.planner import said
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.units.batch import _build_download
from jifen.permits import PermitStatus
from jifen.permits.card import find_permit_status
from jifen.policy.text import Lang, Text
from jifen.scoring.result_status import describe_decided_outcome, describe_renewal_risk

PAGE, AT_ONCE = 100, 100
"""People on a page; so many renewals are filed by one click."""


def periods_of(user: User) -> "QuerySet[PointsPeriod]":
    """The points that somebody may know of: the own, and of people whose renewal they file now;
    the employer of an earlier year sees nothing more."""
    rows = PointsPeriod.objects.select_related(
        "person", "permit", "employer", "decision__application__person"
    )
    units = list_represented_employers(user)
    staff = list_running_periods().filter(
        person=OuterRef("person"), city=OuterRef("city"), employer__in=units
    )
    return rows.filter(Q(person__user=user) | Q(Exists(staff), employer__in=units))


def _period(request: HttpRequest, pk: int) -> PointsPeriod:
    found = periods_of(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_safe
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """The points of a period, what the renewal will give and why, and what can be done."""
    period, lang, today = _period(request, pk), lang_of(request), timezone.localdate()
    user = user_of(request)
    if period.person.user_id != user.pk:
        log_look(request, f"points:{period.pk}", "points", city=period.city)
    application = period.decision.application
    coming = _ahead(period, today, lang)
    context = {
        "period": period,
        "a": application,
        "outcome": describe_decided_outcome(period.decision.outcome, period.decision.total)(lang),
        "opens": find_opening(period),
        "ahead": coming,
        "renewal_warning": describe_renewal_risk(coming.reached, coming.threshold)(lang)
        if coming
        else "",
        "renewal": _renewal(period),
        "units": [] if period.person.user_id == user.pk else list(_units(user, period)),
        "say": lambda ends: said(ends, lang),
        "today": today,
        "mine": period.person.user_id == user.pk,
        "permit": _permit_of(period, today),
        "sees_case": access_for(user, application) is not None,
        "over": period.until is not None and period.until < today,
    }
    return work_page(request, "yearly/points.html", context)


def _permit_of(period: PointsPeriod, today: date) -> PermitStatus | None:
    """How the permit stands on which the points hang."""
    permit = period.permit
    return find_permit_status(rules_for(permit.city, today), permit.card, today) if permit else None


def _renewal(period: PointsPeriod) -> Application | None:
    ended = (State.WITHDRAWN, State.LAPSED)
    rows = [one for one in period.decision.renewals.all() if one.state not in ended]
    return rows[0] if rows else None


def _units(user: User, period: PointsPeriod) -> "QuerySet[Unit]":
    return list_represented_employers(user).filter(city=period.city)


@signed_in
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a renewal: by the employer that files (perhaps a new one)."""
    period, user = _period(request, pk), user_of(request)
    number = whole_number(request.POST.get("unit", ""))
    units = _units(user, period)
    if not units.exists():
        raise Http404
    unit = units.filter(pk=number).first() if number is not None else None
    if unit is None:
        raise RegistryFault("JF-G030", Text("请选择用人单位。", "Choose the employer."), "unit")
    agency = find_agency(user, unit)
    case = begin_renewal(user, period, unit=unit, on=timezone.localdate(), agency=agency)
    return go(reverse("case", args=[case.application.key]))


@signed_in
@require_POST
def employer(request: HttpRequest, pk: int) -> HttpResponse:
    """The person works elsewhere now, and names who files the next renewal."""
    period, user = _period(request, pk), user_of(request)
    code = normalize_code(request.POST.get("credit_code", ""))
    units = Unit.objects.filter(credit_code=code, city=period.city, state="confirmed")
    name_employer(user, period, units.first())
    words = Text("已变更。下次续签由新单位办理。", "Changed: the new employer files the renewal.")
    say(request, words)
    return go(reverse("points", args=[pk]))


@signed_in
@require_POST
def renewal_choice(request: HttpRequest, key: Any) -> HttpResponse:
    """Whether it is renewed by itself each year."""
    case = access_case(user_of(request), key, "choose_renewal")
    drafts.choose_renewal(case, automatically=request.POST.get("by_itself") == "yes")
    say(request, Text("已保存。", "Saved."))
    return go(reverse("case", args=[key]))


def _unit(request: HttpRequest, pk: int) -> Unit:
    unit = list_represented_employers(user_of(request)).filter(pk=pk).first()
    if unit is None:
        raise Http404
    return unit


def _of_unit(unit: Unit) -> "QuerySet[PointsPeriod]":
    rows = list_running_periods().filter(employer=unit).order_by("until", "id")
    rows = rows.select_related("person", "permit", "decision__application")
    return rows.prefetch_related("permit__events", "decision__renewals")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def renewals(request: HttpRequest, pk: int) -> HttpResponse:
    """The staff of an employer by the end of their points; POST files every complete renewal."""
    unit, lang = _unit(request, pk), lang_of(request)
    if request.method == "POST":
        filed = _file_complete(request, unit)
        words = Text(f"已提交 {filed} 件续签。", f"{filed} renewals were filed.")
        say(request, words)
        return go(reverse("renewals", args=[pk]))
    log_look(request, f"unit:{unit.pk}", "points of staff", city=unit.city)
    shown = Paginator(_of_unit(unit), PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "shown": shown,
        "rows": [_row(period, lang) for period in shown.object_list],
        "drafts": Application.objects.filter(unit=unit, kind="renewal", state=State.DRAFT).count(),
    }
    return work_page(request, "yearly/renewals.html", context)


def _ahead(period: PointsPeriod, today: date, lang: Lang) -> RenewalForecast | None:
    return None if period.renewed or period.ended_on else forecast_renewal(period, today)


def _row(period: PointsPeriod, lang: Lang) -> dict[str, Any]:
    when, renewal = find_opening(period), _renewal(period)
    return {
        "pk": period.pk,
        "person": period.person.name,
        "until": period.until,
        "total": period.decision.total,
        "opens": when.first,
        "first": when.words(lang),
        "itself": period.decision.application.renews_itself,
        "renewal": renewal,
        "state": case_texts.STATES[renewal.state](lang) if renewal else "",
    }


def _file_complete(request: HttpRequest, unit: Unit) -> int:
    user, filed = user_of(request), 0
    rows = Application.objects.filter(unit=unit, kind="renewal", state=State.DRAFT)
    rows = rows.select_related("person", "unit", "agency")
    for pk in list(rows.order_by("id").values_list("pk", flat=True)):
        application = rows.get(pk=pk)
        case = access_for(user, application)
        if case and not list_filing_faults(application, process_of(application)):
            filed += _filed(case)
        if filed == AT_ONCE:
            break
    return filed


def _filed(case: CaseAccess) -> bool:
    """Whether it was filed; one whose certificate expired since it was begun is left as a draft."""
    try:
        submit_case(case, f"renewals-{case.application.pk}")
    except CaseFault:
        return False
    return True


@signed_in
@require_safe
def renewals_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook of all staff whose points can be renewed, filled in with what is known; only
    what changed is to be typed, and it is uploaded like any batch."""
    unit, today = _unit(request, pk), timezone.localdate()
    log_look(request, f"unit:{unit.pk}", "facts of staff", city=unit.city)
    people = [
        KnownPerson(p.person.name, p.person.identity, p.person.phone, json.loads(p.decision.facts))
        for p in _of_unit(unit)
        if _may_renew(p)
    ]
    made = make_template(policy_on(unit.city, today), today, lang_of(request), people)
    return _build_download(made, f"jifen-renewals-{unit.city}-{today}.xlsx")


def _may_renew(period: PointsPeriod) -> bool:
    first = find_opening(period).first
    return first is not None and first <= timezone.localdate() and _renewal(period) is None
