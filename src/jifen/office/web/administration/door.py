"""Who may see the pages of administration, and what they share."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jifen.cities import index
from jifen.office.accounts.models import Role
from jifen.office.accounts.roles import list_posts
from jifen.office.administration.faults import AdministrationFault
from jifen.office.web.signed import lang_of, user_of, work_page


def list_administered_cities(request: HttpRequest, *roles: str) -> list[str]:
    """The cities in which the asker has one of the roles (by default, administers the city). Raises
    Http404 where there are none."""
    wanted = roles or (Role.CITY_ADMIN,)
    posts = list_posts(user_of(request))
    cities = [post.city for post in posts if post.role in wanted and post.city in index()]
    if not cities:
        raise Http404
    return list(dict.fromkeys(cities))


def show_administration(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    refused: AdministrationFault | None = None,
) -> HttpResponse:
    """A page of administration; where an act was refused, with the words and what was typed."""
    shared = {
        "refused": refused.words(lang_of(request)) if refused else "",
        "place": refused.place if refused else "",
        "typed": request.POST if refused else {},
        "is_city_admin": any(p.role == Role.CITY_ADMIN for p in list_posts(user_of(request))),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return work_page(request, template, shared | dict(context), status=status)
