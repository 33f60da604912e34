"""Documents and pictures, looked at and drawn in a reading process."""

from dataclasses import dataclass
from typing import Any, Literal

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.limits import ReaderLimits
from jifen.reader.pool import ReaderPool, shared_pool

DocumentKind = Literal["pdf", "jpeg", "png", "heic"]
MOST_PAGES = 50
MOST_PIXELS = 40_000_000
LIMITS = ReaderLimits()
TEXT_LIMITS = ReaderLimits(processor=2, wall=4.0, answer=64 * 1024)
TEXT_PAGES, TEXT_CHARACTERS = 2, 4_000


@dataclass(frozen=True, slots=True)
class DocumentShape:
    """What a file is: its pages, and the size of the largest in pixels (of a PDF: at 72 dpi).
    `jpeg`: a phone's picture as a JPEG, empty for the other kinds."""

    pages: int
    width: int
    height: int
    jpeg: bytes = b""


def inspect_document(
    content: bytes,
    kind: DocumentKind,
    *,
    limits: ReaderLimits = LIMITS,
    pool: ReaderPool | None = None,
) -> DocumentShape:
    """Look at a whole file. Raises NotRead."""
    pool = pool or shared_pool()
    if kind == "pdf":
        values, _ = pool.ask("look at a pdf", content, {"most": MOST_PAGES}, limits)
        pages, width, height = _read_numbers(values, "pages", "width", "height")
        return DocumentShape(pages, width, height)
    given = {"kind": kind, "pixels": MOST_PIXELS}
    values, jpeg = pool.ask("look at a picture", content, given, limits)
    width, height = _read_numbers(values, "width", "height")
    return DocumentShape(1, width, height, jpeg)


def draw_page(
    content: bytes,
    kind: DocumentKind,
    page: int = 1,
    width: int = 900,
    *,
    limits: ReaderLimits = LIMITS,
    pool: ReaderPool | None = None,
) -> bytes:
    """One page as a JPEG at most `width` pixels wide, upright, without metadata. Raises NotRead."""
    pool = pool or shared_pool()
    given: dict[str, Any] = {"width": width}
    if kind == "pdf":
        return pool.ask("draw a pdf", content, given | {"page": page}, limits)[1]
    given |= {"kind": kind, "pixels": MOST_PIXELS}
    return pool.ask("draw a picture", content, given, limits)[1]


def read_first_text(content: bytes, *, pool: ReaderPool | None = None) -> str:
    """The text of the first two pages of a PDF, at most 4,000 characters; '' of a scan. Raises
    RefusedFile where that takes more than two seconds."""
    pool = pool or shared_pool()
    given = {"pages": TEXT_PAGES, "most": TEXT_CHARACTERS}
    _, text = pool.ask("read the text of a pdf", content, given, TEXT_LIMITS)
    return text.decode("utf-8", "replace")[: TEXT_CHARACTERS + TEXT_PAGES]


def _read_numbers(values: dict[str, Any], *names: str) -> list[int]:
    """Whole numbers of an answer, which a file that took its process over may have written."""
    numbers = [values.get(name) for name in names]
    if not all(isinstance(number, int) and 0 <= number < 2**31 for number in numbers):
        raise RefusedFile(RefusalReason.CRASHED)
    return [int(number) for number in numbers if number is not None]
