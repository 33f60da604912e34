"""Residence permits: for their holders, and at the windows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from jifen.charts import Bars, FigureSeries, draw_svg
from jifen.cities import index
from jifen.office.accounts.roles import list_posts
from jifen.office.registry.actions import permits as acts
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Permit
from jifen.office.registry.models.people import filter_by_number
from jifen.office.web.citations import cited
from jifen.office.web.data_access import log_look
from jifen.office.web.public.panel import Badge, badge_of
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.permits import (
    PermitRules,
    PermitState,
    check_automatic_endorsement,
    find_early_endorsement,
    list_month_statuses,
)
from jifen.permits.card import find_permit_status
from jifen.policy.months import parse_date
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process

STATUS = {
    PermitState.NOT_YET: Text("尚未签发", "not issued yet"),
    PermitState.VALID: Text("有效", "valid"),
    PermitState.SUSPENDED: Text("功能暂停，可以补办签注", "suspended: can be made up"),
    PermitState.LAPSED: Text("已失效，年限须重新计算", "lapsed: years begin anew"),
    PermitState.CANCELLED: Text("已注销", "cancelled"),
}
KINDS = {
    "issued": Text("签发", "issued"),
    "endorsed": Text("签注", "endorsed"),
    "not_automatic": Text("未能自动签注", "not endorsed automatically"),
    "restored": Text("恢复", "restored"),
    "address_told": Text("报告地址变动", "told of a move"),
    "address_updated": Text("更新居住登记", "residence updated"),
    "replaced": Text("补领换领", "replaced"),
    "cancelled": Text("注销", "cancelled"),
}


@signed_in
@require_safe
def permit(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands, what comes, every month of it, and what can be done."""
    user, lang, today = user_of(request), lang_of(request), timezone.localdate()
    row = acts.access_permit(user, pk)
    window = acts.can_serve(user, row)
    if row.person.user_id != user.pk:
        log_look(request, f"permit:{row.pk}", "permit", city=row.city)
    rules = acts.rules_for(row.city, today)
    now, months = find_permit_status(rules, row.card, today), _months(row, today)
    chart = _chart(months)
    context = {
        "p": row,
        "rules": rules,
        "basis": _basis(rules, lang),
        "city": index()[row.city].label(lang),
        "now": now,
        "status": STATUS[now.state](lang),
        "ahead": check_automatic_endorsement(rules, row.card, row.home),
        "early": find_early_endorsement(rules, row.card, today),
        "events": [_event(event, lang) for event in row.events.select_related("by")],
        "chart": Markup(draw_svg(chart, lang)) if months else "",
        "months": [(m.month, STATUS[m.state](lang), m.counted_months) for m in months],
        "window": window,
        "open": today >= now.opens_on,
        "districts": _districts(row.city, today, lang),
    }
    return work_page(request, "yearly/permit.html", context)


def _basis(rules: PermitRules, lang: Lang) -> dict[str, Badge]:
    """What each part of the rules rests on, and how sure that is."""
    parts = {
        "endorsement": rules.endorsement.provenance,
        "made_up": rules.grace_period,
        "later": rules.late_endorsement.provenance,
    }
    for name in ("restoration", "automatic", "early"):
        if rule := getattr(rules, name):
            parts[name] = rule.provenance
    what, sources = Text("规则", "rule"), rules.sources
    return {
        part: badge_of(told.cite and cited(told.cite, sources, lang), told.confidence, lang, what)
        for part, told in parts.items()
    }


def _months(row: Permit, today: date) -> list[Any]:
    return list_month_statuses(acts.rules_for(row.city, today), acts.list_history(row), today)


def _chart(months: list[Any]) -> Bars:
    """The months counted, month by month."""
    return Bars(
        title=Text("连续居住月数", "Months of unbroken residence"),
        labels=tuple(Text(m.month, m.month) for m in months),
        series=(
            FigureSeries(
                Text("连续居住月数", "unbroken months"), tuple(m.counted_months for m in months)
            ),
        ),
        unit=Text("个月", "months"),
        label_heading=Text("月份", "Month"),
    )


def _event(event: Any, lang: Lang) -> dict[str, str]:
    by = Text("窗口", "a window") if event.by_id else Text("系统", "the system")
    return {
        "on": str(event.on),
        "what": KINDS[event.kind](lang),
        "until": str(event.valid_until),
        "who": by(lang),
        "early": _describe_early(event.details, lang),
    }


def _describe_early(details: Mapping[str, Any], lang: Lang) -> str:
    """By how many days an endorsement was early; '' where it was not."""
    days = details.get("saves", 0) if details.get("early") else 0
    return Text(f"提前 {days} 天", f"{days} days early")(lang) if days else ""


def _districts(city: str, on: date, lang: Lang) -> list[tuple[str, str]]:
    try:
        return [(d.id, d.label(lang)) for d in find_process(city, on).districts]
    except NoProcess:
        return []


@signed_in
@require_POST
def permit_act(request: HttpRequest, pk: int) -> HttpResponse:
    """One act; the rules say whether it may be done today."""
    user, today, post = user_of(request), timezone.localdate(), request.POST
    row = acts.access_permit(user, pk)
    act = post.get("act", "")
    if act in ("endorse", "endorse_anew"):
        acts.endorse_permit(user, row, today, anew=act == "endorse_anew")
    elif act == "moved":
        acts.report_address_change(user, row, today)
    elif act == "restore":
        acts.restore_permit(user, row, today, post.get("ground", ""))
    elif act == "address":
        acts.update_address(user, row, _home(post, row.city, today), today)
    elif act == "replace":
        acts.replace_permit(user, row, today, post.get("reason", ""))
    elif act == "cancel":
        acts.cancel_permit(user, row, today, post.get("reason", ""))
    else:
        words = Text("请选择要办理的事项。", "Choose what is to be done.")
        raise RegistryFault("JF-G046", words, "act")
    say(request, Text("已办理。", "Done."))
    return go(reverse("permit", args=[pk]))


def _home(post: Any, city: str, on: date) -> acts.RegisteredHome:
    dwelling = post.get("dwelling", "")
    if dwelling not in ("own_home", "registered_rental", "other"):
        raise RegistryFault("JF-G044", Text("请选择居住方式。", "Choose the dwelling."), "dwelling")
    known, district = _districts(city, on, "zh"), post.get("district", "")
    if known and district not in dict(known):
        raise RegistryFault("JF-G048", Text("请选择居住的区。", "Choose the district."), "district")
    lease = _date(post, "lease_until") if dwelling == "registered_rental" else None
    return acts.RegisteredHome(district[:40], dwelling, lease)


def _date(post: Any, name: str) -> date:
    try:
        return parse_date(post.get(name, "").strip())
    except ValueError:
        words = Text("请按 2026-10-20 的样子填写日期。", "Write the day as 2026-10-20.")
        raise RegistryFault("JF-G045", words, name) from None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest) -> HttpResponse:
    """At a window: find somebody's permit, or issue one. Numbers stand in no address."""
    user, lang, today = user_of(request), lang_of(request), timezone.localdate()
    cities = sorted({p.city for p in list_posts(user) if p.role in acts.WINDOW_ROLES})
    if not cities:
        raise Http404
    post, found, person = request.POST, None, None
    asked = post.get("city", "")
    city = asked if asked in cities else cities[0]
    if request.method == "POST":
        person = filter_by_number(post.get("identity", "")).first()
        found = Permit.objects.filter(person=person, city=city, cancelled_on__isnull=True).first()
        if found:
            return go(reverse("permit", args=[found.pk]))
        if person:
            log_look(request, f"person:{person.pk}", "permit window", city=city)
        if post.get("act") == "issue":
            return _issued(request, city, today)
    context = {
        "city": index()[city].label(lang),
        "cities": [(one, index()[one].label(lang)) for one in cities],
        "here": city,
        "rules": acts.rules_for(city, today),
        "districts": _districts(city, today, lang),
        "typed": post,
        "searched": request.method == "POST",
        "person": person,
    }
    return work_page(request, "yearly/window.html", context)


def _issued(request: HttpRequest, city: str, today: date) -> HttpResponse:
    user, post = user_of(request), request.POST
    person = find_or_add_person(
        user, post.get("identity", ""), post.get("name", ""), post.get("phone", "")
    )
    made = acts.issue_permit(
        user,
        person,
        city,
        _home(post, city, today),
        registered_on=_date(post, "registered_on"),
        ground=post.get("ground", ""),
        on=today,
    )
    say(request, Text("居住证已签发。", "The permit was issued."))
    return go(reverse("permit", args=[made.pk]))
