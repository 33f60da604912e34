"""What a permit, points and settlement routes open in a city: the public page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.entitlements import EntitlementAnswer, KnownStatus, assess_entitlement, load_entitlements
from jifen.office.web.page import page
from jifen.office.web.public import catalogue
from jifen.policy.text import Text

NOBODY = KnownStatus()
"""Nothing is known of a reader: the page shows what is needed, not what is missing."""
GROUPS = {
    "right": Text("依法享有的权利", "Rights"),
    "service": Text("基本公共服务", "Basic public services"),
    "convenience": Text("便利", "Conveniences"),
    "local": Text("本市的事项", "In this city"),
}
ROUTES = {
    "permit": Text("有居住证就可以", "With the permit alone"),
    "points": Text("积分达到分数线后", "With points at the line"),
    "settlement": Text("入户的途径", "Ways to household registration"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One route, in groups; a route without the national groups has one without a heading."""

    id: str
    words: Text
    groups: tuple[tuple[Text, tuple[EntitlementAnswer, ...]], ...]


def parts(answers: Iterable[EntitlementAnswer]) -> list[Part]:
    """Answers by route and group; what is empty is left out."""
    every, found = list(answers), []
    for route, words in ROUTES.items():
        own = [one for one in every if one.entitlement.route == route]
        groups = [
            (label if route == "permit" else Text("", ""), rows)
            for group, label in GROUPS.items()
            if (rows := tuple(one for one in own if one.entitlement.group == group))
        ]
        if groups:
            found.append(Part(route, words, tuple(groups)))
    return found


@require_safe
def opens(request: HttpRequest, city: str) -> HttpResponse:
    """By route, on a day (?on=), each with its clause, source and confidence."""
    found = catalogue.city_or_404(city)
    on = catalogue.day_or(request.GET.get("on"), catalogue.today())
    whole = load_entitlements(found.id)
    context = {
        "city": found,
        "whole": whole,
        "on": on,
        "parts": parts(assess_entitlement(one, NOBODY, on) for one in whole.list_in_force(on)),
        "sources": whole.sources,
    }
    return page(request, "public/opens.html", context, here=found.id)
