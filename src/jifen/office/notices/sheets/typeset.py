"""Typesetting: a paper as a tagged PDF (PDF/UA-1, PDF/A-2a); the same paper, the same bytes."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from typst import Compiler

from jifen.office.notices.sheets.fonts import State, check, families, fonts, state

_HERE = Path(__file__).parent
_ONE_AT_A_TIME = Lock()
STANDARDS = ["ua-1", "a-2a"]


def typeset(
    content: dict[str, Any],
    *,
    number: str = "",
    code: str = "",
    address: str = "",
    square: str = "",
) -> bytes:
    """The PDF of a paper, not signed yet. `square`: its square code as SVG ('' for none). Raises
    NotInFonts."""
    check(content)
    on = date.fromisoformat(content["date"])
    said = content | {
        "number": number,
        "code": code,
        "address": address,
        "square": square,
        "fonts": families(state()),
        "ymd": [on.year, on.month, on.day],
    }
    return _compiled("paper", said, moment_of(on), STANDARDS)


def moment_of(on: date) -> datetime:
    """The time that stands in the file of a paper: the first moment of its day (Chinese time), so
    that bytes repeat and no signature is of a time to come."""
    return datetime.combine(on, time(), timezone(timedelta(hours=8))).astimezone(UTC)


def seal_picture(around: str, middle: str, below: str) -> bytes:
    """The visible stamp as a PDF of one page."""
    return _seal_picture(around, middle, below, state())


@lru_cache(maxsize=256)
def _seal_picture(around: str, middle: str, below: str, now: State) -> bytes:
    said = {"around": around, "middle": middle, "below": below, "fonts": families(now)}
    check(said)
    return _compiled("seal", said, datetime(2020, 1, 1, tzinfo=UTC), [])


def _compiled(name: str, said: dict[str, Any], at: datetime, standards: list[str]) -> bytes:
    with _ONE_AT_A_TIME:  # the compiler keeps its inputs
        made = _compiler(name, state()).compile(
            format="pdf",
            sys_inputs={name: json.dumps(said, ensure_ascii=False)},
            pdf_standards=standards,  # type: ignore[arg-type] # words of a closed set
            timestamp=at,
        )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no PDF")
    return made


@lru_cache(maxsize=2)
def _compiler(name: str, now: State) -> Compiler:
    """One for each layout: it keeps the fonts and what it read."""
    path = _HERE / f"{name}.typ"
    return Compiler(str(path), root=str(_HERE), font_paths=fonts(now), ignore_system_fonts=True)
