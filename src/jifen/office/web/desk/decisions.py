"""Decisions, lanes, lapses, rechecks, findings of false material."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jifen.facts.spelling import try_read_day
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import (
    corrections,
    decisions,
    expedited_lane,
    hearings,
    post_decision,
)
from jifen.office.casework.case_policy import policy_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import FalseRecord
from jifen.office.web.data_access import log_look
from jifen.office.web.desk.door import back, onward, staff_case, version_of
from jifen.office.web.desk.hearing_letter import render_letter
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.numbers import whole_number
from jifen.office.web.public.answers import from_post
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
@keeps_typed
def decision(request: HttpRequest, key: UUID) -> HttpResponse:
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
def lane(request: HttpRequest, key: UUID) -> HttpResponse:
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
def reverse_lapse(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a lapsed case up again."""
    case = staff_case(request, key, "reverse_lapse")
    corrections.reverse_lapse(case, request.POST.get("words", ""))
    return back(key)


@signed_in
@require_POST
@keeps_typed
def recheck(request: HttpRequest, key: UUID) -> HttpResponse:
    """Decide a recheck: uphold, or correct one fact."""
    case = staff_case(request, key, "decide_recheck")
    vocabulary = policy_of(case.application).vocabulary
    fact = request.POST.get("fact", "")
    given = from_post(vocabulary, request.POST).given(vocabulary)
    changed = {fact: given[fact]} if fact and fact in given else None
    post_decision.decide_recheck(case, request.POST.get("words", ""), changed)
    say(request, Text("复核已完成。", "The recheck is decided."))
    return back(key)


@signed_in
@require_POST
@keeps_typed
def false_material(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record a finding of false material, the delivery of its letter or an answer given outside
    of an account, or decide it after the hearing."""
    post = request.POST
    act, words = post.get("act", ""), post.get("words", "")
    if act == "find":
        case = staff_case(request, key, "find_false")
        post_decision.report_false_material(case, post.get("fact", ""), words)
        return back(key)
    case = staff_case(request, key, _ACTS_OF_HEARING.get(act, "decide_false"))
    record = _find_record(case, post.get("record", ""))
    if act == "deliver":
        hearings.deliver_finding(case, record, _read_day(post.get("delivered_on", "")), words)
        say(request, Text("送达已登记，陈述期开始。", "Delivered: the days to answer run."))
    elif act == "take_down":
        hearings.take_down_answer(case, record, words)
        say(request, Text("陈述已登记。", "The answer is written down."))
    else:
        stands = act == "stands"
        post_decision.decide_false_material(case, record, stands=stands, words=words)
    return back(key)


_ACTS_OF_HEARING = {"deliver": "deliver_finding", "take_down": "take_down_answer"}


def _find_record(case: CaseAccess, number: str) -> FalseRecord:
    pk = whole_number(number)
    rows = FalseRecord.objects.filter(application=case.application)
    record = rows.filter(pk=pk).first() if pk is not None else None
    if record is None:
        raise Http404
    return record


def _read_day(text: str) -> date:
    """A day as it is typed. Raises CaseFault."""
    day = try_read_day(text)
    if day is None:
        raise CaseFault("JF-K048", _NO_DAY, "delivered_on")
    return day


_NO_DAY = Text("请填写送达日期，如 2026-01-05。", "Give the day of the delivery, as 2026-01-05.")


@signed_in
@require_safe
def hearing_letter(request: HttpRequest, key: UUID, record: int) -> HttpResponse:
    """The letter about a finding, to print and deliver, with its receipt."""
    case = staff_case(request, key, "deliver_finding")
    row = _find_record(case, str(record))
    application = case.application
    subject = f"application:{application.pk}"
    log_look(request, subject, "letter about a finding", city=application.city)
    pdf = render_letter(application, row, timezone.localdate())
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="letter.pdf"'
    return response
