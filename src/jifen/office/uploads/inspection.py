"""What a file is, by its content: PDF, JPEG, PNG or a phone's HEIC within bounds, or a fault with
words. Its first bytes say what it claims to be; only a reading process looks further."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.names import clean_name
from jifen.office.uploads.refusals import to_upload_fault
from jifen.office.uploads.words import say
from jifen.policy.text import Text
from jifen.reader.documents import DocumentKind, inspect_document
from jifen.reader.faults import RefusedFile

__all__ = ["InspectedFile", "UploadFault", "clean_name", "inspect_file"]

MAX_BYTES = 10 * 1024 * 1024
_MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_EXTENSION = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png"}
_PHONES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_REFUSED_FORMATS: tuple[tuple[Callable[[bytes], bool], Text], ...] = (
    (
        lambda b: b[:4] == b"PK\x03\x04" or b[:4] == b"\xd0\xcf\x11\xe0",
        say("inspection.office_document"),
    ),
    (
        lambda b: b[:4] == b"GIF8",
        say("inspection.gif"),
    ),
    (
        lambda b: b.lstrip()[:1] == b"<",
        say("inspection.web_page"),
    ),
)


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file as it is kept: sizes in bytes and pixels (a PDF's largest page at 72 dpi). `content`
    is what was uploaded, or the JPEG made from a phone's HEIC picture."""

    kind: str
    media_type: str
    extension: str
    size: int
    sha256: str
    pages: int
    width: int
    height: int
    content: bytes


def inspect_file(content: bytes, name: str) -> InspectedFile:
    """Look at a file; its name decides nothing. Raises UploadFault."""
    del name
    _refuse_size(content)
    kind = _detect_kind(content)
    try:
        shape = inspect_document(content, kind)
    except RefusedFile as fault:
        raise to_upload_fault(fault, _CUT_PDF if kind == "pdf" else _CUT_PICTURE) from fault
    stored_content, kind = (shape.jpeg, "jpeg") if kind == "heic" else (content, kind)
    _refuse_size(stored_content)
    digest = hashlib.sha256(stored_content).hexdigest()
    return InspectedFile(
        kind,
        _MEDIA[kind],
        _EXTENSION[kind],
        len(stored_content),
        digest,
        shape.pages,
        shape.width,
        shape.height,
        stored_content,
    )


_CUT_PICTURE = (
    "JF-U005",
    say("inspection.the_picture_is_damaged"),
)
_CUT_PDF = (
    "JF-U010",
    say("inspection.the_pdf_is_damaged"),
)


def _refuse_size(content: bytes) -> None:
    if not content:
        raise UploadFault("JF-U001", say("inspection.the_file_is_empty_choose"))
    if len(content) > MAX_BYTES:
        size = len(content) / 1024 / 1024
        raise UploadFault("JF-U002", say("inspection.the_file_has_mb", size=size))


def _detect_kind(content: bytes) -> DocumentKind:
    if content[:5] == b"%PDF-" or b"%PDF-" in content[:1024]:
        return "pdf"
    if content[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _PHONES:
        return "heic"
    for test, words in _REFUSED_FORMATS:
        if test(content):
            raise UploadFault("JF-U003", words)
    raise UploadFault("JF-U003", say("inspection.not_a_pdf_jpeg_png"))
