"""Material that may be false: found, told by letter, answered, decided."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jifen.facts.spelling import try_read_day
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import (
    hearings,
    post_decision,
)
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import FalseRecord
from jifen.office.web.data_access import log_look
from jifen.office.web.desk.door import back, staff_case
from jifen.office.web.desk.hearing_letter import render_letter
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
@keeps_typed
def handle_false_material(request: HttpRequest, key: UUID) -> HttpResponse:
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
def show_hearing_letter(request: HttpRequest, key: UUID, record: int) -> HttpResponse:
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
