"""Versions put in force or withdrawn, and working days confirmed, since the last request are known
from this one on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jifen.office.administration.calendar_years import follow_years
from jifen.office.administration.districts import follow_districts
from jifen.office.workshop.editions_in_force import follow_editions


class EditionsMiddleware:
    """Looks for adopted versions, working days and districts, at most once a second in each
    process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        follow_editions()
        follow_years()
        follow_districts()
        return self._get_response(request)
