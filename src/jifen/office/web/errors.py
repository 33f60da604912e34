"""Pages for what goes wrong: what happened and what to do, never a trace."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from jifen.office.operate.current_request import get_current_request
from jifen.office.web.page import page
from jifen.policy.text import Text

logger = logging.getLogger("jifen.web")

_NOT_FOUND = (
    Text("没有这个页面", "There is no such page"),
    Text(
        "地址可能写错了，或者页面已经移走。请从首页重新进入。",
        "The address may be mistyped, or the page has moved. Start from the home page.",
    ),
)
_BAD_REQUEST = (
    Text("这次提交没有办法处理", "This request could not be read"),
    Text(
        "提交的内容过大或已损坏。请返回上一页检查；一个人的资料通常只有几千字节。",
        "What was sent is too large or damaged. Go back and check it; one person's facts are a few "
        "kilobytes.",
    ),
)
_TOO_LONG = (
    Text("填写的内容过长，没有保存", "What was typed is too long and was not kept"),
    Text(
        "某一项的文字或数字超过了允许的长度。请返回上一页缩短后再提交，其余内容还在。",
        "A text or a number is longer than its field. Go back and shorten it; the rest is still "
        "there.",
    ),
)
_NO_DATABASE = (
    Text("系统正忙，没有保存", "The system is busy, and nothing was kept"),
    Text(
        "数据库暂时没有应答。请稍等片刻，返回上一页再试，您填写的内容还在。",
        "The database does not answer just now. Wait a moment, go back and try again: what you "
        "typed is still there.",
    ),
)
_FORBIDDEN = (
    Text("这次提交被拒绝", "This request was refused"),
    Text(
        "提交来自别的网站或页面已经过期。请重新打开页面再试。",
        "It came from another site, or the page had expired. Open the page again and retry.",
    ),
)
_NOT_ALLOWED = (
    Text("这个地址不接受这种请求", "This address does not take such a request"),
    Text(
        "请从首页重新进入，用页面上的链接和按钮操作。",
        "Start from the home page and use the links and buttons of the pages.",
    ),
)
_NOT_SHOWN = Text("这个文件无法显示", "This file cannot be shown")
_SERVER_ERROR = (
    Text("系统出了问题", "Something went wrong here"),
    Text(
        "这是我们的故障，不是您的操作问题。请返回上一页，您填写的内容还在；稍后再试。",
        "This is our fault, not yours. Go back: what you typed is still there. Try again later.",
    ),
)


class MethodMiddleware:
    """405: a page instead of nothing. OPTIONS: what the address allows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        if request.method == "OPTIONS":
            shown = HttpResponse(status=HTTPStatus.NO_CONTENT)
        else:
            shown = _shown(request, HTTPStatus.METHOD_NOT_ALLOWED, _NOT_ALLOWED)
        shown.headers["Allow"] = response.headers["Allow"]
        return shown

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """400 where the database cannot hold what was typed: text longer than its field, a number
        larger than any; 503 where it is away, or somebody holds for too long what is needed. The
        transaction is undone, so nothing of it is kept."""
        if isinstance(error, OperationalError):
            logger.error("the database did not answer: %s", type(error.__cause__).__name__)
            response = _shown(request, HTTPStatus.SERVICE_UNAVAILABLE, _NO_DATABASE)
            response.headers["Retry-After"] = "10"
            return response
        if not isinstance(error, DataError | OverflowError):
            return None
        logger.warning("what was sent does not fit: %s", type(error).__name__)
        return _shown(request, HTTPStatus.BAD_REQUEST, _TOO_LONG)


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:
    """400: a request that cannot be read, such as an oversized one."""
    del exception
    return _shown(request, 400, _BAD_REQUEST)


def forbidden(request: HttpRequest, exception: object = None, reason: str = "") -> HttpResponse:
    """403: refused, among others by the check against forged forms."""
    del exception, reason
    return _shown(request, 403, _FORBIDDEN)


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """404: no such page."""
    del exception
    return _shown(request, 404, _NOT_FOUND)


def sentence_page(
    request: HttpRequest, status: HTTPStatus, title: Text, words: Text
) -> HttpResponse:
    """A page that says what was refused, and what to do."""
    return _shown(request, status, (title, words))


def not_shown(request: HttpRequest, words: Text, status: HTTPStatus) -> HttpResponse:
    """A file that cannot be shown: why, and what to do."""
    response = _shown(request, status, (_NOT_SHOWN, words))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Falls back to plain words where even the page cannot be made."""
    try:
        return _shown(request, 500, _SERVER_ERROR)
    except Exception:
        logger.exception("the error page failed")
        title, words = _SERVER_ERROR
        return HttpResponse(format_html("<h1>{}</h1><p>{}</p>", title.zh, words.zh), status=500)


def _shown(request: HttpRequest, status: int, words: tuple[Text, Text]) -> HttpResponse:
    context = {"status": status, "title": words[0], "words": words[1], "number": ""}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and (current := get_current_request()):
        context["number"] = current.number
    return page(request, "errors/error.html", context, status=status)
