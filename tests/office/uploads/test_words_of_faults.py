"""What is read where a file is protected, has no such page, or cannot be kept."""

import errno
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from jifen.office.documents import actions as documents
from jifen.office.documents.models import Document
from jifen.office.uploads.inspection import inspect_file
from jifen.office.uploads.preview import draw_preview
from tests.world.faults import refused
from tests.world.office import photo, user


def pdf(pages: int) -> bytes:
    """A PDF with empty A4 pages."""
    made, content = pypdfium2.PdfDocument.new(), BytesIO()
    for _ in range(pages):
        made.new_page(595, 842)
    made.save(content)
    return content.getvalue()


def protected(content: bytes) -> bytes:
    """The same with a password."""
    writer: Any = copy_into_new_writer(PdfFileReader(BytesIO(content)))
    sealed = BytesIO()
    writer.encrypt("owner", "reader")
    writer.write(sealed)
    return sealed.getvalue()


def test_a_file_with_a_password_is_to_be_uploaded_without() -> None:
    with refused(
        "JF-U009",
        "PDF 有密码保护。请去掉密码后上传。",
        "The PDF is protected by a password: remove it and upload the file again.",
    ):
        inspect_file(protected(pdf(1)), "a.pdf")


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_there_is_not_says_how_many_there_are(page: int) -> None:
    with refused(
        "JF-U011",
        f"没有第 {page} 页，此文件共 2 页。请选择其中一页。",
        f"There is no page {page}: the file has 2. Choose one of them.",
    ):
        draw_preview(pdf(2), "pdf", page)


def test_a_picture_that_cannot_be_shown_is_to_be_made_again() -> None:
    with refused(
        "JF-U005",
        "图片已损坏，无法显示。请重新拍照或扫描后上传。",
        "The picture is damaged and cannot be shown: photograph or scan it again.",
    ):
        draw_preview(photo()[:-200], "jpeg")


@pytest.mark.django_db
def test_a_full_disk_is_our_fault_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(documents.get_storage()), "save", full)
    with refused(
        "JF-U012",
        "现在无法保存文件（系统存储故障），您的其他内容没有受影响。请稍后再传。",
        "The file cannot be kept now (our storage); nothing else was touched. Try again later.",
    ):
        documents.store_document(photo("orange"), "a.jpg", user("somebody"))
    assert not Document.objects.exists()
