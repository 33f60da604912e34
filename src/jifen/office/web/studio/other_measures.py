"""The indicators of a draft beside those of other cities and versions, with what each weighs, and
one press from taking one over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.cities import index
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.additions import readable_measure, vocabulary_of
from jifen.office.web.studio.door import studio_page
from jifen.office.workshop.access import access_draft
from jifen.office.workshop.actions import drafts
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.measure import Measure, base_of
from jifen.office.workshop.models import Draft, RunState, Study, StudyKind
from jifen.office.workshop.simulation.disclosure import show_count
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
    """A measure: its name, its line, its indicators by their ids."""

    key: str
    title: str
    line: str
    indicators: Mapping[str, ComparedIndicator]


def weigh_indicators(
    policy: Policy, on: date, key: str, title: str, lang: Lang, people: Mapping[str, str]
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
            people.get(item.indicator.id, ""),
        )
    return MeasureBeside(key, title, format_number(line) if line is not None else "–", shown)


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
                _day_of(other, hand.draft.on),
                ident,
                group,
            )
            drafts.save_cells(hand, cells, hand.draft.head)
        except StudioFault as refused:
            fault = refused
        else:
            [path, *_] = cells
            label = cells[path]["label"]
            say(request, Text(f"已取用“{label['zh']}”。", f"'{label['en']}' was taken over."))
            return go(f"{reverse('studio_draft', args=[key])}#k-{path.replace('.', '-')}")
    context = _context(hand.draft, measure, chosen, lang_of(request))
    own = {"draft": hand.draft, "fault": fault, "may_edit": "edit" in hand.acts}
    return work_page(request, "studio/beside.html", context | own, status=422 if fault else 200)


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
        *(_other(key, names[key], draft.on, lang) for key in chosen),
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
    return weigh_indicators(measure.policy, measure.on, "", title, lang, _people_of(draft, lang))


def _people_of(draft: Draft, lang: Lang) -> dict[str, str]:
    """What the indicators of a draft weigh in people, by the newest answer that there is."""
    done = Study.objects.filter(draft=draft, kind=StudyKind.WEIGHTS, state=RunState.DONE)
    study = done.order_by("-id").first()
    if study is None:
        return {}
    words = Text("给分 %s 人；没有它达不到 %s 人", "%s get points; %s would not reach without it")
    return {
        row["indicator"]: words(lang)
        % (show_count(row["after"]["people"]), show_count(row["after"]["needed"]))
        for row in json.loads(study.figures)["indicators"]
        if row["after"]
    }


def _other(key: str, title: str, on: date, lang: Lang) -> MeasureBeside | None:
    city, _, version = key.partition("@")
    try:
        policy = base_of(city, version)
        return weigh_indicators(policy, _day_of(policy, on), key, title, lang, {})
    except (PolicyError, StudioFault):
        return None


def _day_of(policy: Policy, on: date) -> date:
    """A day of a version near another day: its last one where it has ended before, its first where
    it begins after."""
    if policy.until is not None and policy.until < on:
        return policy.until
    return max(on, policy.since)
