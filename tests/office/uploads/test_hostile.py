"""A file that was made to hurt is refused in words, and the pages answer meanwhile."""

import threading
from io import BytesIO
from queue import Queue

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from jifen.office.casework.models import MaterialVersion, Workbook
from jifen.office.documents.actions import read_content, store_document
from jifen.office.documents.models import Document
from jifen.office.uploads import preview as previews
from jifen.office.uploads.inspection import inspect_file
from jifen.office.uploads.preview import draw_preview
from jifen.office.uploads.refusals import to_upload_fault
from jifen.policy.text import Text
from jifen.reader import documents
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.limits import MIB, ReaderLimits
from jifen.reader.pool import ReaderPool
from tests.world.faults import refused
from tests.world.hostile import far_cell, large_png, nested_pdf, slow_pdf
from tests.world.office import Office, photo, user


def test_shapes_within_shapes_are_refused_when_they_are_uploaded() -> None:
    with refused(
        "JF-U013",
        "PDF 第 1 页的图形层层嵌套，无法显示。请把文件“打印”为普通 PDF 后上传。",
        "Page 1 of the PDF draws shapes within shapes without end: print the file to a plain PDF.",
    ):
        inspect_file(nested_pdf(12, 10), "a.pdf")


def test_a_page_that_takes_too_long_is_refused_when_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents.draw_page, "__kwdefaults__", _with(ReaderLimits(processor=1)))
    with refused(
        "JF-U014",
        "打开此文件用时过长，已停止。请“打印”或另存为新的文件后重试。",
        "Opening the file takes too long, and was stopped: print or save it as a new file.",
    ):
        draw_preview(slow_pdf(), "pdf")


def test_a_picture_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        documents.inspect_document, "__kwdefaults__", _with(ReaderLimits(memory=120 * MIB))
    )
    with refused(
        "JF-U014",
        "打开此文件需要的内存过多，已停止。请缩小或分成几个文件后重试。",
        "Opening the file takes too much memory, and was stopped: make it smaller, or split it.",
    ):
        inspect_file(large_png(), "a.png")


def _with(limits: ReaderLimits) -> dict[str, object]:
    return {"limits": limits, "pool": None}


def test_a_crash_is_a_refusal() -> None:
    with refused(
        "JF-U015",
        "此文件无法安全打开，可能已损坏。请重新导出、扫描或拍照后再试。",
        "The file cannot be opened safely; it may be damaged: export, scan or photograph it again.",
    ):
        raise to_upload_fault(RefusedFile(RefusalReason.CRASHED), ("JF-U005", Text("", "")))


@pytest.mark.django_db
def test_who_asks_while_all_readers_are_at_work_may_ask_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office()
    case = office.with_documents(office.draft())
    version = MaterialVersion.objects.filter(material__application=case.application).first()
    assert version is not None

    def busy(*_: object) -> bytes:
        raise RefusedFile(RefusalReason.BUSY)

    monkeypatch.setattr(previews, "draw_page", busy)
    client = Client()
    client.force_login(office.operator)
    answer = client.get(reverse("preview", args=[case.application.key, version.pk, 1]))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "现在打开文件的人较多，您的文件没有问题。请稍后再试。" in answer.content.decode()
    with refused(
        "JF-U016",
        "现在打开文件的人较多，您的文件没有问题。请稍后再试。",
        "Many files are being opened just now; yours is not at fault. Try again in a moment.",
    ):
        draw_preview(photo(), "jpeg")


@pytest.mark.django_db
def test_a_kept_file_that_cannot_be_drawn_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was kept before anybody looked for nested shapes."""
    office = Office()
    case = office.with_documents(office.draft())
    version = MaterialVersion.objects.filter(material__application=case.application).first()
    assert version is not None
    monkeypatch.setattr("jifen.office.web.cases.views.read_content", lambda _: nested_pdf(12, 10))
    Document.objects.filter(pk=version.document_id).update(kind="pdf")
    client = Client()
    client.force_login(office.operator)
    address = reverse("preview", args=[case.application.key, version.pk, 1])
    answer = client.get(address)
    assert answer.status_code == 422
    assert "图形层层嵌套" in answer.content.decode()
    client.cookies["lang"] = "en"
    assert (
        client.get(reverse("preview", args=[case.application.key, version.pk, 2])).status_code
        == 404
    )


@pytest.mark.django_db
def test_one_far_cell_is_refused_and_the_site_answers() -> None:
    office, client = Office(), Client()
    client.force_login(office.admin)
    address = reverse("batch", args=[office.unit.pk])
    answer = client.post(address, {"file": SimpleUploadedFile("staff.xlsx", far_cell())})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "单元格 XFD1048576 有内容，从 A1 到这里超过 1000000 个单元格。" in page
    assert not Workbook.objects.exists()
    assert client.get("/shanghai/").status_code == 200


@pytest.mark.django_db
def test_pages_answer_while_hostile_files_are_drawn(client: Client) -> None:
    pool, reasons = ReaderPool(size=2, patience=0.0), Queue[RefusalReason]()
    limits = ReaderLimits(processor=100, wall=100.0)

    def draw_hostile() -> None:
        try:
            documents.draw_page(slow_pdf(), "pdf", limits=limits, pool=pool)
        except RefusedFile as fault:
            reasons.put(fault.reason)

    threads = [threading.Thread(target=draw_hostile) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert [reasons.get() for _ in range(3)] == [RefusalReason.BUSY] * 3, "told to come again"
    for address in ("/", "/healthz", "/shanghai/"):
        assert client.get(address).status_code == 200
    assert sum(thread.is_alive() for thread in threads) == 2, "two are being drawn still"
    pool.close()
    for thread in threads:
        thread.join()


@pytest.mark.django_db
def test_a_picture_of_a_phone_is_kept_as_a_jpeg() -> None:
    made = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal")).save(made)
    document = store_document(made.getvalue(), "IMG_0042.HEIC", user("somebody"))
    assert (document.kind, document.name, document.pages) == ("jpeg", "IMG_0042.jpg", 1)
    with Image.open(BytesIO(read_content(document))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 48))
    assert document.size == len(read_content(document))
    assert store_document(made.getvalue(), "b.heif", user("other")).sha256 == document.sha256
