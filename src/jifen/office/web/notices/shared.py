"""A paper that its holder shares: it is opened by a button, so that no programme that looks at
addresses counts as somebody who opened it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.signin.sources import source_of
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.rate_limits import count_unknown_code, must_wait
from jifen.office.notices.sharing import find_open_share, open_share
from jifen.office.web.limits import network_of
from jifen.office.web.notices.verify import _page, told
from jifen.office.web.signed import lang_of


@require_http_methods(["GET", "HEAD", "POST"])
def share_page(request: HttpRequest, token: str) -> HttpResponse:
    """Say who asks, then see what the holder chose to show."""
    now, asker = timezone.now(), source_of(request)
    if must_wait(asker, now):
        return _page(request, "notices/wait.html", {}, status=429)
    row = find_open_share(token, now)
    if row is None:
        count_unknown_code(asker, now)
        return _page(request, "notices/share_over.html", {}, status=404)
    context: dict[str, Any] = {"share": row, "error": "", "token": get_token(request)}
    if request.method != "POST":
        return _page(request, "notices/share_door.html", context)
    try:
        found = open_share(row, request.POST.get("who", ""), network_of(request))
    except NoticeFault as error:
        context["error"] = error.words(lang_of(request))
        return _page(request, "notices/share_door.html", context, status=422)
    context |= {"shown": found, "seen": told(found.status, lang_of(request)), "at": now}
    return _page(request, "notices/shared.html", context)
