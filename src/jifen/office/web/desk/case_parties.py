"""Whose case it is: whole identity numbers, a change of the employer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.casework.actions import post_decision
from jifen.office.registry.credit_code import normalize_code
from jifen.office.registry.models import Unit
from jifen.office.web.data_access import log_reveal
from jifen.office.web.desk.door import back, staff_case
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
def reveal_identity(request: HttpRequest, key: UUID) -> HttpResponse:
    """The identity number and the phone whole, once, with a reason that is recorded."""
    case = staff_case(request, key)
    reason = request.POST.get("why", "").strip()
    if not reason:
        say(request, Text("请写明查看原因。", "Say why you need it."), bad=True)
        return back(key)
    person = case.application.person
    log_reveal(request, case.application, reason[:200])
    words = Text(
        f"证件号码 {person.identity}；手机 {person.phone or '—'}",
        f"Identity number {person.identity}; phone {person.phone or '—'}",
    )
    say(request, words)
    return back(key)


@signed_in
@require_POST
@keeps_typed
def change_employer(request: HttpRequest, key: UUID) -> HttpResponse:
    """The person works elsewhere now."""
    case = staff_case(request, key, "change_employer")
    code = normalize_code(request.POST.get("credit_code", ""))
    city = case.application.city
    unit = Unit.objects.filter(city=city, credit_code=code, state="confirmed").first()
    if unit is None:
        say(request, Text("没有已核实的该单位。", "No confirmed employer of that code."), bad=True)
    else:
        post_decision.change_employer(case, unit, request.POST.get("words", ""))
        say(request, Text("用人单位已变更。", "The employer was changed."))
    return back(key)
