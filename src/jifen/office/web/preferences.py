"""Language and elder view (长辈版): chosen with ?lang= and ?view=, kept in two cookies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jifen.policy.text import Lang

View = Literal["standard", "elder"]
LANGS: tuple[Lang, ...] = ("zh", "en")
VIEWS: tuple[View, ...] = ("standard", "elder")
_YEAR = 365 * 24 * 3600
_KEY = "jifen.preferences"
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a visitor wants to read."""

    lang: Lang = "zh"
    view: View = "standard"


DEFAULT = Preferences()


def preferences(request: HttpRequest) -> Preferences:
    """The preferences of a request; the defaults where the middleware did not run."""
    found = request.META.get(_KEY, DEFAULT)
    return found if isinstance(found, Preferences) else DEFAULT


class PreferencesMiddleware:
    """Reads both choices from the address or the cookies; keeps what the address chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Most requests have no query; reading an empty one costs as much as reading the form.
        query: Mapping[str, Any] = request.GET if request.META.get("QUERY_STRING") else {}
        cookies = request.COOKIES
        lang = _one_of(LANGS, query.get("lang"), cookies.get("lang"))
        view = _one_of(VIEWS, query.get("view"), cookies.get("view"))
        request.META[_KEY] = Preferences(lang, view)
        response = self._get_response(request)
        if "lang" in query:
            _keep(response, "lang", lang)
        if "view" in query:
            _keep(response, "view", view)
        response.headers.setdefault("Content-Language", "en" if lang == "en" else "zh-CN")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def _one_of(known: tuple[_Word, ...], *wanted: str | None) -> _Word:
    for word in wanted:
        for candidate in known:
            if candidate == word:
                return candidate
    return known[0]


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.CSRF_COOKIE_SECURE
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
