"""The pages of the office: proposing and opening a consultation, hearings, moderation, answers and
their signature."""

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jifen.office.accounts.signin.second_factor import (
    build_second_factor_url,
    has_fresh_second_factor,
)
from jifen.office.consultation import days
from jifen.office.consultation.access import ConsultationInHand, access_consultation
from jifen.office.consultation.actions import answers, hearings, moderation, publication, signing
from jifen.office.consultation.faults import refused
from jifen.office.consultation.places import published_policy
from jifen.office.consultation.queries import open_comments
from jifen.office.consultation.rules import PREPARING, is_over, is_running
from jifen.office.web.consultation.labels import VERDICTS, describe_state
from jifen.office.web.consultation.published import show_comments
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.forms import typed_day
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.models import RunState
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.text import Text

WORKING_DAYS = "20"
MOST_RUNS = 20


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, key: UUID) -> HttpResponse:
    """The consultations on a draft, and a form that proposes one."""
    hand = access_draft(user_of(request), key)
    typed = {"working_days": WORKING_DAYS, "explanation": "", "run": ""}
    if request.method != "POST":
        return _page(request, hand, typed)
    typed = {name: request.POST.get(name, "")[:4_000] for name in typed}
    try:
        publication.propose_consultation(hand, _read_proposal(hand, typed))
    except StudioFault as fault:
        return _page(request, hand, typed, fault)
    say(request, Text("已提请，等待另一位审批人发布。", "Proposed; another person has to open it."))
    return go(reverse("studio_consultation", args=[key]))


def _read_proposal(hand: DraftInHand, typed: dict[str, str]) -> publication.ProposedConsultation:
    run = hand.draft.runs.filter(
        pk=whole_number(typed["run"]) or 0, state=RunState.DONE, revision=revision_of(hand.draft)
    ).first()
    length = whole_number(typed["working_days"]) or 0
    return publication.ProposedConsultation(length, typed["explanation"], run)


def _page(
    request: HttpRequest,
    hand: DraftInHand,
    typed: dict[str, str],
    fault: StudioFault | None = None,
) -> HttpResponse:
    draft, user, lang = hand.draft, user_of(request), lang_of(request)
    revision = revision_of(draft)
    rows = [access_consultation(user, row.key) for row in draft.consultations.all()]
    runs = draft.runs.filter(revision=revision, state=RunState.DONE).select_related("population")
    today = days.today()
    context: dict[str, Any] = {
        "draft": draft,
        "revision": revision,
        "typed": typed,
        "fault": fault,
        "rows": [
            (one, describe_state(one.consultation, today), open_comments(one.consultation).count())
            for one in rows
        ],
        "today": today,
        "is_over": [one.consultation.pk for one in rows if is_over(one.consultation, today)],
        "may_propose": bool(hand.roles & set(PREPARING)) and "propose" in hand.acts,
        "is_unfinished": any(
            one.consultation.state in ("proposed", "open", "replying") for one in rows
        ),
        "can_be_scored": measure_at(draft, revision).can_be_scored,
        "runs": list(runs.order_by("-id")[:MOST_RUNS]),
        "is_fresh": has_fresh_second_factor(request),
        "show_factor": build_second_factor_url(
            user, reverse("studio_consultation", args=[draft.key])
        ),
        "lang": lang,
    }
    status = 422 if fault else 200
    return work_page(request, "consultation/office.html", context, status=status)


@signed_in
@studio_page
@require_POST
def consultation_act(request: HttpRequest, key: UUID) -> HttpResponse:
    """One act on a consultation: what the button says."""
    hand = access_consultation(user_of(request), key)
    verb = request.POST.get("act", "")
    if verb not in _ACTS:
        raise refused("JF-D001", "state")
    page_of_draft = reverse("studio_consultation", args=[hand.consultation.draft.key])
    if verb == "sign" and not has_fresh_second_factor(request):
        hand.refuse_unless("sign")
        say(request, _NOT_FRESH, bad=True)
        return go(build_second_factor_url(hand.user, page_of_draft))
    act, words = _ACTS[verb]
    act(hand, request)
    say(request, words)
    return go(page_of_draft)


_NOT_FRESH = Text(
    "签发答复前须再次验证：请输入验证码，然后重新操作。没有改动。",
    "Before the answers are signed your second factor is asked for again: show it, then repeat. "
    "Nothing was changed.",
)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:2_000]


def _hear(hand: ConsultationInHand, request: HttpRequest) -> None:
    try:
        at = time.fromisoformat(request.POST.get("at", "").strip())
        on = typed_day(request.POST.get("on", ""))
    except (ValueError, StudioFault) as error:
        raise refused("JF-D021", "date", "on") from error
    place, remarks = request.POST.get("place", "")[:200], request.POST.get("remarks", "")[:500]
    hearings.hold_hearing(hand, on, at, place, remarks)


def _minute(hand: ConsultationInHand, request: HttpRequest) -> None:
    number = whole_number(request.POST.get("hearing", "")) or 0
    hearings.write_minutes(hand, number, request.POST.get("minutes", "")[:20_000])


Act = Callable[[ConsultationInHand, HttpRequest], Any]
_ACTS: dict[str, tuple[Act, Text]] = {
    "open": (
        lambda hand, _: publication.open_consultation(hand),
        Text("已发布，开始征求意见。", "Opened for comment."),
    ),
    "refuse": (
        lambda hand, request: publication.refuse_consultation(hand, _reason(request)),
        Text("已作出不发布的决定。", "Refused."),
    ),
    "withdraw": (
        lambda hand, request: publication.withdraw_consultation(hand, _reason(request)),
        Text("已撤回。", "Withdrawn."),
    ),
    "hear": (_hear, Text("听证会已公布。", "The hearing is announced.")),
    "minute": (_minute, Text("听证会记录已公布。", "The minutes are published.")),
    "hand_in": (
        lambda hand, _: answers.hand_in_answers(hand),
        Text("答复已提交，等待另一位审批人签发。", "Handed in; another person has to sign."),
    ),
    "send_back": (
        lambda hand, request: answers.send_back_answers(hand, _reason(request)),
        Text("答复已退回。", "Sent back."),
    ),
    "sign": (
        lambda hand, _: signing.sign_answers(hand),
        Text("答复已签发并公布。", "The answers are signed and published."),
    ),
}


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every comment of a consultation, to be moderated and answered."""
    hand = access_consultation(user_of(request), key)
    typed = {"reason": "", "verdict": "", "revision": ""}
    fault, chosen = None, list[int]()
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:4_000] for name in typed}
        chosen = [n for text in request.POST.getlist("numbers") if (n := whole_number(text))]
        try:
            say(request, _moderate_or_answer(hand, request, chosen))
            return go(reverse("studio_comments", args=[key]))
        except StudioFault as error:
            fault = error
            hand = access_consultation(user_of(request), key)
    row, lang = hand.consultation, lang_of(request)
    context = {
        "hand": hand,
        "row": row,
        "state": describe_state(row, days.today()),
        "is_running": is_running(row, days.today()),
        "comments": show_comments(row, published_policy(row), lang, for_office=True),
        "waiting": row.comments.filter(state="waiting").count(),
        "grounds": moderation.GROUNDS,
        "verdicts": VERDICTS,
        "typed": typed,
        "chosen": chosen,
        "fault": fault,
        "head_number": row.draft.head,
    }
    status = 422 if fault else 200
    return work_page(request, "consultation/comments.html", context, status=status)


def _moderate_or_answer(hand: ConsultationInHand, request: HttpRequest, chosen: list[int]) -> Text:
    verb, _, text = request.POST.get("act", "").partition(":")
    number = whole_number(text) or 0
    words = request.POST.get(f"words-{number}", "")[:500]
    if verb == "hide":
        ground = request.POST.get(f"ground-{number}", "")
        moderation.hide_comment(hand, number, ground, words)
        return Text("已隐藏，理由已公开。", "Hidden; the ground is shown.")
    if verb == "restore":
        moderation.restore_comment(hand, number, words)
        return Text("已恢复显示。", "Shown again.")
    if verb == "release":
        moderation.release_attachment(hand, number)
        return Text("附件已公开。", "The attachment is shown.")
    if verb != "answer":
        raise refused("JF-D001", "state")
    reason, revision = request.POST.get("reason", ""), request.POST.get("revision", "").strip()
    wanted = (whole_number(revision) or 0) if revision else None
    verdict = request.POST.get("verdict", "")
    answers.answer_comments(hand, chosen, verdict, reason, wanted)
    return Text("答复已保存，签发后公开。", "Saved; published once it is signed.")
