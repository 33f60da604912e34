"""Where a forgotten password leads while there is no mail server."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.office.web.page import page


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whom to ask: nothing can be sent, and a page that pretends to would be worse."""
    return page(request, "mine/forgotten.html")
