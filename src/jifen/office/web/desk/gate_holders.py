"""Who has a gate in hand."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.accounts.models import User
from jifen.office.casework.actions import handover, review
from jifen.office.web.desk.door import back, staff_case
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
def hold_gate(request: HttpRequest, key: UUID, gate: str) -> HttpResponse:
    """Have a gate for half an hour, or let it go."""
    case = staff_case(request, key, "take")
    if request.POST.get("act") == "release":
        review.release_gate(case, gate)
    else:
        review.take_gate(case, gate)
    return back(key)


@signed_in
@require_POST
def hand_over_gate(request: HttpRequest, key: UUID, gate: str) -> HttpResponse:
    """Hand a gate over to somebody else."""
    case = staff_case(request, key, "hand_over")
    number = whole_number(request.POST.get("to", ""))
    successor = User.objects.filter(pk=number).first() if number is not None else None
    if successor is None:
        say(request, Text("请选择接手的人。", "Choose who takes it over."), bad=True)
    else:
        handover.hand_over_gate(case, gate, successor)
        say(request, Text("已转交。", "Handed over."))
    return back(key)
