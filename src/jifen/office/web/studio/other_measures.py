"""The indicators of a draft beside those of other cities and versions, with what each weighs, and
one press from taking one over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jifen.cities import index
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.additions import readable_measure, vocabulary_of
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.weighed_people import (
    WeighedPeople,
    find_population_of_measure,
    people_of_draft,
    people_of_measure,
)
from jifen.office.workshop.access import access_draft
from jifen.office.workshop.actions import drafts
from jifen.office.workshop.actions.studies import request_measure_weights
from jifen.office.workshop.faults import StudioFault, no_such_population
from jifen.office.workshop.measure import Measure, base_of
from jifen.office.workshop.models import Draft
from jifen.office.workshop.taking_over import take_over
from jifen.policy.diff.statements import describe_indicator
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.scoring import assess

MOST_BESIDE = 3


@dataclass(frozen=True, slots=True)
class ComparedIndicator:
    """An indicator: its rule, the points between which it lies, and what the most of them are of
    the line; `people`: what it weighs in people, where that was worked out."""

    id: str
    label: str
    rule: str
    points: str
    share: str
    people: str = ""


@dataclass(frozen=True, slots=True)
class MeasureBeside:
    """A measure: its name, its line, its indicators by their ids; `weighed`: on which people."""

    key: str
    title: str
    line: str
    indicators: Mapping[str, ComparedIndicator]
    weighed: WeighedPeople


def weigh_indicators(
    policy: Policy, on: date, key: str, title: str, lang: Lang, weighed: WeighedPeople
) -> MeasureBeside:
    """A measure on a day, each indicator with its points and their share of the line."""
    rules = policy.rules_on(on)
    result = assess(policy, {}, on)
    line = result.threshold
    shown = {}
    for item in result.lines:
        least, most = item.bounds
        far = max(abs(least), abs(most))
        shown[item.indicator.id] = ComparedIndicator(
            item.indicator.id,
            item.indicator.label(lang),
            describe_indicator(item.indicator, rules)(lang),
            f"{format_number(least)}–{format_number(most)}".replace("–-", "–−"),
            f"{far / line:.0%}" if line else "",
            weighed.by_indicator.get(item.indicator.id, ""),
        )
    shown_line = format_number(line) if line is not None else "–"
    return MeasureBeside(key, title, shown_line, shown, weighed)


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: HttpRequest, key: UUID) -> HttpResponse:
    """Indicators side by side; a post takes one over into the draft."""
    hand = access_draft(user_of(request), key, "edit" if request.method == "POST" else "see")
    measure, fault = readable_measure(hand), None
    chosen = _chosen(request)
    if request.method == "POST":
        start, _, ident = request.POST.get("take", "")[:200].partition(":")
        city, _, version = start.partition("@")
        try:
            other, group = base_of(city[:40], version[:40]), request.POST.get("group", "")[:80]
            cells = take_over(
                measure.document,
                vocabulary_of(measure),
                other,
                other.nearest_day(hand.draft.on),
                ident,
                group,
            )
            drafts.save_cells(hand, cells, hand.draft.head)
        except StudioFault as refused:
            fault = refused
        else:
            [path, *_] = cells
            label = cells[path]["label"]
            taken = Text(label["zh"], label["en"])
            say(request, Text(f"已取用“{taken.zh}”。", f"'{taken.en}' was taken over."))
            return go(f"{reverse('studio_draft', args=[key])}#k-{path.replace('.', '-')}")
    context = _context(hand.draft, measure, chosen, lang_of(request))
    own = {"draft": hand.draft, "fault": fault, "may_edit": "edit" in hand.acts}
    own |= {"may_ask": "simulate" in hand.acts}
    return work_page(request, "studio/beside.html", context | own, status=422 if fault else 200)


@signed_in
@studio_page
@require_POST
def weigh_beside(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have worked out how many people each indicator of another measure gives points."""
    hand = access_draft(user_of(request), key, "simulate")
    chosen = _chosen(request)
    start = request.POST.get("start", "")[:81]
    population = find_population_of_measure(hand.draft, start)
    if start not in chosen or population is None:
        raise no_such_population()
    request_measure_weights(hand, population, start)
    say(request, _ASKED)
    query = urlencode([("with", one) for one in chosen])
    return go(f"{reverse('studio_beside', args=[key])}?{query}")


_ASKED = Text(
    "已开始计算人数，稍后刷新本页。",
    "The people are being counted; load this page again in a moment.",
)


def _chosen(request: HttpRequest) -> list[str]:
    """The versions that are looked at, at most so many."""
    sent = request.POST if request.method == "POST" else request.GET
    known = {key for key, _ in list_versions("zh")}
    wanted = [key for key in dict.fromkeys(sent.getlist("with")) if key in known]
    return wanted[:MOST_BESIDE]


def list_versions(lang: Lang) -> list[tuple[str, str]]:
    """Every version of every city, the newest of each first."""
    return [
        (f"{city.id}@{version.version}", f"{city.label(lang)} {version.version}")
        for city in index().values()
        for version in reversed(city.versions)
    ]


def _context(draft: Draft, measure: Measure, chosen: list[str], lang: Lang) -> dict[str, Any]:
    names = dict(list_versions(lang))
    measures = [
        _own(draft, measure, lang),
        *(_other(draft, key, names[key], lang) for key in chosen),
    ]
    shown = [one for one in measures if one is not None]
    ids = list(dict.fromkeys(ident for one in shown for ident in one.indicators))
    return {
        "versions": list(names.items()),
        "chosen": chosen,
        "places": range(1, MOST_BESIDE + 1),
        "measures": shown,
        "rows": [(ident, [one.indicators.get(ident) for one in shown]) for ident in ids],
        "groups": [(g["id"], g["label"][lang]) for g in measure.document["groups"]],
        "can_be_scored": measure.can_be_scored,
        "lang": lang,
    }


def _own(draft: Draft, measure: Measure, lang: Lang) -> MeasureBeside | None:
    if measure.policy is None or not measure.can_be_scored:
        return None
    title = Text("这份草案", "This draft")(lang)
    weighed = people_of_draft(draft, lang)
    return weigh_indicators(measure.policy, measure.on, "", title, lang, weighed)


def _other(draft: Draft, key: str, title: str, lang: Lang) -> MeasureBeside | None:
    city, _, version = key.partition("@")
    try:
        policy = base_of(city, version)
        day, weighed = policy.nearest_day(draft.on), people_of_measure(draft, key, lang)
        return weigh_indicators(policy, day, key, title, lang, weighed)
    except (PolicyError, StudioFault):
        return None
