"""Notes of colleagues, messages with the applicant, and forms that are stored while one types."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.desk.actions import notes, threads
from jifen.office.desk.actions.form_drafts import store_form_draft
from jifen.office.web.desk.door import back, staff_case
from jifen.office.web.desk.refused_forms import keeps_typed
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text

NOT_STORED = ("csrfmiddlewaretoken", "version")


@signed_in
@require_POST
@keeps_typed
def write_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """A note for colleagues, with those whom it names."""
    case = staff_case(request, key)
    mentioned = [n for text in request.POST.getlist("mention") if (n := whole_number(text))]
    notes.write_note(case, request.POST.get("words", ""), mentioned)
    return back(key, "notes")


@signed_in
@require_POST
@keeps_typed
def write_message(request: HttpRequest, key: UUID) -> HttpResponse:
    """A question to the applicant about one fact or document."""
    case = staff_case(request, key)
    kind, _, item = request.POST.get("item", "").partition(":")
    threads.write_message(case, kind, item, request.POST.get("words", ""))
    say(request, Text("已发给申请人。", "Sent to the applicant."))
    return back(key, "threads")


@signed_in
@require_POST
def store_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """What stands in a form of the case now, before it is sent."""
    case = staff_case(request, key)
    typed = {name: texts for name, texts in request.POST.lists() if name not in NOT_STORED}
    form = "".join(typed.pop("form", [""]))
    if form:
        store_form_draft(case, form, typed)
    return HttpResponse(status=204)
