"""The measures themselves: versions in time, one version in full, two versions apart."""

from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.cities.worked_cases import load_cases
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences
from jifen.office.web.public import catalogue
from jifen.office.web.public.fragments import book_html, diff_html, timeline_html
from jifen.office.web.studio.adoption import editions_of
from jifen.office.workshop.queries import changed_in_place


@require_safe
def versions(request: HttpRequest, city: str) -> HttpResponse:
    """Every version of a city's measure on a line of time, with a way to each difference."""
    found = catalogue.city_or_404(city)
    policies = catalogue.policies(found)
    if not policies:
        raise Http404
    context = {
        "city": found,
        "policies": policies[::-1],
        "pairs": list(pairwise(policies))[::-1],
        "timeline": timeline_html(tuple(policies), preferences(request).lang),
        "day": catalogue.today(),
        "editions": editions_of(found.id, preferences(request).lang),
    }
    return page(request, "public/versions.html", context, here=found.id)


@require_safe
def book(request: HttpRequest, city: str, version: str) -> HttpResponse:
    """A version in full: every rule, clause, source and worked example."""
    found = catalogue.city_or_404(city)
    policy = catalogue.policy_or_404(found, version)
    context = {
        "city": found,
        "policy": policy,
        "changed": changed_in_place(policy),
        "book": book_html(policy, load_cases(found.id, version), preferences(request).lang),
    }
    return page(request, "public/book.html", context, here=found.id)


@require_safe
def differences(request: HttpRequest, city: str, old: str, new: str) -> HttpResponse:
    """What differs between two versions."""
    found = catalogue.city_or_404(city)
    first = catalogue.policy_or_404(found, old)
    second = catalogue.policy_or_404(found, new)
    context = {
        "city": found,
        "old": first,
        "new": second,
        "diff": diff_html(first, second, preferences(request).lang),
    }
    return page(request, "public/diff.html", context, here=found.id)
