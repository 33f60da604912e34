"""What a file is, by its content: PDF, JPEG, PNG or a phone's HEIC within bounds, or a fault with
words. Its first bytes say what it claims to be; only a reading process looks further."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.names import clean_name
from jifen.office.uploads.refusals import to_upload_fault
from jifen.policy.text import Text
from jifen.reader.documents import DocumentKind, inspect_document
from jifen.reader.faults import RefusedFile

__all__ = ["InspectedFile", "UploadFault", "clean_name", "inspect_file"]

MAX_BYTES = 10 * 1024 * 1024
_MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_EXTENSION = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png"}
_PHONES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_REFUSED_FORMATS: tuple[tuple[Callable[[bytes], bool], str, str], ...] = (
    (
        lambda b: b[:4] == b"PK\x03\x04" or b[:4] == b"\xd0\xcf\x11\xe0",
        "这是 Office 文档或压缩包。请另存为 PDF 后再上传。",
        "This is an Office document or an archive. Save it as a PDF.",
    ),
    (
        lambda b: b[:4] == b"GIF8",
        "这是 GIF 图片。请另存为 JPEG 或 PNG。",
        "This is a GIF: use JPEG or PNG.",
    ),
    (
        lambda b: b.lstrip()[:1] == b"<",
        "这是网页或 SVG 文件，不能作为材料。请上传 PDF、JPEG 或 PNG。",
        "This is a web page or an SVG: upload a PDF, JPEG or PNG.",
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
    Text(
        "图片不完整或已损坏，无法打开。请重新拍照或导出。",
        "The picture is damaged or cut off. Take or export it again.",
    ),
)
_CUT_PDF = (
    "JF-U010",
    Text(
        "PDF 不完整或已损坏，无法打开。请重新导出或扫描。",
        "The PDF is damaged or cut off: export or scan it again.",
    ),
)


def _refuse_size(content: bytes) -> None:
    if not content:
        raise UploadFault(
            "JF-U001", "文件是空的。请重新选择文件。", "The file is empty: choose another file."
        )
    if len(content) > MAX_BYTES:
        size = len(content) / 1024 / 1024
        raise UploadFault(
            "JF-U002",
            f"文件有 {size:.1f} MB，超过 10 MB。请降低扫描分辨率（200 dpi 足够）或分成几个文件。",
            f"The file has {size:.1f} MB; at most 10 MB. Scan at 200 dpi, or split it.",
        )


def _detect_kind(content: bytes) -> DocumentKind:
    if content[:5] == b"%PDF-" or b"%PDF-" in content[:1024]:
        return "pdf"
    if content[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _PHONES:
        return "heic"
    for test, zh, en in _REFUSED_FORMATS:
        if test(content):
            raise UploadFault("JF-U003", zh, en)
    raise UploadFault(
        "JF-U003",
        "不是 PDF、JPEG、PNG 或 HEIC 文件。请拍照或扫描成其中一种格式。",
        "Not a PDF, JPEG, PNG or HEIC file: photograph or scan it into one of these.",
    )
