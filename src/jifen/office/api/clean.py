"""Texts of the API without characters that cannot be kept or printed: what a program sends is
refused and not mended, as it would not know."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from jifen.policy.text import Text

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters but tab and ends of lines; halves of a character, which no database takes."""


class Unclean(ValueError):
    """The body has such a character."""

    code = "JF-A005"
    place = ""
    words = Text(
        "请求中有控制字符（如 U+0000）或不完整的字符，请去掉后再发。",
        "A text of the request has a control character (such as U+0000) or half a character: send "
        "it without.",
    )


class CleanParser(Parser):
    """JSON whose texts can be kept."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """What it says. Raises Unclean, which ninja hands on as the cause of its own error."""
        said = super().parse_body(request)
        if any(map(_CONTROL.search, _texts(said))):
            raise Unclean
        return said


def _texts(said: Any) -> Iterator[str]:
    """Every text in it, names too; not by calling itself, as it may be nested deeply."""
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
