"""What the site says of itself and of a city: questions, statements, the map of pages."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from jifen.cities import index
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences
from jifen.office.web.public.catalogue import city_or_404, day_or, policies, readable, today
from jifen.office.web.public.common_questions import common_questions, terms
from jifen.office.web.public.device import is_carried
from jifen.office.web.public.views.days import no_rule

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)


@require_safe
def questions(request: HttpRequest, city: str) -> HttpResponse:
    """Questions and answers, and the words of the measure on a day (?on=, else today)."""
    found = city_or_404(city)
    on = day_or(request.GET.get("on"), today())
    policy = readable(found.version_on(on))
    if policy is None:
        return no_rule(request, found, on)
    rules, lang = policy.rules_on(on), preferences(request).lang
    context = {
        "city": found,
        "policy": policy,
        "questions": common_questions(found, rules, on, lang),
        "terms": terms(rules, lang),
    }
    return page(request, "public/questions.html", context, here=found.id)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Where answers are, who works them out, what is stored."""
    every = [(city, readable(city.version_on(today()))) for city in index().values()]
    here = [city for city, policy in every if policy and is_carried(policy.rules_on(today()))]
    there = [city for city, policy in every if policy and city not in here]
    return page(request, "public/privacy.html", {"on_device": here, "on_site": there})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, how it is checked, what does not work yet."""
    return page(request, "public/accessibility.html")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page that says something of its own."""
    base = settings.JIFEN_ADDRESS.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    rows = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for path in _paths())
    return HttpResponse(f"{_HEAD}{rows}</urlset>\n", content_type="application/xml")


def _paths() -> Iterator[str]:
    for name in ("home", "compare", "verify", "privacy", "accessibility"):
        yield reverse(name)
    for city in index().values():
        for name in ("assess", "questions", "opens", "offices", "versions", "lists"):
            yield reverse(name, args=[city.id])
        for policy in policies(city):
            yield reverse("book", args=[city.id, policy.version])
