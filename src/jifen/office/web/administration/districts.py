"""Districts of a city: entered by one administrator, confirmed by another."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.cities import index
from jifen.office.accounts.actions import CONFIRMING
from jifen.office.accounts.models import Role
from jifen.office.administration.districts import (
    decide_district,
    list_district_editions,
    propose_district,
)
from jifen.office.administration.faults import AdministrationFault
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of
from jifen.policy.text import Text
from jifen.process import NoProcess, find_process
from jifen.process.model import Process


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage_districts(request: HttpRequest) -> HttpResponse:
    """Enter a district, close one, confirm or decline what another entered."""
    cities = list_administered_cities(request, *CONFIRMING)
    source = request.POST if request.method == "POST" else request.GET
    city = source.get("city", cities[0])
    if city not in cities:
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            _act(request, city)
        except AdministrationFault as fault:
            refused = fault
        else:
            return go(f"{reverse('districts_desk')}?city={city}")
    lang, editions, process = lang_of(request), list_district_editions(city), _find(city)
    chosen = process.find_district(source.get("district", "")) if process else None
    context = {
        "cities": [(name, index()[name].label(lang)) for name in cities],
        "city": city,
        "writes": city in list_writing_cities(request),
        "open_districts": process.districts if process else (),
        "closed_districts": process.closed_districts if process else (),
        "chosen": chosen,
        "chosen_is_open": process is None or chosen is None or process.takes_district(chosen.id),
        "waiting": [row for row in editions if row.decided_at is None],
        "decided": [row for row in editions if row.decided_at is not None],
    }
    return show_administration(request, "administration/districts.html", context, refused)


def list_writing_cities(request: HttpRequest) -> list[str]:
    """The cities whose districts the asker enters; others only confirm."""
    try:
        return list_administered_cities(request, Role.CITY_ADMIN)
    except Http404:
        return []


def _find(city: str) -> Process | None:
    try:
        return find_process(city, timezone.localdate())
    except NoProcess:
        return None


def _act(request: HttpRequest, city: str) -> None:
    post, user = request.POST, user_of(request)
    if post.get("act") in ("confirm", "decline"):
        confirm = post["act"] == "confirm"
        decide_district(user, city, whole_number(post.get("which", "")) or 0, confirm=confirm)
        say(request, _CONFIRMED if confirm else _DECLINED)
        return
    is_open = post.get("is_open", "yes") == "yes"
    propose_district(user, city, post.get("district", ""), post.dict(), is_open=is_open)
    say(request, _PROPOSED)


_PROPOSED = Text(
    "已录入，须由另一名管理员确认后生效。",
    "Entered: another administrator confirms it before it holds.",
)
_CONFIRMED = Text("已确认，即时生效。", "Confirmed: it holds from now on.")
_DECLINED = Text("已退回，没有改动。", "Declined: nothing was changed.")
