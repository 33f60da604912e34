"""The self-assessment of a city: the page, its updates, the visitor's own file.

Nothing is stored and nobody is signed in, so a forged form could do no harm: these views take
forms without a token, and the pages stay the same for everybody.
"""

from datetime import date
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from jifen.cities import City
from jifen.office.web.budget import ASSESSMENT
from jifen.office.web.page import page, template_of
from jifen.office.web.preferences import preferences
from jifen.office.web.public import files
from jifen.office.web.public.answer_edits import act
from jifen.office.web.public.answers import Answers, from_facts, from_post
from jifen.office.web.public.catalogue import city_or_404, day_or, readable, today
from jifen.office.web.public.form import form_context, update_context
from jifen.office.web.public.self_assessment import work_out
from jifen.office.web.public.shared import shared_with_any
from jifen.office.web.public.steps.other_city import OtherCity, other_city
from jifen.office.web.public.steps.position import CHECK, Walk, walk_of
from jifen.office.web.public.views.days import example_answers, no_rule, no_rule_words
from jifen.office.web.public.views.steps import show
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_BAD_DAY = Text(
    "测算日期应为日历上存在的日期，如 2025-06-01。仍按原来的日期计算。",
    "The day must be an existing date such as 2025-06-01. The former day is kept.",
)
_LOADED = Text(
    "已导入文件中的资料，替换了页面上的答案。",
    "The facts of the file have been read; they replace the answers of the page.",
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@ASSESSMENT.spends
def self_assessment(request: HttpRequest, city: str) -> HttpResponse:
    """The form with its result, for the version in force on the chosen day."""
    found = city_or_404(city)
    sent = request.POST if request.method == "POST" else request.GET
    before = day_or(sent.get("as_of"), today())
    wanted = sent.get("on", "")
    on = day_or(wanted, before)
    policy = readable(found.version_on(on))
    lang = preferences(request).lang
    on_error = ""
    if (
        policy is None
        and request.method == "POST"
        and (former := readable(found.version_on(before)))
    ):
        # What was typed stays, under the measure of the day before the change.
        on_error, on, policy = no_rule_words(found, on, before)(lang), before, former
    elif wanted and day_or(wanted, date.min) == date.min:
        on_error = _BAD_DAY(lang)
    if policy is None:
        return no_rule(request, found, on)
    if request.method == "POST":
        answers = from_post(policy.vocabulary, request.POST)
        act(answers, request.POST.get("act", ""), policy.rules_on(on), on)
    else:
        answers = example_answers(policy, request.GET.get("example", ""))
    bad_day = (wanted, on_error) if on_error else None
    return _form(request, found, policy, on, answers, bad_day=bad_day)


@csrf_exempt
@require_POST
@ASSESSMENT.spends
def update(request: HttpRequest, city: str) -> HttpResponse:
    """The result anew, and those questions and faults that changed; nothing else moves."""
    found = city_or_404(city)
    on = day_or(request.POST.get("as_of"), today())
    policy = readable(found.version_on(on))
    if policy is None:
        return HttpResponse(status=204)
    work = work_out(policy, on, from_post(policy.vocabulary, request.POST))
    lang = preferences(request).lang
    context = update_context(work, lang, _address(found.id))
    return HttpResponse(template_of(lang, "public/update.html").render(context))


@csrf_exempt
@require_POST
@ASSESSMENT.spends
def save(request: HttpRequest, city: str) -> HttpResponse:
    """The facts as a file for the visitor."""
    found = city_or_404(city)
    on = day_or(request.POST.get("as_of"), today())
    policy = readable(found.version_on(on))
    if policy is None:
        return no_rule(request, found, on)
    lang = preferences(request).lang
    answers = from_post(policy.vocabulary, request.POST)
    rules = policy.rules_on(on)
    given = answers.given(policy.vocabulary, half_rows=True, rules=rules, on=on)
    head = files.head(found.label(lang), policy.version, on, _other_readings(policy, answers), lang)
    text = files.write(given, policy.vocabulary, head)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = f"jifen-{found.id}-{on}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@ASSESSMENT.spends
def load(request: HttpRequest, city: str) -> HttpResponse:
    """The form filled from the visitor's file; what is wrong in it is named."""
    found = city_or_404(city)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("assess", args=[found.id]))
    lang, passes = preferences(request).lang, files.take_in(request)
    sent = request.POST if passes else QueryDict()
    on = day_or(sent.get("as_of") or request.GET.get("as_of"), today())
    policy = readable(found.version_on(on))
    if policy is None:
        return no_rule(request, found, on)
    try:
        if not passes:
            raise files.too_large()
        loaded = files.read_request(request)
        files.refuse_other_city(loaded, policy.vocabulary)
    except files.UnreadableFile as error:
        answers = from_post(policy.vocabulary, sent)
        return _refused(request, found, policy, on, answers, error)
    notice = _LOADED(lang)
    day = day_or(loaded.as_of, on)
    if day != on and (then := readable(found.version_on(day))):
        on, policy = day, then
        notice += Text(f"测算日期按文件改为 {on}。", f" The day is that of the file: {on}.")(lang)
    answers = from_facts(policy.vocabulary, loaded.facts)
    answers.readings = loaded.readings
    if "walk.at" in sent:
        work = work_out(policy, on, answers, presets=False)
        return show(request, found, work, Walk(at=CHECK), notice=notice)
    return _form(request, found, policy, on, answers, notice=notice)


def _refused(
    request: HttpRequest,
    city: City,
    policy: Policy,
    on: date,
    answers: Answers,
    error: files.UnreadableFile,
) -> HttpResponse:
    """The page as it was, with the fault of the file; one for another city leads there."""
    words = error.words(preferences(request).lang)
    elsewhere = other_city(error, on)
    if "walk.at" in request.POST:
        work = work_out(policy, on, answers, presets=False)
        walk = walk_of(request.POST, policy.vocabulary)
        return show(request, city, work, walk, file_error=words, elsewhere=elsewhere)
    return _form(request, city, policy, on, answers, file_error=words, elsewhere=elsewhere)


@cache
def _address(city: str) -> str:
    return reverse("whole", args=[city])


def _form(
    request: HttpRequest,
    city: City,
    policy: Policy,
    on: date,
    answers: Answers,
    *,
    bad_day: tuple[str, str] | None = None,
    notice: str = "",
    file_error: str = "",
    elsewhere: OtherCity | None = None,
) -> HttpResponse:
    lang = preferences(request).lang
    action = _address(city.id)
    context = form_context(work_out(policy, on, answers), lang, action) | {
        "city": city,
        "on_typed": bad_day[0] if bad_day else on.isoformat(),
        "on_error": bad_day[1] if bad_day else "",
        "notice": notice,
        "file_error": file_error,
        "elsewhere": elsewhere,
        "today": today(),
        "shared": shared_with_any(city.id),
        "fresh": request.method != "POST",
        "example": request.method != "POST" and bool(answers.values),
    }
    return page(request, "public/assess.html", context, keeps_form=True, here=city.id, path=action)


def _other_readings(policy: Policy, answers: Answers) -> dict[str, str]:
    """The purpose and the readings, where others are chosen than the policy's own."""
    chosen, defaults = answers.readings, policy.default_choices
    return {
        ident: chosen[ident]
        for ident, options in policy.choices.items()
        if chosen.get(ident) in options and chosen[ident] != defaults[ident]
    }
