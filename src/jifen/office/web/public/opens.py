"""What a permit, points and settlement routes open in a city: the public page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.entitlements import entitlements
from jifen.office.web.page import page
from jifen.office.web.public import catalogue
from jifen.policy.text import Text

ROUTES = {
    "permit": Text("有居住证就可以", "With the permit alone"),
    "points": Text("积分达到分数线后", "With points at the line"),
    "settlement": Text("入户的途径", "Ways to household registration"),
}


@require_safe
def opens(request: HttpRequest, city: str) -> HttpResponse:
    """By route, on a day (?on=), each with its clause, source and confidence."""
    found = catalogue.city_or_404(city)
    on = catalogue.day_or(request.GET.get("on"), catalogue.today())
    whole = entitlements(found.id)
    there = whole.on(on)
    context = {
        "city": found,
        "whole": whole,
        "on": on,
        "routes": [
            (route, words, [one for one in there if one.route == route])
            for route, words in ROUTES.items()
        ],
        "sources": whole.sources,
    }
    return page(request, "public/opens.html", context, here=found.id)
