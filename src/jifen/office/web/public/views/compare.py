"""One person under several versions or cities, side by side."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jifen.cities import City, MeasureVersion, index
from jifen.office.web.budget import ASSESSMENT
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences
from jifen.office.web.public import files
from jifen.office.web.public.answers import from_post
from jifen.office.web.public.catalogue import day_or, readable, today
from jifen.office.web.public.side_by_side import compare_versions
from jifen.policy.text import Text

_NO_PICK = Text("请至少选择一个版本。", "Choose at least one version.")
_BAD_DAY = Text(
    "测算日期应为日历上存在的日期，如 2025-06-01。仍按原来的日期计算。",
    "The day must be an existing date such as 2025-06-01. The former day is kept.",
)
Picked = list[tuple[City, MeasureVersion]]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@ASSESSMENT.spends
def compare(request: HttpRequest) -> HttpResponse:
    """The facts (pasted, uploaded or from a self-assessment) and the versions side by side."""
    lang, on = preferences(request).lang, today()
    picked, text, trouble, comparison, bad_day = _in_force(on), "", "", None, ""
    if request.method == "POST":
        on, bad_day = _day(request.POST, on)
        picked = _picked(request, on)
        try:
            text = _text(request)
            facts = files.read_bytes(text.encode())
            comparison = compare_versions(facts, picked, on, lang) if picked else None
        except files.UnreadableFile as error:
            # Switching the language of an empty form is not a mistake.
            trouble = "" if not text and request.GET else error.words(lang)
    context = {
        "versions": [(c, v, (c, v) in picked) for c in index().values() for v in c.versions],
        "cities": tuple(index().values()),
        "on": on,
        "on_typed": bad_day or on.isoformat(),
        "on_error": _BAD_DAY(lang) if bad_day else "",
        "text": text,
        "trouble": trouble or ("" if picked else _NO_PICK(lang)),
        "comparison": comparison,
    }
    return page(request, "public/compare.html", context, here="compare", keeps_form=True)


def _day(sent: Mapping[str, Any], default: date) -> tuple[date, str]:
    """The chosen day; where what was typed is none, the former day and the words typed."""
    before = day_or(sent.get("as_of"), default)
    wanted = sent.get("on", "").strip()
    chosen = day_or(wanted, date.min)
    if not wanted or chosen != date.min:
        return (chosen if wanted else before), ""
    return before, wanted


def _in_force(on: date) -> Picked:
    return [(city, version) for city in index().values() if (version := city.version_on(on))]


def _picked(request: HttpRequest, on: date) -> Picked:
    """The chosen versions; those in force on the day where the visitor comes from elsewhere."""
    if "picking" not in request.POST:
        return _in_force(on)
    wanted = set(request.POST.getlist("pick"))
    known = [(city, version) for city in index().values() for version in city.versions]
    return [(c, v) for c, v in known if f"{c.id}:{v.version}" in wanted]


def _text(request: HttpRequest) -> str:
    """The facts as text: uploaded, pasted, or those of the form that the visitor comes from."""
    if request.FILES.get("file"):
        return files.decode_request(request)
    city = index().get(request.POST.get("city", ""))
    on = day_or(request.POST.get("as_of"), today())
    policy = readable(city.version_on(on)) if city else None
    if policy is None:
        return request.POST.get("facts", "")
    answers = from_post(policy.vocabulary, request.POST)
    given = answers.given(policy.vocabulary, rules=policy.rules_on(on), on=on)
    return files.write(given, policy.vocabulary, "") if given else ""
