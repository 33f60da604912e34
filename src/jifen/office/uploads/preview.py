"""A page as a picture that was made by a reading process: safe to show, whatever the file holds."""

from typing import cast

from jifen.office.uploads.refusals import to_upload_fault
from jifen.office.uploads.words import say
from jifen.reader.documents import DocumentKind, draw_page
from jifen.reader.faults import RefusedFile


def draw_preview(content: bytes, kind: str, page: int = 1, width: int = 900) -> bytes:
    """A JPEG of one page, at most `width` pixels wide, upright, without metadata. Raises
    UploadFault where there is no such page or it cannot be drawn."""
    try:
        return draw_page(content, cast(DocumentKind, kind), page, width)
    except RefusedFile as fault:
        raise to_upload_fault(fault, _CUT_PDF if kind == "pdf" else _CUT_PICTURE) from fault


_CUT_PICTURE = (
    "JF-U005",
    say("preview.the_picture_is_damaged"),
)
_CUT_PDF = (
    "JF-U010",
    say("preview.the_pdf_is_damaged"),
)
