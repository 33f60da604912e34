"""What a file is, by its content: PDF, JPEG or PNG within bounds, or a fault with words."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.names import clean_name
from jifen.office.uploads.pdf import open_pdf

__all__ = ["Looked", "UploadFault", "clean_name", "inspect"]

MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 50
MOST_PIXELS = 40_000_000
_MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_EXTENSION = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png"}
_OTHERS: tuple[tuple[Callable[[bytes], bool], str, str], ...] = (
    (
        lambda b: b[4:8] == b"ftyp" and b[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"),
        "这是 HEIC 照片。请在手机相机设置中选择“兼容性最佳”，或另存为 JPEG 后再上传。",
        "This is a HEIC picture. Set the camera to 'most compatible', or save it as a JPEG.",
    ),
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
class Looked:
    """A file as it is: sizes in bytes and pixels (a PDF's largest page at 72 dpi)."""

    kind: str
    media_type: str
    extension: str
    size: int
    sha256: str
    pages: int
    width: int
    height: int


def inspect(content: bytes, name: str) -> Looked:
    """Look at a file; its name decides nothing. Raises UploadFault."""
    del name
    _refuse_size(content)
    kind = _kind(content)
    pages, width, height = _pdf(content) if kind == "pdf" else _picture(content, kind)
    digest = hashlib.sha256(content).hexdigest()
    return Looked(kind, _MEDIA[kind], _EXTENSION[kind], len(content), digest, pages, width, height)


def _refuse_size(content: bytes) -> None:
    if not content:
        raise UploadFault(
            "JF-U001", "文件是空的。请重新选择文件。", "The file is empty: choose another file."
        )
    if len(content) > MOST_BYTES:
        size = len(content) / 1024 / 1024
        raise UploadFault(
            "JF-U002",
            f"文件有 {size:.1f} MB，超过 10 MB。请降低扫描分辨率（200 dpi 足够）或分成几个文件。",
            f"The file has {size:.1f} MB; at most 10 MB. Scan at 200 dpi, or split it.",
        )


def _kind(content: bytes) -> str:
    if content[:5] == b"%PDF-" or b"%PDF-" in content[:1024]:
        return "pdf"
    if content[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    for test, zh, en in _OTHERS:
        if test(content):
            raise UploadFault("JF-U003", zh, en)
    raise UploadFault(
        "JF-U003",
        "不是 PDF、JPEG 或 PNG 文件。请拍照或扫描成这三种格式之一。",
        "Not a PDF, JPEG or PNG file: photograph or scan it into one of these.",
    )


def _picture(content: bytes, kind: str) -> tuple[int, int, int]:
    """Sizes come from the head of the file before a single pixel is decoded."""
    try:
        with Image.open(BytesIO(content), formats=[kind.upper()]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise _too_large()
            picture.load()
    except UploadFault:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (UnidentifiedImageError, *BROKEN) as error:
        raise UploadFault(
            "JF-U005",
            "图片不完整或已损坏，无法打开。请重新拍照或导出。",
            "The picture is damaged or cut off. Take or export it again.",
        ) from error
    return 1, width, height


def _too_large() -> UploadFault:
    return UploadFault(
        "JF-U004",
        f"图片超过 {MOST_PIXELS // 1_000_000} 百万像素。请降低分辨率后上传。",
        f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels: make it smaller.",
    )


BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, MemoryError)
"""What Pillow raises for damaged files of the two kinds."""


def _pdf(content: bytes) -> tuple[int, int, int]:
    with open_pdf(content) as pdf:
        pages = len(pdf)
        if not pages:
            raise UploadFault("JF-U006", "PDF 没有页面。", "The PDF has no page.")
        if pages > MOST_PAGES:
            raise UploadFault(
                "JF-U007",
                f"PDF 有 {pages} 页，最多 {MOST_PAGES} 页。请只上传需要的页面。",
                f"The PDF has {pages} pages; at most {MOST_PAGES}.",
            )
        sizes = [pdf.get_page_size(number) for number in range(pages)]
        return pages, round(max(w for w, _ in sizes)), round(max(h for _, h in sizes))
