"""Documents and pictures, looked at and drawn in a reading process."""

from dataclasses import dataclass
from typing import Any, Literal

from jifen.reader.faults import NotRead, Reason
from jifen.reader.limits import Limits
from jifen.reader.pool import Pool, shared

Kind = Literal["pdf", "jpeg", "png", "heic"]
MOST_PAGES = 50
MOST_PIXELS = 40_000_000
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file is: its pages, and the size of the largest in pixels (of a PDF: at 72 dpi).
    `jpeg`: a phone's picture as a JPEG, empty for the other kinds."""

    pages: int
    width: int
    height: int
    jpeg: bytes = b""


def look(content: bytes, kind: Kind, *, limits: Limits = LIMITS, pool: Pool | None = None) -> Shape:
    """Look at a whole file. Raises NotRead."""
    pool = pool or shared()
    if kind == "pdf":
        values, _ = pool.ask("look at a pdf", content, {"most": MOST_PAGES}, limits)
        pages, width, height = _numbers(values, "pages", "width", "height")
        return Shape(pages, width, height)
    given = {"kind": kind, "pixels": MOST_PIXELS}
    values, jpeg = pool.ask("look at a picture", content, given, limits)
    width, height = _numbers(values, "width", "height")
    return Shape(1, width, height, jpeg)


def draw(
    content: bytes,
    kind: Kind,
    page: int = 1,
    width: int = 900,
    *,
    limits: Limits = LIMITS,
    pool: Pool | None = None,
) -> bytes:
    """One page as a JPEG at most `width` pixels wide, upright, without metadata. Raises NotRead."""
    pool = pool or shared()
    given: dict[str, Any] = {"width": width}
    if kind == "pdf":
        return pool.ask("draw a pdf", content, given | {"page": page}, limits)[1]
    given |= {"kind": kind, "pixels": MOST_PIXELS}
    return pool.ask("draw a picture", content, given, limits)[1]


def _numbers(values: dict[str, Any], *names: str) -> list[int]:
    """Whole numbers of an answer, which a file that took its process over may have written."""
    numbers = [values.get(name) for name in names]
    if not all(isinstance(number, int) and 0 <= number < 2**31 for number in numbers):
        raise NotRead(Reason.CRASHED)
    return [int(number) for number in numbers if number is not None]
