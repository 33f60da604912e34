"""Who has a gate, whole identity numbers, the employer of a case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.accounts.models import User
from jifen.office.casework.actions import handover, post_decision, review
from jifen.office.registry.credit_code import normalize_code
from jifen.office.registry.models import Unit
from jifen.office.web.data_access import log_reveal
from jifen.office.web.desk.door import back, staff_case
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
def take(request: HttpRequest, key: UUID, gate: str) -> HttpResponse:
    """Have a gate for half an hour, or let it go."""
    case = staff_case(request, key, "take")
    if request.POST.get("act") == "release":
        review.release_gate(case, gate)
    else:
        review.take_gate(case, gate)
    return back(key)


@signed_in
@require_POST
def give(request: HttpRequest, key: UUID, gate: str) -> HttpResponse:
    """Hand a gate over to somebody else."""
    case = staff_case(request, key, "hand_over")
    number = whole_number(request.POST.get("to", ""))
    to = User.objects.filter(pk=number).first() if number is not None else None
    if to is None:
        say(request, Text("请选择接手的人。", "Choose who takes it over."), bad=True)
    else:
        handover.hand_over_gate(case, gate, to)
        say(request, Text("已转交。", "Handed over."))
    return back(key)


@signed_in
@require_POST
def reveal(request: HttpRequest, key: UUID) -> HttpResponse:
    """The identity number and the phone whole, once, with a reason that is recorded."""
    case = staff_case(request, key)
    why = request.POST.get("why", "").strip()
    if not why:
        say(request, Text("请写明查看原因。", "Say why you need it."), bad=True)
        return back(key)
    person = case.application.person
    log_reveal(request, case.application, why[:200])
    said = Text(
        f"证件号码 {person.identity}；手机 {person.phone or '—'}",
        f"Identity number {person.identity}; phone {person.phone or '—'}",
    )
    say(request, said)
    return back(key)


@signed_in
@require_POST
@keeps_typed
def employer(request: HttpRequest, key: UUID) -> HttpResponse:
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
