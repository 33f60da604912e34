"""Pictures, by Pillow; those of phones (HEIC) by libheif."""

from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from jifen.reader.faults import RefusalReason, RefusedFile

pillow_heif.register_heif_opener(thumbnails=False)
FORMATS = {"jpeg": "JPEG", "png": "PNG", "heic": "HEIF"}
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow raises for damaged files."""
QUALITY = 90
"""Of a JPEG made from a picture of a phone: no loss that a reader of documents sees."""


def inspect_picture(content: bytes, kind: str, pixels: int) -> tuple[dict[str, Any], bytes]:
    """Width and height in pixels. The body is the same picture as a JPEG where the kind is 'heic',
    which not every browser shows, and empty otherwise."""
    picture = open_picture(content, kind, pixels)
    body = encode_jpeg(picture, QUALITY) if kind == "heic" else b""
    return {"width": picture.width, "height": picture.height}, body


def draw_picture(
    content: bytes, kind: str, pixels: int, width: int
) -> tuple[dict[str, Any], bytes]:
    """A JPEG at most `width` pixels wide, upright, without metadata."""
    try:
        picture = ImageOps.exif_transpose(open_picture(content, kind, pixels))
    except _BROKEN as error:
        raise RefusedFile(RefusalReason.DAMAGED) from error
    return {}, encode_jpeg(limit_width(picture, width), 82)


def open_picture(content: bytes, kind: str, pixels: int) -> Image.Image:
    """A decoded picture. Its size comes from the head of the file, before a pixel is decoded."""
    try:
        picture = Image.open(BytesIO(content), formats=[FORMATS[kind]])
        if picture.width * picture.height > pixels:
            raise RefusedFile(RefusalReason.PIXELS, most=pixels)
        picture.load()
    except RefusedFile:
        raise
    except Image.DecompressionBombError:
        raise RefusedFile(RefusalReason.PIXELS, most=pixels) from None
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise RefusedFile(RefusalReason.DAMAGED) from error
    return picture


def limit_width(picture: Image.Image, width: int) -> Image.Image:
    """The same, at most so wide."""
    if picture.width <= width:
        return picture
    return picture.resize((width, max(round(picture.height * width / picture.width), 1)))


def encode_jpeg(picture: Image.Image, quality: int) -> bytes:
    """A JPEG without metadata."""
    output = BytesIO()
    picture.convert("RGB").save(output, "JPEG", quality=quality)
    return output.getvalue()
