"""Decisions of a case: proposed and signed, its lane, a lapse taken back, a recheck."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.casework.actions import (
    corrections,
    decisions,
    expedited_lane,
    post_decision,
)
from jifen.office.casework.case_policy import policy_of
from jifen.office.web.desk.door import back, onward, staff_case, version_of
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.public.answers import from_post
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
@keeps_typed
def decide_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Propose, sign or send back."""
    act, words = request.POST.get("act", ""), request.POST.get("words", "")
    staff_case(request, key)
    if act == "propose":
        case = staff_case(request, key, "propose")
        decisions.propose_decision(case, words, version=version_of(request))
        say(request, Text("已提出决定，等待另一人签发。", "Proposed; another person signs."))
    elif act == "sign":
        case = staff_case(request, key, "countersign")
        decisions.countersign_decision(case, version=version_of(request))
        say(request, Text("决定已签发。", "The decision is signed."))
    elif act == "back":
        case = staff_case(request, key, "send_back")
        decisions.send_back(case, words, tuple(request.POST.getlist("fact")))
        say(request, Text("已退回经办人。", "Sent back to the clerk."))
    return onward(request, staff_case(request, key))


@signed_in
@require_POST
@keeps_typed
def decide_lane(request: HttpRequest, key: UUID) -> HttpResponse:
    """A supervisor decides on the expedited lane."""
    case = staff_case(request, key, "decide_expedite")
    row = case.application.expedites.filter(approved__isnull=True).first()
    if row:
        approve = request.POST.get("act") == "approve"
        expedited_lane.decide_expedite(
            case, row, approve=approve, words=request.POST.get("words", "")
        )
    return back(key)


@signed_in
@require_POST
@keeps_typed
def reverse_case_lapse(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a lapsed case up again."""
    case = staff_case(request, key, "reverse_lapse")
    corrections.reverse_lapse(case, request.POST.get("words", ""))
    return back(key)


@signed_in
@require_POST
@keeps_typed
def decide_recheck(request: HttpRequest, key: UUID) -> HttpResponse:
    """Decide a recheck: uphold, or correct one fact."""
    case = staff_case(request, key, "decide_recheck")
    vocabulary = policy_of(case.application).vocabulary
    fact = request.POST.get("fact", "")
    given = from_post(vocabulary, request.POST).given(vocabulary)
    changed = {fact: given[fact]} if fact and fact in given else None
    post_decision.decide_recheck(case, request.POST.get("words", ""), changed)
    say(request, Text("复核已完成。", "The recheck is decided."))
    return back(key)
