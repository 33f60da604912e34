"""Scoring oneself under a draft while it is open for comment: a page of its own, marked as a draft
throughout. Nothing is stored, and nobody is signed in."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jifen.office.consultation import days
from jifen.office.consultation.access import public_consultation
from jifen.office.consultation.places import name_draft, published_policy
from jifen.office.consultation.rules import is_running
from jifen.office.web.budget import ASSESSMENT
from jifen.office.web.consultation.published import city_label, public_page
from jifen.office.web.errors import sentence_page
from jifen.office.web.page import page
from jifen.office.web.public.answer_edits import act
from jifen.office.web.public.answers import Answers, from_post
from jifen.office.web.public.form import form_context
from jifen.office.web.public.self_assessment import work_out
from jifen.office.web.signed import lang_of
from jifen.policy.text import Text

_OVER = Text("征求意见已结束", "The consultation has ended")
_OVER_WORDS = Text(
    "只有在征求意见期间才能按草案测算。请按现行办法自测。",
    "A draft can be tried only while it is open for comment. Score yourself by the measure in "
    "force.",
)


@csrf_exempt  # it stores nothing, and nobody is signed in
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
@ASSESSMENT.spends
def score(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form of the self-assessment under the draft's rules, with its result."""
    row = public_consultation(key)
    if not is_running(row, days.today()):
        return sentence_page(request, HTTPStatus.GONE, _OVER, _OVER_WORDS)
    policy, on, lang = published_policy(row), row.draft.on, lang_of(request)
    answers = Answers()
    if request.method == "POST":
        answers = from_post(policy.vocabulary, request.POST)
        act(answers, request.POST.get("act", ""), policy.rules_on(on), on)
    address = reverse("consultation_score", args=[row.key])
    work = work_out(policy, on, answers)
    context = form_context(work, lang, address) | {
        "row": row,
        "measure": name_draft(work.rules)(lang),
        "city": city_label(row, lang),
        "address": address,
    }
    return page(request, "consultation/score.html", context, keeps_form=True, path=address)
