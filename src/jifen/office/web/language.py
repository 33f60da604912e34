"""The language of what Django and its libraries say, after the visitor's choice."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from jifen.office.web.preferences import preferences

_CODES = {"zh": "zh-hans", "en": "en"}


class LanguageMiddleware:
    """Words of forms and of signing in are in the language of the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_CODES[preferences(request).lang]):
            return self._get_response(request)
