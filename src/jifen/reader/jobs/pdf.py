"""PDF files, by PDFium."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
from PIL import Image

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.jobs.forms import refuse_nested_forms
from jifen.reader.jobs.pictures import encode_jpeg, limit_width

_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
"""Names of what runs or carries other files. Only what stands uncompressed is seen by this scan;
what is hidden in object streams is not, so pages are shown to clerks as pictures, never by a
viewer that would run it."""
_HIGHEST = 4000
"""Pixels: a very long page is drawn smaller rather than larger than memory."""


def inspect_pdf(content: bytes, most: int) -> tuple[dict[str, Any], bytes]:
    """Pages, at most `most`, and the size of the largest in points (1/72 inch)."""
    if active := _ACTIVE.search(content):
        raise RefusedFile(RefusalReason.ACTIVE, name=active[1].decode())
    with _open_pdf(content) as pdf:
        pages = len(pdf)
        if not pages:
            raise RefusedFile(RefusalReason.NO_PAGE)
        if pages > most:
            raise RefusedFile(RefusalReason.PAGES, pages=pages, most=most)
        sizes = [pdf.get_page_size(number) for number in range(pages)]
    refuse_nested_forms(content)
    width, height = (round(max(sides)) for sides in zip(*sizes, strict=True))
    return {"pages": pages, "width": width, "height": height}, b""


def draw_pdf_page(content: bytes, page: int, width: int) -> tuple[dict[str, Any], bytes]:
    """A JPEG of one page, counted from 1."""
    with _open_pdf(content) as pdf:
        pages = len(pdf)
        if not 1 <= page <= pages:
            raise RefusedFile(RefusalReason.NO_SUCH_PAGE, page=page, pages=pages)
        refuse_nested_forms(content, page)
        wide, high = pdf.get_page_size(page - 1)
        scale = min(width / max(wide, 1), _HIGHEST / max(high, 1))
        picture: Image.Image = pdf[page - 1].render(scale=scale).to_pil()
        return {}, encode_jpeg(limit_width(picture, width), 82)


def read_pdf_text(content: bytes, pages: int, most: int) -> tuple[dict[str, Any], bytes]:
    """The text that the first pages carry as text, at most so many characters, as UTF-8; a scan has
    none."""
    parts: list[str] = []
    left = most
    with _open_pdf(content) as pdf:
        for number in range(min(pages, len(pdf))):
            refuse_nested_forms(content, number + 1)
            text_page = pdf[number].get_textpage()
            text = text_page.get_text_range(0, min(left, max(text_page.count_chars(), 0)))
            parts.append(text[:left])
            left -= len(parts[-1])
            if left <= 0:
                break
    return {}, "\n".join(parts).encode("utf-8", "replace")


@contextmanager
def _open_pdf(content: bytes) -> Iterator[Any]:
    try:
        pdf = pypdfium2.PdfDocument(content)
        yield pdf
    except pypdfium2.PdfiumError as error:
        asks = "password" in str(error).lower()
        raise RefusedFile(RefusalReason.PASSWORD if asks else RefusalReason.DAMAGED) from error
