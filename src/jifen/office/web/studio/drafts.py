"""The list of drafts, beginning one, the populations of an office."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.cities import City, index
from jifen.office.accounts.models import Role
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.effect import LABELS
from jifen.office.web.studio.forms import picked, typed_day
from jifen.office.workshop.access import drafts_of, offices, populations_of
from jifen.office.workshop.actions.drafts import begin_draft
from jifen.office.workshop.actions.effects import MOST_PEOPLE, order_population
from jifen.office.workshop.faults import NoSuchDraft
from jifen.office.workshop.models import Draft, Label, Population
from jifen.policy.text import Lang, Text

MOST = 200


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: HttpRequest) -> HttpResponse:
    """The drafts of the own offices, and a form that begins one."""
    user, lang = user_of(request), lang_of(request)
    if not offices(user):
        raise NoSuchDraft
    drafting = offices(user, Role.DRAFTER)
    if request.method == "POST":
        city = request.POST.get("city", "")[:40]
        title, start = request.POST.get("title", ""), picked(request.POST, "start")
        day = typed_day(request.POST.get("on", ""))
        draft = begin_draft(user, city, title, start, day)
        return go(reverse("studio_draft", args=[draft.key]))
    rows = drafts_of(user).select_related("created_by")
    context = {
        "drafts": [_row(draft, lang) for draft in rows[:MOST]],
        "offices": [(city, _name(city, lang)) for city in drafting],
        "starts": _starts(lang),
        "today": timezone.localdate(),
    }
    return work_page(request, "studio/studio.html", context)


def _row(draft: Draft, lang: Lang) -> dict[str, object]:
    return {
        "draft": draft,
        "office": _name(draft.city, lang),
        "start": f"{_name(draft.base_city, lang)} {draft.base_version}",
    }


def _name(city: str, lang: Lang) -> str:
    return index()[city].label(lang) if city in index() else city


def _starts(lang: Lang) -> list[tuple[str, str]]:
    """Every version of every city, the newest of each first."""
    return [
        (f"{city.id}@{version.version}", f"{city.label(lang)} {version.version}")
        for city in index().values()
        for version in reversed(city.versions)
    ]


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def populations(request: HttpRequest) -> HttpResponse:
    """The populations of the own offices: what they are, how they are made again; a form that has
    synthetic people drawn."""
    user, lang = user_of(request), lang_of(request)
    if not offices(user):
        raise NoSuchDraft
    if request.method == "POST":
        order_population(
            user,
            request.POST.get("city", "")[:40],
            request.POST.get("people_of", "")[:40],
            whole_number(request.POST.get("people", "").replace(",", "")),
            whole_number(request.POST.get("seed", "")),
        )
        say(request, _ORDERED)
        return go(reverse("studio_populations"))
    drafting = offices(user, Role.DRAFTER)
    context = {
        "populations": [_population(one, lang) for one in populations_of(user)],
        "offices": [(city, _name(city, lang)) for city in drafting],
        "cities": [(city.id, city.label(lang)) for city in index().values() if _has_margins(city)],
        "most": MOST_PEOPLE,
    }
    return work_page(request, "studio/populations.html", context)


def _population(population: Population, lang: Lang) -> dict[str, object]:
    return {
        "p": population,
        "label": LABELS[Label(population.label)](lang),
        "of": _name(population.people_of, lang),
        "fault": population.fault,
    }


def _has_margins(city: City) -> bool:
    from jifen.lab.people import load_margins  # noqa: PLC0415 - needs jifen[lab]

    try:
        return bool(load_margins(city))
    except ValueError:
        return False


_ORDERED = Text(
    "已登记，正在生成；生成后即可用于计算。",
    "Registered; the people are being drawn and can be used in a moment.",
)
