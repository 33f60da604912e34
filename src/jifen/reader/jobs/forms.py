"""How often a page of a PDF draws forms that draw forms, counted before anything is drawn.

A form object (ISO 32000-2, 8.10) may draw others. Twelve that each draw the next ten times are
three kilobytes, and 10¹² drawings. Counted here are the drawings that the streams ask for, without
doing them. What this reader of PDF structure does not understand is not counted: the limits of the
process end it then.
"""

import re
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from jifen.reader.faults import RefusalReason, RefusedFile

MOST_DRAWINGS, DEEPEST = 50_000, 16
"""Of one page. Maps with many symbols stay far below."""
_MOST_PAGES = 10_000
_DRAWS = re.compile(
    rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]+)[\x00\t\n\x0c\r ]+Do(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
)
_NOT_UNDERSTOOD = (
    PdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


def refuse_nested_forms(content: bytes, page: int = 0) -> None:
    """Raise NotRead for a page (0: any) that draws too many forms, or too deep."""
    try:
        root = PdfFileReader(BytesIO(content), strict=False).root
        pages = _list_pages(root["/Pages"], {})
    except _NOT_UNDERSTOOD:
        return
    for number, (page_node, resources) in enumerate(pages, 1):
        if page in (0, number):
            _refuse_page(page_node, resources, number)


def _refuse_page(page: Any, resources: Any, number: int) -> None:
    count = _DrawingCounter()
    try:
        drawings = count.count_drawings(_join_streams(page), resources, 0)
    except _TooDeep:
        raise RefusedFile(RefusalReason.NESTED, page=number) from None
    except _NOT_UNDERSTOOD:
        return
    if drawings > MOST_DRAWINGS:
        raise RefusedFile(RefusalReason.NESTED, page=number)


def _list_pages(node: Any, resources: Any) -> list[tuple[Any, Any]]:
    """Every page with the resources that it has or inherits (ISO 32000-2, 7.7.3.4)."""
    waiting, pages = [(node, resources)], list[tuple[Any, Any]]()
    while waiting:
        node, inherited = waiting.pop()
        own = node.get("/Resources", inherited)
        kids = node.get("/Kids") if node.get("/Type") != "/Page" else None
        if kids is None:
            pages.append((node, own))
        else:
            waiting += [(kid.get_object(), own) for kid in reversed(list(kids))]
        if len(pages) + len(waiting) > _MOST_PAGES:
            raise ValueError("a tree of pages without end")
    return pages


def _join_streams(page: Any) -> bytes:
    contents = page.get("/Contents", ArrayObject())
    parts = contents if isinstance(contents, ArrayObject) else ArrayObject([contents])
    streams = (part.get_object() for part in parts)
    return b"\n".join(part.data for part in streams if isinstance(part, StreamObject))


class _TooDeep(Exception):
    """Deeper than is drawn, or drawn by itself."""


class _DrawingCounter:
    """Drawings of each form, counted once."""

    def __init__(self) -> None:
        self._counted: dict[tuple[Any, Any], int] = {}

    def count_drawings(self, stream: bytes, resources: Any, depth: int) -> int:
        """How many forms are drawn."""
        if depth > DEEPEST:
            raise _TooDeep
        forms = resources.get("/XObject", {}) if resources is not None else {}
        times: dict[str, int] = {}
        for name in _DRAWS.findall(stream):
            label = "/" + _decode_name(name)
            times[label] = times.get(label, 0) + 1
        return sum(
            many * (1 + self._count_inside(forms, name, resources, depth))
            for name, many in times.items()
        )

    def _count_inside(self, forms: Any, name: str, resources: Any, depth: int) -> int:
        if name not in forms:
            return 0
        key = (str(forms.raw_get(name)), depth)
        if key not in self._counted:
            form = forms[name]
            drawn = isinstance(form, StreamObject) and form.get("/Subtype") == "/Form"
            own = form.get("/Resources", resources) if drawn else None
            self._counted[key] = self.count_drawings(form.data, own, depth + 1) if drawn else 0
        return self._counted[key]


def _decode_name(name: bytes) -> str:
    """A name with its #41 as A."""
    return re.sub(
        r"#([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), name.decode("latin-1")
    )
