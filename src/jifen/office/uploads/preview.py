"""A page as a picture that was made here: safe to show, whatever the file holds."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.inspect import BROKEN
from jifen.office.uploads.pdf import open_pdf


def preview(content: bytes, kind: str, page: int = 1, width: int = 900) -> bytes:
    """A JPEG of one page, at most `width` pixels wide, upright, without metadata. Raises
    UploadFault where there is no such page or it cannot be drawn."""
    picture = _page(content, page, width) if kind == "pdf" else _upright(content)
    if picture.width > width:
        picture = picture.resize((width, max(round(picture.height * width / picture.width), 1)))
    made = BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=82)
    return made.getvalue()


def _page(content: bytes, page: int, width: int) -> Image.Image:
    with open_pdf(content) as pdf:
        if not 1 <= page <= len(pdf):
            raise UploadFault(
                "JF-U011",
                f"没有第 {page} 页，此文件共 {len(pdf)} 页。请选择其中一页。",
                f"There is no page {page}: the file has {len(pdf)}. Choose one of them.",
            )
        wide, high = pdf.get_page_size(page - 1)
        # a very long page is drawn smaller rather than larger than memory
        scale = min(width / max(wide, 1), 4000 / max(high, 1))
        found: Any = pdf[page - 1].render(scale=scale).to_pil()
        made: Image.Image = found.copy()
        return made


def _upright(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
            return ImageOps.exif_transpose(picture).copy()
    except BROKEN as error:
        raise UploadFault(
            "JF-U005",
            "图片已损坏，无法显示。请重新拍照或扫描后上传。",
            "The picture is damaged and cannot be shown: photograph or scan it again.",
        ) from error
