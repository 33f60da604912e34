"""The Content-Security-Policy header: the same for every page, so it is made once."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SteadyPolicyMiddleware(CSPMiddleware):
    """django-csp without nonces or changes by view: the first header serves all later pages."""

    _policy = ""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Put the header on a response."""
        if not self._policy:
            response = super().process_response(request, response)
            self._policy = response.headers.get(HEADER, "")
            return response
        response.headers.setdefault(HEADER, self._policy)
        return response
