"""Budgets of the public pages that compute: how often an address may ask in a minute, how often all
of them together, and how many answers are worked out at once.

They are counted in the memory of each server process: the public pages write nothing, and what is
bounded is the work of this process.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jifen.office.accounts.signin.sources import source_of
from jifen.office.web.errors import sentence_page
from jifen.policy.text import Text

View = Callable[..., HttpResponse]
_TITLE = Text("请稍等一会儿再试", "Please wait a moment")
_OFTEN = Text(
    "这个网络地址在一分钟内的请求过多。请等一分钟再试；您填写的内容没有保存，也没有丢失，返回上一页即可继续。",
    "There were too many requests from this address within a minute. Wait a minute, and go back: "
    "what you typed is still on the page before.",
)
_READ_OFTEN = Text(
    "这个网络地址在一分钟内打开这类网页过多。请等一分钟再打开。",
    "There were too many requests for such pages from this address within a minute. Open it again "
    "in a minute.",
)
_BUSY = Text(
    "现在同时计算的人较多。请稍等几秒再试，返回上一页即可继续。",
    "Many are computing just now. Try again in a few seconds: go back to the page before.",
)
_MOST_ADDRESSES = 100_000


@dataclass
class Budget:
    """`each`: requests of one address in a minute; `all_`: of all together; `at_once`: that are
    worked out at the same time."""

    each: int
    all_: int
    at_once: int
    _minute: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _together: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _places: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = threading.BoundedSemaphore(self.at_once)

    def takes(self, source: str, minute: int) -> bool:
        """Whether one more request of a source is within the budget of a minute."""
        with self._lock:
            if minute != self._minute or len(self._counts) > _MOST_ADDRESSES:
                self._minute, self._counts, self._together = minute, {}, 0
            self._counts[source] = self._counts.get(source, 0) + 1
            self._together += 1
            return self._counts[source] <= self.each and self._together <= self.all_

    def empty(self) -> None:
        """Nobody has asked yet."""
        with self._lock:
            self._minute, self._counts, self._together = 0, {}, 0

    def spends(self, view: View) -> View:
        """A view whose POST requests are within the budget: 429 or 503 otherwise."""

        @wraps(view)
        def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            return self._within(view, _OFTEN, request, *args, **kwargs)

        return bounded

    def spends_reads(self, view: View) -> View:
        """A view that works something out for whoever reads it: all its requests are within the
        budget."""

        @wraps(view)
        def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return self._within(view, _READ_OFTEN, request, *args, **kwargs)

        return bounded

    def _within(
        self, view: View, often: Text, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.takes(source_of(request), int(timezone.now().timestamp()) // 60):
            return _wait(request, HTTPStatus.TOO_MANY_REQUESTS, often, 60)
        if not self._places.acquire(blocking=False):
            return _wait(request, HTTPStatus.SERVICE_UNAVAILABLE, _BUSY, 3)
        try:
            return view(request, *args, **kwargs)
        finally:
            self._places.release()


def _wait(request: HttpRequest, status: HTTPStatus, words: Text, seconds: int) -> HttpResponse:
    response = sentence_page(request, status, _TITLE, words)
    response.headers["Retry-After"] = str(seconds)
    return response


ASSESSMENT = Budget(each=600, all_=20_000, at_once=16)
"""Every answer that is typed asks anew; a school or an office may stand behind one address."""
PLANNER = Budget(each=60, all_=600, at_once=4)
"""One answer takes up to a second or two of a processor."""
CONSULTATION = Budget(each=300, all_=6_000, at_once=8)
"""A page of a consultation compares two measures and has up to a hundred comments."""
BUDGETS = (ASSESSMENT, PLANNER, CONSULTATION)
