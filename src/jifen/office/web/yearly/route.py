"""When the line is reached, with official facts: for a holder of points, and for a staff."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jifen.facts.fault import FactsError
from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.renewal.official_facts import make_case_of_period
from jifen.office.casework.renewal.staff_outlook import forecast_staff, list_staff_decisions
from jifen.office.registry.access import list_represented_employers
from jifen.office.web.data_access import log_look
from jifen.office.web.other_cities import elsewhere
from jifen.office.web.planner import YEARS, route_context, typed_moves, wishes_of, years_of
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.yearly.points import periods_of
from jifen.planning.messages import CITIES_ASSUMPTION
from jifen.planning.moves_file import has_moves, moves_for_city
from jifen.planning.planner import plan
from jifen.policy.text import Lang, Text

PAGE = 10
"""People of a staff in one answer: each is worked out anew, and the page asks on until all are."""
_BAD = Text("应为数字，暂按原值计算。", "Expected a number; left out for now.")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def points_route(request: HttpRequest, pk: int) -> HttpResponse:
    """The years ahead of a holder; POST changes what is looked at and stores nothing."""
    user, today = user_of(request), timezone.localdate()
    period = periods_of(user).filter(pk=pk).first()
    if period is None:
        raise Http404
    if period.person.user_id != user.pk:
        log_look(request, f"points:{period.pk}", "years ahead", city=period.city)
    context: dict[str, Any] = {
        "period": period,
        "years": years_of(request.POST),
        "all_years": YEARS,
        "today": today,
        "trouble": [],
        "answer": None,
        "no_moves": not has_moves(period.city),
    }
    try:
        if not context["no_moves"]:
            context |= _answered(request, period, lang_of(request))
    except FactsError as error:
        context["trouble"] = [fault.to_sentence(lang_of(request)) for fault in error.fact_faults]
    return work_page(request, "yearly/route.html", context)


def _answered(request: HttpRequest, period: PointsPeriod, lang: Lang) -> dict[str, Any]:
    moves = moves_for_city(period.city)
    wishes, wrong = wishes_of(request.POST, tuple(move.id for move in moves.moves))
    years = years_of(request.POST)
    case = make_case_of_period(period, timezone.localdate(), years=years, wishes=wishes)
    answer = plan(case)
    return route_context(answer, lang) | {
        "answer": answer,
        "typed": typed_moves(moves, request.POST),
        "without": wishes.ruled_out,
        "wrong": {name: _BAD(lang) for name in wrong},
        "taken": CITIES_ASSUMPTION(lang),
        "elsewhere": elsewhere(case) if request.POST.get("others") == "on" else None,
    }


@signed_in
@require_safe
def staff(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the staff reaches the line this year, who may lose it at the renewal, what helps."""
    user = user_of(request)
    unit = list_represented_employers(user).filter(pk=pk).first()
    if unit is None:
        raise Http404
    log_look(request, f"unit:{unit.pk}", "years ahead of staff", city=unit.city)
    shown = Paginator(list_staff_decisions(unit), PAGE).get_page(request.GET.get("page"))
    rows = list(forecast_staff(shown.object_list, timezone.localdate()))
    context = {
        "unit": unit,
        "shown": shown,
        "risky": [row for row in rows if row.is_at_risk],
        "steady": [row for row in rows if row.is_kept and not row.is_at_risk],
        "reaching": [row for row in rows if row.reached_on and not row.is_at_risk],
        "others": [row for row in rows if not (row.is_at_risk or row.is_kept or row.reached_on)],
    }
    return work_page(request, "yearly/staff_ahead.html", context)
