"""Headers that tell a browser what a page may do: the same for every page, so made once."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_NEVER_USED = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
PERMISSIONS = ", ".join(f"{feature}=()" for feature in _NEVER_USED)
"""What no page of ours asks a device for, and no script in one shall either."""


class SteadyPolicyMiddleware(CSPMiddleware):
    """django-csp without nonces or changes by view: the first header serves all later pages. Beside
    it, no page is embedded elsewhere, and none of somebody who signed in stays on the machine."""

    _policy = ""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Put the headers on a response."""
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _may_be_personal(response):
            response.headers["Cache-Control"] = "private, no-store"
        if not self._policy:
            response = super().process_response(request, response)
            self._policy = response.headers.get(HEADER, "")
            return response
        response.headers.setdefault(HEADER, self._policy)
        return response


def _may_be_personal(response: HttpResponseBase) -> bool:
    """Whether it is no file that is the same for everybody (those say that they may be kept)."""
    return "public" not in response.headers.get("Cache-Control", "")
