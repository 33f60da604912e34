"""Full-width marks, as a Chinese keyboard writes them, where the language takes plain ones.

A colon, a comma or a blank of this kind looks almost like the plain one, and what goes wrong shows
elsewhere: in the next line, or as a key that is missing. So it is looked for and named where it
stands. In texts that people read such marks are right.
"""

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

PLAIN_MARKS = {
    "：": ":",
    "，": ",",
    "、": ",",
    "\u3000": " ",
    "（": "(",
    "）": ")",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "｛": "{",
    "｝": "}",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "。": ".",
    "．": ".",
    "－": "-",
    "＊": "*",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}
_KEY = r"[A-Za-z_][A-Za-z0-9_-]*"
_STRUCTURAL = (
    re.compile(rf"^\s*(?:-\s+)*{_KEY}(：)"),
    re.compile(rf"[{{,，]\s*{_KEY}(：)"),
    re.compile(rf"(，)\s*{_KEY}\s*[:：]"),
    re.compile(rf"\[[^\]]*?{_KEY}\s*(，)\s*{_KEY}"),
    re.compile("^ *(?:- *)?(\u3000)"),
    re.compile("[:-](\u3000)"),
    re.compile(r":\s+([｛［【])"),
    re.compile(r"^\s*-\s+([｛［【])"),
)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|(?:^|\s)#.*")
_LINES_BEFORE = 2
"""How many lines with something in them above a fault are searched for its cause."""


class FullWidthMark(NamedTuple):
    """A mark, where it stands in its text (from 0), and what to write in its place."""

    offset: int
    mark: str
    plain: str


def find_full_width_mark(text: str) -> FullWidthMark | None:
    """The first full-width mark of a text that is no words: a condition, a number, an id."""
    for offset, mark in enumerate(text):
        if mark in PLAIN_MARKS:
            return FullWidthMark(offset, mark, PLAIN_MARKS[mark])
    return None


def find_colon_in_key(key: str, known: Container[str]) -> FullWidthMark | None:
    """The full-width colon behind a known key, where the value became a part of the key."""
    name, colon, _ = key.partition("：")
    return FullWidthMark(len(name), colon, ":") if colon and name.strip() in known else None


def find_mark_in_lines(lines: Sequence[str], line: int) -> tuple[int, FullWidthMark] | None:
    """The full-width mark that broke the structure at a line (from 1) or a little above it: its
    line and the mark."""
    written = [
        number for number in range(1, min(line, len(lines)) + 1) if lines[number - 1].strip()
    ]
    for number in reversed(written[-1 - _LINES_BEFORE :]):
        bare = _QUOTED.sub(lambda found: " " * len(found[0]), lines[number - 1])
        matches = [match for pattern in _STRUCTURAL if (match := pattern.search(bare))]
        if matches:
            offset = min(match.start(1) for match in matches)
            mark = bare[offset]
            return number, FullWidthMark(offset, mark, PLAIN_MARKS[mark])
    return None
