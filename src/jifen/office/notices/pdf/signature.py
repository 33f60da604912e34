"""Sealing: a PAdES signature (ETSI EN 319 142) with a visible stamp; any later change shows."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.stamp import StaticStampStyle

FIELD = "Seal"
_MM = 72 / 25.4
_SIDE = 34 * _MM
_LEFT, _BOTTOM = 210 - 22 - 42 - 3 - 34, 24
"""Where the stamp stands: beside the office and the date, in millimetres from the lower left."""


def seal_pdf(pdf: bytes, by: Signer, picture: bytes, at: datetime, name: str) -> bytes:
    """The PDF with a certifying signature on its last page: nothing may be changed after it.
    `name`: what a screen reader says of the stamp. Steady: the same bytes for the same input
    where the key's signature is steady."""
    writer = _ReproducibleWriter(BytesIO(pdf))
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=name,
    )
    left, bottom = _LEFT * _MM, _BOTTOM * _MM
    box = tuple(round(x) for x in (left, bottom, left + _SIDE, bottom + _SIDE))
    field = SigFieldSpec(
        FIELD,
        on_page=-1,
        box=(box[0], box[1], box[2], box[3]),
        readable_field_name=name,
    )
    style = StaticStampStyle(background=_StampPicture(picture), border_width=0)
    signer = _SignerAtTime(meta, by, at, stamp_style=style, new_field_spec=field)
    reserve: int | None = getattr(by, "reserve", None)  # None: measured by a signature on trial
    output = _run_outside_loops(lambda: signer.sign_pdf(writer, bytes_reserved=reserve))
    return output.getvalue()


def _run_outside_loops(sign: Callable[[], BytesIO]) -> BytesIO:
    """The library starts an event loop of its own, which a thread that runs one already refuses."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return sign()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(sign).result()


class _ReproducibleWriter(IncrementalPdfFileWriter):
    """Names the new revision after what it was made from, not at random; leaves the title, the
    dates and the marks of PDF/UA as they were typeset."""

    def _update_meta(self) -> None:
        pass

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> Any:
        first, last = prev.trailer["/ID"]
        revision_id = sha256(bytes(last.original_bytes)).digest()[:16]
        return generic.ArrayObject([first, generic.ByteStringObject(revision_id)])


class _SignerAtTime(PdfSigner):
    """Signs at the time of the notice."""

    def __init__(self, meta: PdfSignatureMetadata, by: Signer, at: datetime, **more: Any) -> None:
        super().__init__(meta, by, **more)
        self._at = at

    def init_signing_session(self, *args: Any, **more: Any) -> Any:
        """The session, at that time."""
        session = super().init_signing_session(*args, **more)
        session.system_time = self._at
        return session


class _StampPicture(PdfContent):
    """A page of a PDF as the stamp, under a steady name."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        """Draw it."""
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject["/Stamp"] = page
        x1, y1, x2, y2 = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(x1 - x2), height=abs(y1 - y2))
        return b"/Stamp Do"
