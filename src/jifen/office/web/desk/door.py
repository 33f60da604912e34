"""The door of the desk to a case, and the way back to its page."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.assignees import list_rows_for_user, list_rows_of_case
from jifen.office.desk.queue import find_next_case
from jifen.office.waiting.models import Waiting
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, say, user_of
from jifen.policy.text import Text


def staff_case(request: HttpRequest, key: UUID, act: str = "") -> CaseAccess:
    """A case for the staff, for an act where one is named. Raises Http404, NotAllowed."""
    case = access_case(user_of(request), key)
    if not case.is_staff:
        raise Http404
    if act:
        case.refuse_unless(act)
    return case


def version_of(request: HttpRequest) -> int | None:
    """The version that a form was made from."""
    return whole_number(request.POST.get("version", ""))


def back(key: UUID, place: str = "") -> HttpResponse:
    """To the page of a case."""
    return go(reverse("review", args=[key]) + (f"#{place}" if place else ""))


def onward(request: HttpRequest, case: CaseAccess) -> HttpResponse:
    """Where something of the case is still the asker's to do: its page. Else the next case of
    their queues, or the queue itself where nothing waits."""
    if list_rows_of_case(case.application.pk).filter(pk__in=_mine(case.user)).exists():
        return back(case.application.key)
    following = find_next_case(case.user, timezone.localdate(), without=case.application.pk)
    if following is None:
        say(request, Text("没有其他待办案件。", "No other case waits on you."))
        return go(reverse("desk"))
    done, number = case.application.number, following.number
    here = Text(f"{done} 已办，下一件是 {number}。", f"{done} is done; {number} is the next.")
    say(request, here)
    return back(following.key)


def _mine(user: User) -> "QuerySet[Waiting, int]":
    return list_rows_for_user(user, timezone.localdate()).order_by().values_list("pk", flat=True)
