"""Refusal of texts with characters that cannot be stored or printed. They are refused and not
removed, since the program that sent them would not notice."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from jifen.office.api.words import say

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters but tab and ends of lines; halves of a character, which no database takes."""


class UnstorableText(ValueError):
    """The body has such a character."""

    code = "JF-A005"
    place = ""
    words = say("text_checks.a_text_of_the_request")


class CleanParser(Parser):
    """Parses JSON bodies whose texts can be stored."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The parsed body. Raises UnstorableText, which ninja passes on as the cause of its own
        error."""
        body = super().parse_body(request)
        if any(map(_CONTROL.search, _list_texts(body))):
            raise UnstorableText
        return body


def _list_texts(body: Any) -> Iterator[str]:
    """Every text of the body, keys too; without recursion, as it may be nested deeply."""
    pending = [body]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            pending += [*value, *value.values()]
