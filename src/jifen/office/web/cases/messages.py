"""The applicant answers a question of the office about one item."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.office.casework.access import access_case
from jifen.office.desk.actions import threads
from jifen.office.web.signed import go, say, signed_in, user_of
from jifen.policy.text import Text


@signed_in
@require_POST
def answer_message(request: HttpRequest, key: UUID) -> HttpResponse:
    """An answer in words; the case goes on as before."""
    case = access_case(user_of(request), key)
    kind, _, item = request.POST.get("item", "").partition(":")
    threads.write_message(case, kind, item, request.POST.get("words", ""))
    say(request, Text("回复已发出。", "Your answer was sent."))
    return go(f"{reverse('case', args=[key])}#threads")
