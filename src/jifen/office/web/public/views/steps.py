"""The self-assessment step by step: the default page of a city.

The answers travel in the form; nothing is kept on the server. The whole form on one page is
`views/assessment.py`.
"""

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jifen.cities import City, index
from jifen.facts.form import list_asked_facts
from jifen.office.web.budget import ASSESSMENT
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences
from jifen.office.web.public.answers import Answers, from_post
from jifen.office.web.public.catalogue import city_or_404, day_or, readable, today
from jifen.office.web.public.device import device_addresses
from jifen.office.web.public.script_modules import module_address
from jifen.office.web.public.self_assessment import Work, keep_known_choices, work_out
from jifen.office.web.public.shared import only_shared, shared_with_any
from jifen.office.web.public.steps.check import check_context
from jifen.office.web.public.steps.implied import fill_implied, take_out_implied
from jifen.office.web.public.steps.moves import move
from jifen.office.web.public.steps.order import members_of, steps_left
from jifen.office.web.public.steps.other_city import OtherCity
from jifen.office.web.public.steps.outcome import outcome_context
from jifen.office.web.public.steps.position import (
    CHECK,
    GROUP,
    PURPOSE,
    RESULT,
    SPELLS,
    Walk,
    walk_of,
)
from jifen.office.web.public.steps.show import fields, step_context
from jifen.office.web.public.views.days import example_answers, no_rule
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_BROUGHT = Text("已带来您在%s的回答：%s。", "Brought from your answers for %s: %s.")
_EXAMPLE = Text(
    "这是一个填好的例子，可以随意修改；不会保存。",
    "This is a filled example: change what you like. It is not kept.",
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@ASSESSMENT.spends
def steps(request: HttpRequest, city: str) -> HttpResponse:
    """The next question, the check of the answers, or the result."""
    found = city_or_404(city)
    sent = request.POST if request.method == "POST" else request.GET
    on = day_or(sent.get("on"), day_or(sent.get("as_of"), today()))
    policy = readable(found.version_on(on))
    if policy is None:
        return no_rule(request, found, on)
    if request.method == "POST":
        return _posted(request, found, policy, on)
    example = request.GET.get("example", "")
    answers = example_answers(policy, example) if example else Answers()
    walk = Walk(at=CHECK if answers.values else "", example=bool(answers.values))
    work = _work(policy, on, answers, walk=walk)
    notice = _EXAMPLE(preferences(request).lang) if walk.example else ""
    return show(request, found, work, walk, notice=notice)


def _posted(request: HttpRequest, city: City, policy: Policy, on: date) -> HttpResponse:
    answers, notice = _answers(request, city, policy)
    walk = walk_of(request.POST, policy.vocabulary)
    again = partial(_work, policy, on, walk=walk)
    work = again(answers)
    if not _exists(work, walk.at):
        walk.at = ""
    work, fault = move(work, walk, request.POST, again)
    if not _exists(work, walk.at):  # a forged button
        walk.at = ""
    return show(request, city, work, walk, fault=fault, notice=notice)


def _work(policy: Policy, on: date, answers: Answers, *, walk: Walk) -> Work:
    take_out_implied(answers, walk.implied)
    answers.readings = keep_known_choices(policy, answers.readings)
    walk.implied = fill_implied(answers, policy.rules_on(on, answers.readings))
    return work_out(policy, on, answers, presets=False)


def _answers(request: HttpRequest, city: City, policy: Policy) -> tuple[Answers, str]:
    """The posted answers; of those for another city what holds here, and words that say so."""
    answers = from_post(policy.vocabulary, request.POST)
    other = index().get(request.POST.get("city", ""))
    if other is None or other.id == city.id:
        return answers, ""
    lang, vocabulary = preferences(request).lang, policy.vocabulary
    answers = only_shared(answers, city, other)
    labels = [vocabulary[ident].label(lang) for ident in answers.values]
    joint = ", " if lang == "en" else "、"
    words = _BROUGHT(lang) % (other.label(lang), joint.join(labels)) if labels else ""
    return answers, words


def _exists(work: Work, step: str) -> bool:
    """Whether the rules of the day have this step."""
    if step.startswith(GROUP):
        return bool(members_of(work, step.removeprefix(GROUP)))
    if step == PURPOSE and work.policy.purposes:
        return True
    return step in (CHECK, RESULT, SPELLS) or step in list_asked_facts(work.rules)


def show(
    request: HttpRequest,
    city: City,
    work: Work,
    walk: Walk,
    *,
    fault: Text | None = None,
    notice: str = "",
    file_error: str = "",
    elsewhere: OtherCity | None = None,
) -> HttpResponse:
    """The screen of a place in the questions."""
    lang = preferences(request).lang
    if not walk.at:
        left = steps_left(work, walk)
        walk.at = left[0].id if left else CHECK
    address = reverse("assess", args=[city.id])
    elder = preferences(request).view == "elder"
    context: dict[str, Any] = {
        "city": city,
        "action": address,
        "today": today(),
        "shared": shared_with_any(city.id),
        "notice": notice,
        "file_error": file_error,
        "elsewhere": elsewhere,
        "fresh": request.method != "POST",
        "share": module_address("device/share.js"),
        "device": device_addresses(city, work.policy, work.rules, work.on, lang, elder=elder),
    }
    if walk.at == RESULT:
        template, context = "public/outcome.html", context | outcome_context(work, walk, lang, city)
    elif walk.at == CHECK:
        template, context = "public/check.html", context | check_context(work, walk, lang)
    else:
        template, context = "public/step.html", context | step_context(work, walk, lang, fault)
    context["fields"] = fields(work, walk)
    return page(request, template, context, keeps_form=True, here=city.id, path=address)
