"""What is wrong with a document: where, what was found, what was expected, what to do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jifen.policy.text import EMPTY, Lang, Text
from jifen.policy.words import say

if TYPE_CHECKING:
    from jifen.policy.catalogue import FaultWords


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a text: file name, line and column, both counted from 1; the whole of a file or
    folder where the line is 0."""

    file: str = "<text>"
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a document. `code` is stable (JF-P… reading, JF-C… checks, JF-F… facts).

    `found`, `expected`, `remedy` and `clause` are in one language: English, where `chinese` holds
    the same in Chinese. `in_language` gives the fault as its reader is to see it.
    """

    code: str
    place: Place
    found: str
    expected: str
    remedy: str
    clause: str = ""
    """The heading of the clause that the fault stands under; empty outside any clause."""
    line_text: str = ""
    severity: str = "error"
    chinese: "tuple[str, str, str, str] | None" = None
    """Found, expected, remedy and clause in Chinese; None where the fault has one language only."""
    lang: Lang = "en"

    @classmethod
    def from_words(
        cls,
        code: str,
        place: Place,
        words: "FaultWords",
        *,
        clause: Text = EMPTY,
        line_text: str = "",
        severity: str = "error",
    ) -> "Fault":
        """A fault in both languages, its English words first."""
        found, expected, remedy = words.found.en, words.expected.en, words.remedy.en
        chinese = words.found.zh, words.expected.zh, words.remedy.zh, clause.zh
        return cls(code, place, found, expected, remedy, clause.en, line_text, severity, chinese)

    def in_language(self, lang: Lang) -> "Fault":
        """The fault with its words in a language (where it has them)."""
        if lang == self.lang or self.chinese is None:
            return self
        other = (self.found, self.expected, self.remedy, self.clause)
        found, expected, remedy, clause = self.chinese
        return replace(
            self, found=found, expected=expected, remedy=remedy, clause=clause, chinese=other,
            lang=lang,
        )  # fmt: skip

    def __str__(self) -> str:
        """The fault as printed; an identity number in it is not shown."""
        return hide_identity_numbers(self._format_text())

    def _format_text(self) -> str:
        frame = FRAMES[self.lang]
        head = f"{self.place}: {self.code} {frame.severities.get(self.severity, self.severity)}"
        if self.clause:
            head += f"{frame.under}{self.clause}"
        parts = [head]
        if self.line_text.strip():
            parts += [f"    {self.line_text}", "    " + " " * (self.place.column - 1) + "^"]
        parts += [f"  {frame.found}{self.found}", f"  {frame.expected}{self.expected}"]
        parts.append(f"  {frame.remedy}{self.remedy}")
        return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class FaultFrame:
    """The words around a fault in one language."""

    severities: dict[str, str]
    under: str
    found: str
    expected: str
    remedy: str


FRAMES: dict[Lang, FaultFrame] = {
    "en": FaultFrame(
        {},
        say("fault.under").en,
        say("fault.found").en,
        say("fault.expected").en,
        say("fault.remedy").en,
    ),
    "zh": FaultFrame(
        {
            "error": say("fault.error").zh,
            "warning": say("fault.warning").zh,
            "info": say("fault.info").zh,
        },
        say("fault.under").zh,
        say("fault.found").zh,
        say("fault.expected").zh,
        say("fault.remedy").zh,
    ),
}


class DocumentError(ValueError):
    """A document that cannot be used; `faults` holds every fault found in one run."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def to_text(self, lang: Lang) -> str:
        """Every fault in a language; a fault that has one language only stays as it is."""
        if any(fault.chinese for fault in self.faults):
            return "\n".join(str(fault.in_language(lang)) for fault in self.faults)
        return str(self)


class PolicyError(DocumentError):
    """A policy, a vocabulary of facts or a series with faults."""


def find_nearest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to a mistyped one, or an empty string."""
    from difflib import get_close_matches  # noqa: PLC0415 - only faults need it: a fast start

    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else ""


def join_words(words: Iterable[str], most: int = 30) -> str:
    """A readable list of the words that were possible."""
    listed = list(words)
    shown = ", ".join(listed[:most])
    return shown if len(listed) <= most else f"{shown} … ({len(listed)} in all)"


_BLANK = "[\\s\u200b-\u200d\u2060\ufeff]?"
_IDENTITY = re.compile(f"(?:[0-9０-９]{_BLANK}){{14,16}}[0-9０-９](?:{_BLANK}[0-9０-９XxＸｘ])?")
"""15 to 18 digits, also in full width and with a blank after any of them."""


def hide_identity_numbers(text: str) -> str:
    """A text in which what may be an identity number is masked: somebody may have put one into
    the wrong field, and messages end up in logs."""
    return _IDENTITY.sub(lambda match: match[0][:3] + "*" * (len(match[0]) - 3), text)


def shorten_text(text: str, most: int = 60) -> str:
    """A found value, short enough to print: a fault never prints a whole document."""
    flat = " ".join(text.split())
    flat = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in flat[: most + 1])
    flat = hide_identity_numbers(flat)
    return flat if len(flat) <= most else flat[: most - 1] + "…"
