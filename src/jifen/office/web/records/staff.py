"""Who of the staff does what: the city administrator's page; and the analyst's figures."""

from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from jifen.charts import Bars, FigureSeries, draw_svg, tabulate_chart
from jifen.cities import index
from jifen.office.accounts.actions import CONFIRMING, decide_proposal, end_role, give_role
from jifen.office.accounts.models import Role, RoleProposal, StaffRole
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.accounts.roles import list_posts
from jifen.office.accounts.signin.second_factor import (
    build_second_factor_url,
    has_fresh_second_factor,
)
from jifen.office.casework.models import Decision, Outcome
from jifen.office.sheets.export import ExportSheet, make_csv, make_workbook
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.units.batch import XLSX
from jifen.policy.text import Lang, Text
from jifen.process import find_process
from jifen.scoring.result_status import describe_outcome


def _cities(request: HttpRequest, *roles: str) -> list[str]:
    """The cities in which the asker has one of the roles. Raises Http404 where none."""
    found = [p.city for p in list_posts(user_of(request)) if p.role in roles]
    if not found:
        raise Http404
    return list(dict.fromkeys(found))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """Give and end roles, after a second factor that was shown a moment ago."""
    cities = _cities(request, *CONFIRMING)
    if request.method == "POST":
        if not has_fresh_second_factor(request):
            say(request, _NOT_FRESH, bad=True)
            return go(build_second_factor_url(user_of(request), "/staff/"))
        _act(request, cities)
        return go("/staff/")
    giving = [p.city for p in list_posts(user_of(request)) if p.role == Role.SECURITY_ADMIN]
    waiting = RoleProposal.objects.filter(city__in=cities, decided_at__isnull=True)
    rows = StaffRole.objects.filter(city__in=cities, until__isnull=True).select_related("user")
    lang = lang_of(request)
    context = {
        "rows": rows.order_by("city", "district", "role"),
        "waiting": waiting.select_related("user", "proposed_by").order_by("proposed_at"),
        "is_fresh": has_fresh_second_factor(request),
        "show_factor": build_second_factor_url(user_of(request), "/staff/"),
        "cities": [index()[city] for city in dict.fromkeys(giving)],
        "roles": [(role.value, words(lang)) for role, words in ROLE_NAMES.items()],
        "role_names": {role.value: words(lang) for role, words in ROLE_NAMES.items()},
        "districts": find_process(cities[0], timezone.localdate()).districts,
    }
    return work_page(request, "records/staff.html", context)


def _act(request: HttpRequest, cities: list[str]) -> None:
    post, user = request.POST, user_of(request)
    which = whole_number(post.get("which", ""))
    if post.get("act") == "end" and which is not None:
        row = StaffRole.objects.filter(city__in=cities, pk=which).first()
        if row:
            end_role(user, row)
            say(request, Text("岗位已终止。", "The role has ended."))
    elif post.get("act") in ("confirm", "decline") and which is not None:
        confirm = post["act"] == "confirm"
        decide_proposal(user, which, confirm=confirm)
        say(request, _CONFIRMED if confirm else _DECLINED)
    elif post.get("act") == "give":
        outcome = give_role(
            user,
            post.get("username", ""),
            post.get("role", ""),
            post.get("city", ""),
            post.get("district", ""),
            post.get("department", "").strip()[:40],
        )
        say(request, _PROPOSED if isinstance(outcome, RoleProposal) else _GIVEN)


_GIVEN = Text("岗位已授予。", "The role was given.")
_PROPOSED = Text(
    "已提出，须由另一名管理员确认后生效。",
    "Proposed: another administrator confirms it before it holds.",
)
_CONFIRMED = Text("已确认，岗位已授予。", "Confirmed: the role was given.")
_DECLINED = Text("已退回，没有授予。", "Declined: nothing was given.")
_NOT_FRESH = Text(
    "授予或终止岗位前须再次验证：请输入验证码，然后重新操作。没有改动。",
    "Before roles are given or ended your second factor is asked for again: show it, then repeat. "
    "Nothing was changed.",
)


@signed_in
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Decisions by month and outcome: counts only, no person and no employer."""
    lang = lang_of(request)
    charts = []
    for city in _cities(request, Role.ANALYST, Role.CITY_ADMIN):
        chart = outcomes_chart(city, timezone.localdate(), lang)
        drawn = Markup(draw_svg(chart, lang))
        charts.append(
            {"drawn": drawn, "table": tabulate_chart(chart, lang), "title": chart.title(lang)}
        )
    return work_page(request, "records/statistics.html", {"charts": charts})


FEWEST = 5
"""Counts below this are not shown one by one: they could tell of a person."""


def outcomes_chart(city: str, today: date, lang: Lang) -> Bars:
    """The last twelve months."""
    del lang
    rows = Decision.objects.filter(
        application__city=city, signed_at__isnull=False, void_at__isnull=True
    )
    counted = rows.annotate(month=TruncMonth("signed_at")).values("month", "outcome")
    found: dict[tuple[str, str], int] = {
        (f"{row['month']:%Y-%m}", row["outcome"]): row["n"]
        for row in counted.annotate(n=Count("id"))
    }
    months = [_month(today, back) for back in range(11, -1, -1)]
    series = tuple(
        _series(outcome, [found.get((month, outcome), 0) for month in months])
        for outcome in Outcome.values
    )
    name = index()[city].label
    return Bars(
        Text(
            f"{name.zh}：每月决定（1 至 {FEWEST - 1} 件只写“<{FEWEST}”）",
            f"{name.en}: decisions by month (1 to {FEWEST - 1} are written '<{FEWEST}')",
        ),
        tuple(Text(m, m) for m in months),
        series,
        Text("件", "cases"),
        label_heading=Text("月份", "Month"),
    )


def _series(outcome: str, counted: list[int]) -> FigureSeries:
    """Counts of one outcome; those that could tell of a person are hidden, and are never a 0."""
    hidden = tuple(f"<{FEWEST}" if 0 < count < FEWEST else "" for count in counted)
    shown = tuple(float(count if count >= FEWEST else 0) for count in counted)
    return FigureSeries(describe_outcome(outcome), shown, hidden)


@signed_in
@require_safe
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook or as CSV, with the same cells hidden."""
    lang, today = lang_of(request), timezone.localdate()
    if request.GET.get("as") == "csv":
        return _export_csv(_cities(request, Role.ANALYST, Role.CITY_ADMIN), today, lang)
    sheets = []
    for city in _cities(request, Role.ANALYST, Role.CITY_ADMIN):
        figures = tabulate_chart(outcomes_chart(city, today, lang), lang)
        rows = [tuple(row) for row in figures.rows]
        sheets.append(ExportSheet(index()[city].label(lang), list(figures.headings), rows))
    response = HttpResponse(make_workbook(sheets), content_type=XLSX)
    name = f"jifen-statistics-{today}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _export_csv(cities: list[str], today: date, lang: Lang) -> HttpResponse:
    heads, rows = [Text("城市", "City")(lang)], []
    for city in cities:
        figures = tabulate_chart(outcomes_chart(city, today, lang), lang)
        heads = [heads[0], *figures.headings]
        rows += [(index()[city].label(lang), *row) for row in figures.rows]
    response = HttpResponse(make_csv(heads, rows), content_type="text/csv; charset=utf-8")
    name = f"jifen-statistics-{today}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _month(today: date, back: int) -> str:
    months = today.year * 12 + today.month - 1 - back
    return f"{months // 12}-{months % 12 + 1:02}"
