"""Offices of a city: written by its administrator, read by everybody."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jifen.cities import City, index
from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.models import OfficeCard
from jifen.office.administration.offices import FIELD_WORDS, list_offices, write_office
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process

WHOLE_CITY = Text("全市", "The whole city")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage_offices(request: HttpRequest) -> HttpResponse:
    """The cards of a city, and a form for the one that is chosen."""
    cities = list_administered_cities(request)
    source = request.POST if request.method == "POST" else request.GET
    city = source.get("city", cities[0])
    if city not in cities:
        raise Http404
    district, refused = source.get("district", ""), None
    if request.method == "POST":
        try:
            card = write_office(user_of(request), city, district, request.POST.dict())
        except AdministrationFault as fault:
            refused = fault
        else:
            say(request, _WRITTEN if card else _UNCHANGED)
            return go(f"{reverse('offices_desk')}?city={city}")
    lang = lang_of(request)
    cards = {card.district: card for card in list_offices(city)}
    context = {
        "cities": [(name, index()[name].label(lang)) for name in cities],
        "city": city,
        "district": district,
        "chosen": cards.get(district),
        "rows": [
            {"district": name, "label": label, "card": cards.get(name)}
            for name, label in _list_places(city, lang)
        ],
        "labels": {name: words(lang) for name, words in FIELD_WORDS.items()},
        "edits": bool(refused) or "district" in request.GET,
    }
    return show_administration(request, "administration/offices.html", context, refused)


_WRITTEN = Text("已保存，公开页面即时更新。", "Saved; the public page shows it at once.")
_UNCHANGED = Text("没有改动。", "Nothing was changed.")


def _list_places(city: str, lang: Lang) -> list[tuple[str, str]]:
    try:
        districts = find_process(city, timezone.localdate()).districts
    except NoProcess:
        districts = ()
    return [("", WHOLE_CITY(lang)), *((d.id, d.label(lang)) for d in districts)]


@require_safe
def show_offices(request: HttpRequest, city: str) -> HttpResponse:
    """Where the offices of a city are, for everybody."""
    known: City | None = index().get(city)
    if known is None:
        raise Http404
    lang = preferences(request).lang
    labels = dict(_list_places(city, lang))
    cards = [_describe_card(card, labels, lang) for card in list_offices(city)]
    context = {"city": known, "cards": cards}
    status = HTTPStatus.OK
    return page(request, "public/offices.html", context, here=city, status=status)


def _describe_card(card: OfficeCard, labels: dict[str, str], lang: Lang) -> dict[str, Any]:
    is_english = lang == "en"
    return {
        "place": labels.get(card.district, card.district),
        "name": card.name_en if is_english and card.name_en else card.name,
        "address": card.address_en if is_english and card.address_en else card.address,
        "hours": card.hours_en if is_english and card.hours_en else card.hours,
        "phone": card.phone,
        "since": timezone.localtime(card.written_at).date(),
    }
