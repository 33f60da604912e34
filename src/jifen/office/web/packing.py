"""Pages sent compressed: those on which no secret can stand, and no others.

The length of a compressed page tells something of what stands in it to whoever can put words of
their own beside it and watch the line (BREACH). A public page of somebody who is not signed in
holds no token, no name and nothing that was stored: answers stand in it only because the same
request brought them, and a stranger's request brings none of theirs. So it may be compressed;
decision 0030 lists the pages. Everything else goes as it is.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = frozenset(
    {
        *("home", "assess", "whole", "update", "load", "route", "cards", "dates", "compare"),
        *("opens", "versions", "book", "diff", "offline", "offices", "consultations"),
        *("sitemap", "privacy", "accessibility", "questions"),
    }
)
"""Names of addresses that say the same to everybody who asks the same."""


class PackingMiddleware(GZipMiddleware):
    """Django's compression, which also adds a random length, for the pages without a secret."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress what may be compressed."""
        if not may_be_packed(request, response):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


def may_be_packed(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a response is a public page without a session and without a token."""
    match = request.resolver_match
    if match is None or match.url_name not in PACKED or response.status_code != 200:
        return False
    held = settings.SESSION_COOKIE_NAME in request.COOKIES
    given = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & response.cookies.keys()
    return not held and not given and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
