"""Each request is numbered, counted, timed and, in production, written to the log of requests."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jifen.office.operate.current_request import CurrentRequest, hold_current_request
from jifen.office.site.metrics.requests import IN_PROGRESS, count_request, name_method

logger = logging.getLogger("jifen.access")
HEADER = "X-Request-ID"
_NUMBER = re.compile(r"[0-9a-f]{16,64}")


class WatchedRequestsMiddleware:
    """The outermost middleware. The number stands in the answer (X-Request-ID), on the page of an
    error and in every line that is logged meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current, began = CurrentRequest(_choose_number(request), request), perf_counter()
        with hold_current_request(current), IN_PROGRESS.track_inprogress():
            response = self._get_response(request)
            seconds = perf_counter() - began
            count_request(request.method, current.route, response.status_code, seconds)
            _log_request(current, response, seconds)
        response.headers[HEADER] = current.number
        return response


def _choose_number(request: HttpRequest) -> str:
    """The one that a proxy of our own gave, so that its log and this one fit together; a new one
    elsewhere."""
    given = request.headers.get(HEADER, "")
    believed = settings.ALLAUTH_TRUSTED_PROXY_COUNT and _NUMBER.fullmatch(given)
    return given if believed else uuid4().hex


def _log_request(current: CurrentRequest, response: HttpResponse, seconds: float) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    fields = {
        "method": name_method(current.request.method),
        "route": current.route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": None if response.streaming else len(response.content),
    }
    logger.info("request", extra={"fields": fields})
