"""The pages of the longer questions: what indicators weigh, proposals, what decides who reaches."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.office.web.numbers import whole_number
from jifen.office.web.page import template_of
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.brief_form import (
    GROUP_ROWS,
    PREFERENCES,
    ROWS,
    list_figures,
    list_group_names,
    list_groupings,
    write_brief,
)
from jifen.office.web.studio.commands import build_study_command
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.effect import LABELS, PENDING, chosen_population, populations_for
from jifen.office.web.studio.study_figures import show_study
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.actions import drafts, effects
from jifen.office.workshop.actions.studies import USUAL_SECONDS, request_study
from jifen.office.workshop.faults import (
    NoSuchDraft,
    StudioFault,
    cannot_be_studied,
    no_such_proposal,
)
from jifen.office.workshop.models import Label, Population, Revision, RunState, Study, StudyKind
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.text import Text

TITLES = {
    StudyKind.WEIGHTS: Text("指标分量与临界人群", "What indicators weigh, and who is close"),
    StudyKind.PROPOSALS: Text("寻找方案", "Proposals"),
    StudyKind.SENSITIVITY: Text("敏感性", "What decides who reaches"),
}


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """What is looked for: a form, or the file of a brief; and the questions asked before."""
    hand = access_draft(user_of(request), key, "simulate" if request.method == "POST" else "see")
    revision = revision_of(hand.draft, number)
    if request.method != "POST":
        return _form_page(request, hand, revision)
    population = _population(request, hand)
    kind = _KINDS.get(request.POST.get("act", ""), StudyKind.PROPOSALS)
    measure = measure_at(hand.draft, revision)
    if measure.policy is None:
        return _form_page(request, hand, revision, cannot_be_studied(number))
    if population is None:
        return go(reverse("studio_propose", args=[key, number]))
    brief = write_brief(request.POST, measure, measure.policy, hand.draft.title)
    seconds = whole_number(request.POST.get("seconds", "")) or USUAL_SECONDS
    try:
        study = request_study(hand, revision, population, kind, brief, seconds)
    except StudioFault as fault:
        return _form_page(request, hand, revision, fault)
    return go(reverse("studio_study", args=[study.key]))


_KINDS = {"sensitivity": StudyKind.SENSITIVITY}


def _population(request: HttpRequest, hand: DraftInHand) -> Population | None:
    return chosen_population(populations_for(hand.draft), request.POST.get("population", ""))


def _form_page(
    request: HttpRequest, hand: DraftInHand, revision: Revision, fault: StudioFault | None = None
) -> HttpResponse:
    lang = lang_of(request)
    measure = measure_at(hand.draft, revision)
    known = populations_for(hand.draft)
    studies = Study.objects.filter(draft=hand.draft).exclude(kind=StudyKind.WEIGHTS)
    context: dict[str, Any] = {
        "draft": hand.draft,
        "revision": revision,
        "figures": list_figures(measure, lang) if measure.can_be_scored else [],
        "groupings": list_groupings(measure.base.vocabulary, lang),
        "group_names": list_group_names(measure.base.vocabulary, lang),
        "preferences": [(name, words(lang)) for name, words in PREFERENCES.items()],
        "populations": known,
        "pickable": [(str(one.key), one.name) for one in reversed(known) if one.state == "ready"],
        "may_ask": "simulate" in hand.acts,
        "typed": request.POST,
        "rows": ROWS,
        "group_rows": GROUP_ROWS,
        "fault": fault,
        "seconds": USUAL_SECONDS,
        "studies": [
            (study, TITLES[StudyKind(study.kind)](lang))
            for study in studies.select_related("revision", "population").order_by("-id")[:20]
        ],
        "lang": lang,
    }
    return work_page(request, "studio/propose.html", context, status=422 if fault else 200)


@signed_in
@studio_page
@require_POST
def weigh(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Have the weights of a revision worked out."""
    hand = access_draft(user_of(request), key, "simulate")
    population = _population(request, hand)
    if population is None:
        return go(reverse("studio_draft", args=[key]))
    revision = revision_of(hand.draft, number)
    study = request_study(hand, revision, population, StudyKind.WEIGHTS)
    return go(reverse("studio_study", args=[study.key]))


@signed_in
@studio_page
@require_safe
def study(request: HttpRequest, key: UUID) -> HttpResponse:
    """One question and its answer; with `part`, the answer alone for a page that waits."""
    row = _study(key)
    hand, lang = access_draft(user_of(request), row.draft.key), lang_of(request)
    fault = row.fault.partition("\n")
    context = {
        "study": row,
        "draft": row.draft,
        "title": TITLES[StudyKind(row.kind)](lang),
        "label": LABELS[Label(row.population.label)](lang),
        "is_pending": row.state in PENDING,
        "fault": fault[0] if lang == "zh" else fault[2] or fault[0],
        "is_old": row.revision.number != hand.draft.head,
        "shown": show_study(row, lang) if row.state == RunState.DONE else None,
        "may_edit": "edit" in hand.acts,
        "may_ask": "simulate" in hand.acts,
        "command": build_study_command(row),
        "lang": lang,
        "token": get_token(request),
    }
    if "part" in request.GET:
        return HttpResponse(template_of(lang, "studio/study_answer.html").render(context))
    return work_page(request, "studio/study.html", context)


@signed_in
@studio_page
@require_POST
def take(request: HttpRequest, key: UUID) -> HttpResponse:
    """A proposal becomes the newest revision of its draft."""
    row = _study(key)
    hand = access_draft(user_of(request), row.draft.key, "edit")
    proposal = whole_number(request.POST.get("proposal", "")) or 0
    changes = show_study(row, "zh").changes if row.state == RunState.DONE else []
    if not 0 < proposal <= len(changes):
        raise no_such_proposal()
    saved = drafts.save_cells(hand, changes[proposal - 1], hand.draft.head)
    drafts.refuse_lost(saved)
    effects.request_run(hand, saved.revision, row.population)
    number = saved.revision.number
    say(
        request,
        Text(
            f"方案 {proposal} 已成为第 {number} 稿。",
            f"Proposal {proposal} is revision {number} now.",
        ),
    )
    return go(reverse("studio_draft", args=[row.draft.key]))


def _study(key: UUID) -> Study:
    rows = Study.objects.select_related("draft", "revision__author", "population")
    row = rows.filter(key=key).first()
    if row is None:
        raise NoSuchDraft
    return row
