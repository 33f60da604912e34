"""Language and elder view (长辈版): chosen with ?lang= and ?view=, kept in two cookies.

Until a visitor has chosen, the browser's own order of languages decides.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from jifen.policy.text import Lang

View = Literal["standard", "elder"]
LANGS: tuple[Lang, ...] = ("zh", "en")
VIEWS: tuple[View, ...] = ("standard", "elder")
_YEAR = 365 * 24 * 3600
_KEY = "jifen.preferences"
_WEIGHT = re.compile(r"q=([01](?:\.\d{0,3})?)")
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
    """Reads both choices from the address or the cookies (the language at last from the browser);
    keeps what the address chose.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Most requests have no query; reading an empty one costs as much as reading the form.
        query: Mapping[str, Any] = request.GET if request.META.get("QUERY_STRING") else {}
        cookies = request.COOKIES
        spoken = accepted(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        lang = _one_of(LANGS, query.get("lang"), cookies.get("lang"), spoken)
        view = _one_of(VIEWS, query.get("view"), cookies.get("view"))
        request.META[_KEY] = Preferences(lang, view)
        response = self._get_response(request)
        if "lang" in query:
            _keep(response, "lang", lang)
        if "view" in query:
            _keep(response, "view", view)
        response.headers.setdefault("Content-Language", "en" if lang == "en" else "zh-CN")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


@lru_cache(maxsize=256)
def accepted(header: str) -> Lang:
    """English where a browser wants it before Chinese; Chinese otherwise."""
    best: dict[str, float] = {}
    for wanted in header[:500].split(","):
        name, _, weight = wanted.partition(";")
        tongue = name.strip().lower().partition("-")[0]
        best[tongue] = max(best.get(tongue, 0.0), _weight(weight))
    # Of equal weights the first named wins, and a dict keeps the order.
    first = max((tongue for tongue in best if tongue in LANGS), key=best.__getitem__, default="zh")
    return "en" if first == "en" and best["en"] > 0 else "zh"


def _weight(text: str) -> float:
    found = _WEIGHT.fullmatch(text.replace(" ", ""))
    return float(found[1]) if found else 1.0 if not text.strip() else 0.0


def _one_of(known: tuple[_Word, ...], *wanted: str | None) -> _Word:
    for word in wanted:
        for candidate in known:
            if candidate == word:
                return candidate
    return known[0]


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.CSRF_COOKIE_SECURE
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
