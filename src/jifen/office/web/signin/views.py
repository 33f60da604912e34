"""Signing in, beside what the library does: a forgotten password while there is no mail server, and
one's own sessions."""

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import list_usersessions
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from jifen.office.web.page import page


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whom to ask: nothing can be sent, and a page that pretends to would be worse."""
    return page(request, "mine/forgotten.html")


def list_sessions(request: HttpRequest) -> HttpResponseBase:
    """One's own sessions. Whoever ends the others shows first that they are not somebody who found
    a machine left open."""
    ends_others = request.method == "POST"
    view = reauthentication_required(list_usersessions) if ends_others else list_usersessions
    response: HttpResponseBase = view(request)
    return response
