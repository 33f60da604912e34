"""The draft: the questions of the self-assessment, kept as they are typed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jifen.facts.spelling import normalize_day
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import drafts
from jifen.office.casework.case_policy import policy_of
from jifen.office.casework.models import Item
from jifen.office.casework.official_facts import (
    leave_out_official_facts,
    list_official_facts,
)
from jifen.office.web.cases.filled_marks import filled_marks
from jifen.office.web.cases.store import answers_of, fields_of, unread_births
from jifen.office.web.data_access import log_case
from jifen.office.web.numbers import whole_number
from jifen.office.web.page import template_of
from jifen.office.web.public.answer_edits import act
from jifen.office.web.public.answers import Answers, from_post
from jifen.office.web.public.form import form_context, update_context
from jifen.office.web.public.questions import Part
from jifen.office.web.public.self_assessment import work_out
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form; a button of it (another row, none of these) is saved and shown anew."""
    case = access_case(user_of(request), key, "edit")
    log_case(request, case.application, "draft")
    policy = policy_of(case.application)
    if request.method == "POST":
        answers = from_post(policy.vocabulary, request.POST)
        on = case.application.on
        rules = policy.rules_on(on)
        act(answers, request.POST.get("act", ""), rules, on)
        drafts.save_draft(case, _list_own_fields(case, answers), _seen(request))
        if request.POST.get("act") == "done":
            return go(reverse("case", args=[key]))
        case = access_case(user_of(request), key, "edit")
    return _page(request, case)


@signed_in
@require_POST
def save(request: HttpRequest, key: UUID) -> HttpResponse:
    """Autosave: what changed is kept, the result shown anew, conflicts told."""
    case = access_case(user_of(request), key, "edit")
    policy = policy_of(case.application)
    posted = from_post(policy.vocabulary, request.POST)
    saved = drafts.save_draft(case, _list_own_fields(case, posted), _seen(request))
    answers = _merged(case, posted)
    work = work_out(policy, case.application.on, answers)
    lang = lang_of(request)
    context = update_context(work, lang, reverse("draft", args=[key])) | {
        "revision": saved.revision,
        "saved_at": timezone.localtime(saved.at).strftime("%H:%M:%S"),
        "conflicts": _told(case, saved.conflicts),
    }
    return HttpResponse(template_of(lang, "cases/saved.html").render(context))


def _list_own_fields(case: CaseAccess, answers: Answers) -> dict[str, drafts.FieldInput]:
    """The fields of the form; "none of these" of a section says nothing about what the form leaves
    to an official record."""
    application = case.application
    fields = fields_of(answers, policy_of(application).rules_on(application.on), application.on)
    return leave_out_official_facts(application, fields)


def _merged(case: CaseAccess, posted: Answers) -> Answers:
    """What is stored now, read as the page that asked shows it."""
    stored = answers_of(Item.objects.filter(application=case.application), _vocabulary(case))
    stored.shown, stored.erring, stored.typing = posted.shown, posted.erring, posted.typing
    if posted.by_spells:
        stored.by_spells, stored.spells = posted.by_spells, posted.spells
    return stored


def _vocabulary(case: CaseAccess) -> Any:
    return policy_of(case.application).vocabulary


def _told(case: CaseAccess, conflicts: tuple[drafts.EditConflict, ...]) -> list[dict[str, Any]]:
    vocabulary = _vocabulary(case)
    return [
        {
            "label": vocabulary[c.fact].label if c.fact in vocabulary else Text(c.fact, c.fact),
            "by": c.by,
            "at": timezone.localtime(c.at).strftime("%H:%M") if c.at else "",
        }
        for c in conflicts
    ]


def _seen(request: HttpRequest) -> int:
    return whole_number(request.POST.get("seen", "")) or 0


def _page(request: HttpRequest, case: CaseAccess) -> HttpResponse:
    application, lang = case.application, lang_of(request)
    policy = policy_of(application)
    answers = answers_of(application.items.all(), policy.vocabulary)
    work = work_out(policy, application.on, answers)
    context = form_context(work, lang, reverse("draft", args=[application.key]))
    context["parts"] = _only_open(case, context["parts"])
    own = {
        "case": case,
        "a": application,
        "policy": policy,
        "rules": work.rules,
        "official": [policy.vocabulary[fact].label for fact in _list_official(case)],
        "save_url": reverse("draft_save", args=[application.key]),
        "correction": application.corrections.filter(state="open").first(),
        "filled": filled_marks(application, lang),
    }
    return work_page(request, "cases/draft.html", context | own)


def _list_official(case: CaseAccess) -> list[str]:
    """The facts that the form leaves to an official record, in the order of the measure."""
    official = list_official_facts(case.application)
    return [fact for fact in policy_of(case.application).vocabulary.ids if fact in official]


def _only_open(case: CaseAccess, parts: list[Part]) -> list[Part]:
    """In a correction only the questions that were pointed at, and never one whose answer is for
    an official record to give."""
    open_facts = drafts.list_editable_facts(case.application)
    official = list_official_facts(case.application)
    if open_facts is None and not official:
        return parts
    shown = []
    for part in parts:
        kept = tuple(q for q in part.questions if _is_asked(q.id, open_facts, official))
        spells = part.takes_spells and _is_asked("contributions", open_facts, official)
        if kept or spells:
            offers_none = part.offers_none and open_facts is None
            shown.append(Part(part.id, part.label, kept, spells, offers_none))
    return shown


def _is_asked(fact: str, open_facts: frozenset[str] | None, official: frozenset[str]) -> bool:
    return fact not in official and (open_facts is None or fact in open_facts)


@signed_in
@require_POST
def consent(request: HttpRequest, key: UUID) -> HttpResponse:
    """The person agrees."""
    drafts.give_consent(access_case(user_of(request), key, "consent"))
    say(request, Text("已确认同意。", "Your agreement is recorded."))
    return go(reverse("case", args=[key]))


@signed_in
@require_POST
def family(request: HttpRequest, key: UUID) -> HttpResponse:
    """The members of the family that live along."""
    names, relations = request.POST.getlist("name"), request.POST.getlist("relation")
    births = request.POST.getlist("born")
    rows = [
        {"name": n.strip()[:60], "relation": r[:20], "born": normalize_day(b)[:20]}
        for n, r, b in zip(names, relations, births, strict=False)
        if n.strip()
    ]
    drafts.set_family(access_case(user_of(request), key, "edit"), rows)
    if unread_births(rows):
        say(request, _UNREAD, bad=True)
        return go(f"{reverse('case', args=[key])}#family")
    say(request, Text("家庭成员已保存。", "The family was saved."))
    return go(reverse("case", args=[key]))


_UNREAD = Text(
    "家庭成员已保存，但有出生日期无法识别，请改正：无法识别的，系统不能提醒子女入学。",
    "The family was saved, but a date of birth cannot be read: put it right, or nobody is reminded "
    "of school.",
)
