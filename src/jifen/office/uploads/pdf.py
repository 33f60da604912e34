"""PDF files through PDFium, which is not safe to use from several threads at once."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2

from jifen.office.uploads.fault import UploadFault

_LOCK = threading.RLock()
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
"""Names of what runs or carries other files. Only what stands uncompressed is seen by this scan;
what is hidden in object streams is not, so pages are shown to clerks as pictures, never by a
viewer that would run it."""


@contextmanager
def open_pdf(content: bytes) -> Iterator[Any]:
    """A document, while nobody else uses PDFium. Raises UploadFault."""
    if found := _ACTIVE.search(content):
        raise UploadFault(
            "JF-U008",
            f"PDF 含有可执行内容或附件（{found[1].decode()}）。请“打印”为普通 PDF 后上传。",
            f"The PDF holds active content or attachments ({found[1].decode()}): print it to a "
            "plain PDF.",
        )
    with _LOCK:
        try:
            pdf = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise _unreadable(str(error)) from error
        try:
            yield pdf
        except pypdfium2.PdfiumError as error:
            raise _unreadable(str(error)) from error
        finally:
            pdf.close()


def _unreadable(why: str) -> UploadFault:
    if "password" in why.lower():
        return UploadFault(
            "JF-U009",
            "PDF 有密码保护。请去掉密码后上传。",
            "The PDF is protected by a password: remove it and upload the file again.",
        )
    return UploadFault(
        "JF-U010",
        "PDF 不完整或已损坏，无法打开。请重新导出或扫描。",
        "The PDF is damaged or cut off: export or scan it again.",
    )
