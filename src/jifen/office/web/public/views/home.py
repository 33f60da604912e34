"""The first page, and what machines ask for."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from jifen.cities import index
from jifen.cities.worked_cases import load_cases
from jifen.office.web.jinja import asset
from jifen.office.web.page import page
from jifen.office.web.public.catalogue import readable, today


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the cities, three things to try."""
    day = today()
    cards = []
    for city in index().values():
        policy = readable(city.version_on(day))
        decision = policy.rules_on(day).decision if policy else None
        line = decision.threshold_on(day) if decision and decision.has_threshold else None
        cards.append((city, policy, line))
    first = cards[0][1]
    example = next(iter(load_cases(first.city, first.version)), None) if first else None
    context = {"cards": cards, "day": day, "example": example}
    return page(request, "public/home.html", context, here="home")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the site answers and reaches its database."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything: no page holds personal data."""
    del request
    return HttpResponse("User-agent: *\nAllow: /\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it where a response is no page."""
    del request
    return HttpResponsePermanentRedirect(asset("web/mark.svg"))
