"""Pages of the studio need the lab: where it is not installed, they say so."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse

from jifen.office.web.errors import sentence_page
from jifen.policy.text import Text

View = Callable[..., HttpResponse]


def studio_page(view: View) -> View:
    """The view, where what simulates drafts is installed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if find_spec("pyarrow") is None:
            return sentence_page(request, HTTPStatus.SERVICE_UNAVAILABLE, _TITLE, _WORDS)
        return view(request, *args, **kwargs)

    return guarded


_TITLE = Text("政策草案功能没有安装", "The policy studio is not installed")
_WORDS = Text(
    "请系统管理员安装：pip install 'jifen[office,lab]'，然后重新启动。",
    "Ask whoever runs the site to install it: pip install 'jifen[office,lab]', and start anew.",
)
