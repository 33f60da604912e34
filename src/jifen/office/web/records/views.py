"""The supervisor's screen, and the audit log."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen.cities import index
from jifen.office.accounts.models import Role
from jifen.office.accounts.roles import posts
from jifen.office.audit.actions import record_read
from jifen.office.audit.models import Digest, Entry
from jifen.office.casework import forecast
from jifen.office.casework.models import Expedite
from jifen.office.casework.queries import Desk, by_clerk, stages
from jifen.office.web.cases import told
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.policy.text import Lang

PAGE = 50


@signed_in
@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    """How many where, how old, what falls due; the backlog to come at today's staffing."""
    own = [p for p in posts(user_of(request)) if p.role in (Role.SUPERVISOR, Role.CITY_ADMIN)]
    if not own:
        raise Http404
    today, lang = timezone.localdate(), lang_of(request)
    found = [_office(Desk(p.city, p.district, ""), today, request, lang) for p in own]
    return work_page(request, "records/lead.html", {"offices": found, "states": told.STATES})


def _office(desk: Desk, today: Any, request: HttpRequest, lang: Lang) -> dict[str, Any]:
    said = forecast.backlog(desk, today, _people(request))
    city = index()[desk.city].label(lang)
    rows = stages(desk, today)
    asked = Expedite.objects.filter(application__city=desk.city)
    if desk.district:
        asked = asked.filter(application__district=desk.district)
    return {
        "label": f"{city} {desk.district}".strip(),
        "stages": rows,
        "clerks": by_clerk(desk),
        "forecast": said,
        "approved": asked.filter(approved=True).count(),
        "asked": asked.count(),
        "reasons": asked.select_related("application").order_by("-id")[:20],
    }


def _people(request: HttpRequest) -> int | None:
    text = request.GET.get("people", "")
    return int(text) if text.isdecimal() and 0 < int(text) < 10_000 else None


@signed_in
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The audit log, newest first; looking at it is recorded too."""
    user = user_of(request)
    cities = {p.city for p in posts(user) if p.role == Role.AUDITOR}
    if not cities:
        raise Http404
    rows = Entry.objects.filter(city__in=[*cities, ""]).order_by("-number")
    for name in ("actor", "subject", "act"):
        if text := request.GET.get(name, "").strip():
            rows = rows.filter(**{name: text[:120]})
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(number__lt=int(before))
    record_read(f"user:{user.pk}", "audit", "log")
    context = {
        "rows": list(rows[:PAGE]),
        "digest": Digest.objects.order_by("-day").first(),
        "query": {name: request.GET.get(name, "") for name in ("actor", "subject", "act")},
    }
    return work_page(request, "records/log.html", context)
