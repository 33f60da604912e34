"""Pictures, by Pillow; those of phones (HEIC) by libheif."""

from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from jifen.reader.faults import NotRead, Reason

pillow_heif.register_heif_opener(thumbnails=False)
FORMATS = {"jpeg": "JPEG", "png": "PNG", "heic": "HEIF"}
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow raises for damaged files."""
QUALITY = 90
"""Of a JPEG made from a picture of a phone: no loss that a reader of documents sees."""


def look(content: bytes, kind: str, pixels: int) -> tuple[dict[str, Any], bytes]:
    """Width and height in pixels. The body is the same picture as a JPEG where the kind is 'heic',
    which not every browser shows, and empty otherwise."""
    picture = opened(content, kind, pixels)
    body = as_jpeg(picture, QUALITY) if kind == "heic" else b""
    return {"width": picture.width, "height": picture.height}, body


def draw(content: bytes, kind: str, pixels: int, width: int) -> tuple[dict[str, Any], bytes]:
    """A JPEG at most `width` pixels wide, upright, without metadata."""
    try:
        picture = ImageOps.exif_transpose(opened(content, kind, pixels))
    except _BROKEN as error:
        raise NotRead(Reason.DAMAGED) from error
    return {}, as_jpeg(narrowed(picture, width), 82)


def opened(content: bytes, kind: str, pixels: int) -> Image.Image:
    """A decoded picture. Its size comes from the head of the file, before a pixel is decoded."""
    try:
        picture = Image.open(BytesIO(content), formats=[FORMATS[kind]])
        if picture.width * picture.height > pixels:
            raise NotRead(Reason.PIXELS, most=pixels)
        picture.load()
    except NotRead:
        raise
    except Image.DecompressionBombError:
        raise NotRead(Reason.PIXELS, most=pixels) from None
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise NotRead(Reason.DAMAGED) from error
    return picture


def narrowed(picture: Image.Image, width: int) -> Image.Image:
    """The same, at most so wide."""
    if picture.width <= width:
        return picture
    return picture.resize((width, max(round(picture.height * width / picture.width), 1)))


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """A JPEG without metadata."""
    made = BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=quality)
    return made.getvalue()
