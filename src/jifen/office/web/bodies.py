"""How large a request may be, by its address and by who asks, before any of it is read."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import Resolver404, resolve

from jifen.office.web.errors import sentence_page
from jifen.office.web.numbers import whole_number
from jifen.policy.text import Text

MIB = 1024 * 1024
MOST = 1_200_000
"""Bytes of a form, whoever sends it: a million of what was typed, and its wrapping."""
WITH_FILES = {
    "upload": 61 * MIB,  # several documents of at most 10 MB at once
    "unit_new": 11 * MIB,
    "unit_change": 11 * MIB,
    "batch": 21 * MIB,
    "consultation_comment": 31 * MIB,
}
"""Bytes of a form with files, for those who signed in."""
OWN_BOUND = frozenset({"load"})
"""Addresses whose view bounds the body by itself and keeps none of what is too much."""

_NO_NUMBER, _DIGITS = 10**18, 18
"""What a length of more digits than any number has counts as. One that is no number is none."""
_TITLE = Text("提交的内容过大，没有接收", "What was sent is too large and was not taken")
_NO_LENGTH = Text(
    "请求没有说明内容的长度（Content-Length），没有接收。",
    "The request does not say how long its body is (Content-Length), and was not taken.",
)


class BodyMiddleware:
    """Stands behind the middleware that knows who asks, and before anything that reads a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("CONTENT_LENGTH") or ""
        if not given and request.META.get("HTTP_TRANSFER_ENCODING"):
            return _answer(request, HTTPStatus.LENGTH_REQUIRED, _NO_LENGTH)
        number = whole_number(given)
        length = number or (_NO_NUMBER if len(given.strip()) > _DIGITS else 0)
        if length > MOST and length > (most := _most(request)):
            return _answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _words(length, most))
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Who sends a body and goes, or sends it too slowly, makes no fault of ours."""
        if not isinstance(error, UnreadablePostError):
            return None
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)


def _most(request: HttpRequest) -> int:
    try:
        name = resolve(request.path_info).url_name or ""
    except Resolver404:
        return MOST
    if name in OWN_BOUND:
        return 10**15
    return WITH_FILES[name] if name in WITH_FILES and request.user.is_authenticated else MOST


def _words(length: int, most: int) -> Text:
    sent, taken = f"{length / MIB:,.1f}", f"{most / MIB:,.1f}"
    return Text(
        f"提交的内容有 {sent} MB，这里最多接收 {taken} MB。"
        "请减少文件或降低扫描分辨率，分几次提交。",
        f"What was sent has {sent} MB; at most {taken} MB are taken here. "
        "Send fewer files at once, or scan at a lower resolution.",
    )


def _answer(request: HttpRequest, status: HTTPStatus, words: Text) -> HttpResponse:
    response: HttpResponse
    if request.path_info.startswith("/api/"):
        english = request.headers.get("Accept-Language", "").startswith("en")
        problem = {
            "type": "about:blank",
            "status": status,
            "title": words("en" if english else "zh"),
        }
        response = JsonResponse(problem, status=status, content_type="application/problem+json")
    else:
        response = sentence_page(request, status, _TITLE, words)
    response.headers["Connection"] = "close"  # the rest of the body is not waited for
    return response
