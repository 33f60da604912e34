"""The self-assessment of a city: the page, its updates, the visitor's own file.

Nothing is stored and nobody is signed in, so a forged form could do no harm: these views take
forms without a token, and the pages stay the same for everybody.
"""

from datetime import date
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from jifen.cities import City
from jifen.cities.cases import cases
from jifen.office.web.page import page, template_of
from jifen.office.web.preferences import preferences
from jifen.office.web.public import files, typed
from jifen.office.web.public.acts import act
from jifen.office.web.public.answers import Answers, from_facts, from_post
from jifen.office.web.public.catalogue import city_or_404, day_or, readable, today
from jifen.office.web.public.form import form_context, update_context
from jifen.office.web.public.work import work_out
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_BAD_DAY = Text(
    "评估日应为日历上存在的日期，如 2025-06-01。仍按原来的日期计算。",
    "The day must be an existing date such as 2025-06-01. The former day is kept.",
)
_LOADED = Text("已读入文件中的资料。", "The facts of the file have been read.")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def self_assessment(request: HttpRequest, city: str) -> HttpResponse:
    """The form with its result, for the version in force on the chosen day."""
    found = city_or_404(city)
    sent = request.POST if request.method == "POST" else request.GET
    before = day_or(sent.get("as_of"), today())
    wanted = sent.get("on", "")
    on = day_or(typed.day(wanted), before)
    policy = readable(found.on(on))
    if policy is None:
        return _no_rule(request, found, on)
    if request.method == "POST":
        answers = from_post(policy.vocabulary, request.POST)
        act(answers, request.POST.get("act", ""), policy.at(on))
    else:
        answers = _example(policy, request.GET.get("example", ""))
    on_error = wanted if wanted and day_or(typed.day(wanted), date.min) == date.min else ""
    return _form(request, found, policy, on, answers, bad_day=on_error)


@csrf_exempt
@require_POST
def update(request: HttpRequest, city: str) -> HttpResponse:
    """The result anew, and those questions and faults that changed; nothing else moves."""
    found = city_or_404(city)
    on = day_or(request.POST.get("as_of"), today())
    policy = readable(found.on(on))
    if policy is None:
        return HttpResponse(status=204)
    work = work_out(policy, on, from_post(policy.vocabulary, request.POST))
    lang = preferences(request).lang
    context = update_context(work, lang, _address(found.id))
    return HttpResponse(template_of(lang, "public/update.html").render(context))


@csrf_exempt
@require_POST
def save(request: HttpRequest, city: str) -> HttpResponse:
    """The facts as a file for the visitor."""
    found = city_or_404(city)
    on = day_or(request.POST.get("as_of"), today())
    policy = readable(found.on(on))
    if policy is None:
        return _no_rule(request, found, on)
    lang = preferences(request).lang
    given = from_post(policy.vocabulary, request.POST).given(policy.vocabulary, half_rows=True)
    head = files.head(found.label(lang), policy.version, on, lang)
    text = files.write(given, policy.vocabulary, head)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = f"jifen-{found.id}-{on}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest, city: str) -> HttpResponse:
    """The form filled from the visitor's file; what is wrong in it is named."""
    found = city_or_404(city)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("assess", args=[found.id]))
    on = day_or(request.GET.get("as_of"), today())
    policy = readable(found.on(on))
    if policy is None:
        return _no_rule(request, found, on)
    lang = preferences(request).lang
    try:
        facts = files.read_request(request)
    except files.UnreadableFile as error:
        return _form(request, found, policy, on, Answers(), notice=error.words(lang))
    answers = from_facts(policy.vocabulary, facts)
    return _form(request, found, policy, on, answers, notice=_LOADED(lang))


@cache
def _address(city: str) -> str:
    return reverse("assess", args=[city])


def _example(policy: Policy, ident: str) -> Answers:
    """The answers of a worked case of the policy; none where it has no such case."""
    for case in cases(policy.city, policy.version):
        if case.id == ident:
            return from_facts(policy.vocabulary, case.facts)
    return Answers()


def _form(
    request: HttpRequest,
    city: City,
    policy: Policy,
    on: date,
    answers: Answers,
    *,
    bad_day: str = "",
    notice: str = "",
) -> HttpResponse:
    lang = preferences(request).lang
    action = _address(city.id)
    context = form_context(work_out(policy, on, answers), lang, action) | {
        "city": city,
        "on_typed": bad_day or on.isoformat(),
        "on_error": _BAD_DAY(lang) if bad_day else "",
        "notice": notice,
    }
    return page(request, "public/assess.html", context, keeps_form=True, here=city.id, path=action)


def _no_rule(request: HttpRequest, city: City, on: date) -> HttpResponse:
    later = [version for version in city.versions if version.since > on]
    context = {"city": city, "on": on, "next": later[0] if later else None}
    return page(request, "public/no_rule.html", context, here=city.id)
