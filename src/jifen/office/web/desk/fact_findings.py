"""Facts are confirmed, corrected, rejected; corrections are asked for."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import corrections, decisions, review
from jifen.office.casework.actions.confirmation import confirm_fact, confirm_facts
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.case_policy import policy_of
from jifen.office.casework.evidence import find_register_value
from jifen.office.casework.models import Finding
from jifen.office.web.desk.door import back, onward, staff_case, version_of
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.numbers import whole_number
from jifen.office.web.public.answers import from_post
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
@keeps_typed
def record_fact_finding(request: HttpRequest, key: UUID, fact: str) -> HttpResponse:
    """Confirm, correct or reject one fact."""
    case = staff_case(request, key, "find")
    post = request.POST
    value = _read_correction(request, case, fact)
    finding = review.FactFinding(
        fact,
        Finding.CORRECTED if "use" in post else post.get("finding", ""),
        value,
        post.get("reason", ""),
        post.get("words", ""),
        [n for text in post.getlist("documents") if (n := whole_number(text)) is not None],
    )
    store_finding = confirm_fact if finding.finding == Finding.CONFIRMED else review.record_finding
    store_finding(case, finding, version=version_of(request))
    return back(key, "open-facts")


def _read_correction(request: HttpRequest, case: CaseAccess, fact: str) -> list[Any]:
    """What a fact is instead: what a register says of it (`use`), or what was typed. Half-filled
    spells are read too, so that they are refused and not left out."""
    if source := request.POST.get("use", ""):
        return find_register_value(case.application, fact, source)
    vocabulary = policy_of(case.application).vocabulary
    given = from_post(vocabulary, request.POST).given(vocabulary, half_rows=True)
    return [given[fact]] if fact in given else []


@signed_in
@require_POST
@keeps_typed
def confirm_agreeing_facts(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm the facts whose evidence is enough and those that were looked at; where nothing is
    left, propose the decision, and go on to the next case."""
    case = staff_case(request, key, "find")
    post = request.POST
    confirm_facts(case, post.getlist("fact"), post.getlist("looked"), version=version_of(request))
    case = staff_case(request, key)
    if post.get("then") == "propose" and "propose" in case.acts:
        decisions.propose_decision(case)
        say(request, Text("已确认并提出决定。", "Confirmed, and the decision is proposed."))
    return onward(request, case)


@signed_in
@require_POST
@keeps_typed
def request_correction(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a correction of the ticked items."""
    case = staff_case(request, key, "ask_correction")
    items = [_read_requested_item(request, name) for name in request.POST.getlist("item")]
    corrections.ask_correction(
        case, items, request.POST.get("words", ""), version=version_of(request)
    )
    say(request, Text("已通知申请人补正，办理时限暂停。", "Asked; the clock has stopped."))
    return back(key)


def _read_requested_item(request: HttpRequest, name: str) -> RequestedItem:
    kind, _, key = name.partition(":")
    post = request.POST
    return RequestedItem(kind, key, post.get(f"reason.{name}", ""), post.get(f"words.{name}", ""))
