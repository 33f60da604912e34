"""Typesetting: a notice as a tagged PDF (PDF/UA-1, PDF/A-2a); the same notice, the same bytes."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from typst import Compiler

from jifen.office.notices.pdf.fonts import (
    FontFiles,
    check_characters,
    list_families,
    list_font_files,
    load_fonts,
)
from jifen.office.vault.private_codes import to_standard_characters

_HERE = Path(__file__).parent
_ONE_AT_A_TIME = Lock()
STANDARDS = ["ua-1", "a-2a"]


def typeset_notice(
    content: dict[str, Any],
    *,
    number: str = "",
    code: str = "",
    address: str = "",
    square: str = "",
) -> bytes:
    """The PDF of a notice, not signed yet; set tighter where that makes it one page. `square`: its
    square code as SVG ('' for none). Raises NotInFonts."""
    content = _map_private_codes(content)
    check_characters(content)
    on = date.fromisoformat(content["date"])
    inputs = content | {
        "number": number,
        "code": code,
        "address": address,
        "square": square,
        "fonts": list_families(list_font_files()),
        "ymd": [on.year, on.month, on.day],
        "tight": False,
    }
    pdf = compile_pdf(_HERE, "paper", inputs, get_notice_moment(on), STANDARDS)
    if count_pages(pdf) == 1:
        return pdf
    tight = compile_pdf(_HERE, "paper", inputs | {"tight": True}, get_notice_moment(on), STANDARDS)
    return tight if count_pages(tight) == 1 else pdf


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])


def _map_private_codes(content: Any) -> Any:
    """The content in characters of the standard: one that was frozen with the private codes of an
    older system is printed like any other."""
    if isinstance(content, str):
        return to_standard_characters(content)
    if isinstance(content, dict):
        return {key: _map_private_codes(value) for key, value in content.items()}
    return [_map_private_codes(part) for part in content] if isinstance(content, list) else content


def typeset_report(content: dict[str, Any]) -> bytes:
    """A report of figures as a PDF: `title`, `label` (what must be read first), `date`, `head`
    (pairs of a label and a value) and `tables` (caption, heads, rows). The same content gives the
    same bytes. Raises NotInFonts."""
    check_characters(content)
    on = date.fromisoformat(content["date"])
    inputs = content | {
        "fonts": list_families(list_font_files()),
        "ymd": [on.year, on.month, on.day],
    }
    return compile_pdf(_HERE, "report", inputs, get_notice_moment(on), STANDARDS)


def get_notice_moment(on: date) -> datetime:
    """The time that stands in the file of a notice: the first moment of its day (Chinese time), so
    that bytes repeat and no signature is of a time to come."""
    return datetime.combine(on, time(), timezone(timedelta(hours=8))).astimezone(UTC)


def draw_seal(around: str, middle: str, below: str) -> bytes:
    """The visible stamp as a PDF of one page."""
    return _draw_seal(around, middle, below, list_font_files())


@lru_cache(maxsize=256)
def _draw_seal(around: str, middle: str, below: str, font_files: FontFiles) -> bytes:
    inputs = {
        "around": around,
        "middle": middle,
        "below": below,
        "fonts": list_families(font_files),
    }
    check_characters(inputs)
    return compile_pdf(_HERE, "seal", inputs, datetime(2020, 1, 1, tzinfo=UTC), [])


def compile_pdf(
    folder: Path, name: str, inputs: dict[str, Any], at: datetime, standards: list[str]
) -> bytes:
    """The layout `name` of a folder with its inputs; the same bytes for the same inputs."""
    with _ONE_AT_A_TIME:  # the compiler keeps its inputs
        pdf = _load_compiler(folder, name, list_font_files()).compile(
            format="pdf",
            sys_inputs={name: json.dumps(inputs, ensure_ascii=False)},
            pdf_standards=standards,  # type: ignore[arg-type] # words of a closed set
            timestamp=at,
        )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no PDF")
    return pdf


@lru_cache(maxsize=4)
def _load_compiler(folder: Path, name: str, font_files: FontFiles) -> Compiler:
    """One for each layout: it keeps the fonts and what it read."""
    path = folder / f"{name}.typ"
    return Compiler(
        str(path), root=str(folder), font_paths=load_fonts(font_files), ignore_system_fonts=True
    )
