"""The door of the desk to a case, and the way back to its page."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from jifen.office.casework.access import Case, access_case
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, user_of


def staff_case(request: HttpRequest, key: UUID, act: str = "") -> Case:
    case = access_case(user_of(request), key)
    if not case.is_staff:
        raise Http404
    if act:
        case.refuse_unless(act)
    return case


def version_of(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


def back(key: UUID, place: str = "") -> HttpResponse:
    return go(reverse("review", args=[key]) + (f"#{place}" if place else ""))
