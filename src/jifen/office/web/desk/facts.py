"""Facts are confirmed, corrected, rejected; corrections are asked for."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jifen.office.casework.actions import (
    correct,
    review,
)
from jifen.office.casework.actions.correct import Asked
from jifen.office.casework.standing import (
    policy_of,
)
from jifen.office.web.desk.door import back, staff_case, version_of
from jifen.office.web.numbers import whole_number
from jifen.office.web.public.answers import from_post
from jifen.office.web.signed import say, signed_in
from jifen.policy.text import Text


@signed_in
@require_POST
def find(request: HttpRequest, key: UUID, fact: str) -> HttpResponse:
    """Confirm, correct or reject one fact."""
    case = staff_case(request, key, "find")
    vocabulary = policy_of(case.application).vocabulary
    given = from_post(vocabulary, request.POST).given(vocabulary)
    value = [given[fact]] if fact in given else []
    post = request.POST
    review.find(
        case,
        review.Found(
            fact,
            post.get("finding", ""),
            value,
            post.get("reason", ""),
            post.get("words", ""),
            [n for text in post.getlist("documents") if (n := whole_number(text)) is not None],
        ),
        version=version_of(request),
    )
    return back(key, f"fact-{fact}")


@signed_in
@require_POST
def confirm_all(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm the ticked facts as claimed."""
    case = staff_case(request, key, "find")
    ticked = request.POST.getlist("fact")
    review.find_all(case, [review.Found(fact, "confirmed") for fact in ticked])
    return back(key, "facts")


@signed_in
@require_POST
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a correction of the ticked items."""
    case = staff_case(request, key, "ask_correction")
    items = [_asked(request, said) for said in request.POST.getlist("item")]
    correct.ask(case, items, request.POST.get("words", ""), version=version_of(request))
    say(request, Text("已通知申请人补正，办理时限暂停。", "Asked; the clock has stopped."))
    return back(key)


def _asked(request: HttpRequest, said: str) -> Asked:
    kind, _, key = said.partition(":")
    post = request.POST
    return Asked(kind, key, post.get(f"reason.{said}", ""), post.get(f"words.{said}", ""))
