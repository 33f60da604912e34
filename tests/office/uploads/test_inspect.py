"""A file is what it is, whatever it is called."""

import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jifen.office.uploads.inspection import UploadFault, clean_name, inspect_file
from jifen.office.uploads.preview import draw_preview
from jifen.office.uploads.scan import ClamdScanner, ScannerDown
from tests.world.hostile import png_bomb
from tests.world.office import photo


def pdf(pages: int = 1) -> bytes:
    """A PDF with empty A4 pages."""
    made = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        made.new_page(595, 842)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def png(width: int = 30, height: int = 20) -> bytes:
    """A small PNG."""
    made = BytesIO()
    Image.new("RGB", (width, height)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "pages"), [(photo(), "jpeg", 1), (png(), "png", 1), (pdf(3), "pdf", 3)]
)
def test_what_is_taken(content: bytes, kind: str, pages: int) -> None:
    looked = inspect_file(content, "anything.exe")
    assert (looked.kind, looked.pages, looked.size) == (kind, pages, len(content))
    assert len(looked.sha256) == 64
    shown = Image.open(BytesIO(draw_preview(content, kind)))
    assert shown.format == "JPEG"
    assert shown.width <= 900


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "JF-U001", "空的"),
        (b"x" * (10 * 1024 * 1024 + 1), "JF-U002", "10 MB"),
        (b"\x00\x00\x00\x18ftypheic" + b"x" * 40, "JF-U005", "损坏"),
        (b"PK\x03\x04rest", "JF-U003", "另存为 PDF"),
        (b"<svg onload=alert(1)>", "JF-U003", "SVG"),
        (b"GIF89a", "JF-U003", "GIF"),
        (b"MZ\x90\x00", "JF-U003", "不是 PDF、JPEG、PNG 或 HEIC"),
        (png_bomb(), "JF-U004", "像素"),
        (photo()[:-200], "JF-U005", "损坏"),
        (pdf(51), "JF-U007", "51 页"),
        (
            b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
            "JF-U008",
            "可执行",
        ),
        (pdf()[:80], "JF-U010", "损坏"),
    ],
)
def test_what_is_refused_and_why(content: bytes, code: str, words: str) -> None:
    with pytest.raises(UploadFault) as caught:
        inspect_file(content, "a.pdf")
    assert caught.value.code == code
    assert words in caught.value.words.zh


def _code(content: bytes) -> str:
    """The code of the fault; '' for a file that is taken. Anything else is raised."""
    try:
        inspect_file(content, "x")
    except UploadFault as fault:
        return fault.code
    return ""


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_with_a_code(content: bytes) -> None:
    assert _code(content).startswith("JF-U")


@pytest.mark.parametrize("whole", [photo(), png(), pdf()], ids=["jpeg", "png", "pdf"])
def test_a_file_cut_anywhere_never_crashes(whole: bytes) -> None:
    codes = [_code(whole[:length]) for length in range(0, len(whole), 7)]
    assert codes[0] == "JF-U001"
    assert set(codes) <= {"", "JF-U001", "JF-U003", "JF-U005", "JF-U006", "JF-U010"}
    assert _code(whole) == ""


def test_a_photo_taken_sideways_is_shown_upright() -> None:
    made, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(made, "JPEG", exif=exif)
    shown = Image.open(BytesIO(draw_preview(made.getvalue(), "jpeg")))
    assert shown.size == (40, 60)
    assert not shown.getexif()


def test_pages_are_drawn_by_several_threads_at_once() -> None:
    content, sizes = pdf(2), list[int]()
    threads = [
        threading.Thread(target=lambda: sizes.append(len(draw_preview(content, "pdf", 2))))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 5


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\学历.jpg", "学历.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\x00\n", "document"),
        ("", "document"),
    ],
)
def test_names_are_safe_to_show(name: str, tidy: str) -> None:
    assert clean_name(name) == tidy


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A daemon that says what it is told to say."""
    where, answers = tmp_path / "clamd.sock", list[bytes]()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(where))
    server.listen()

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                received = b""
                while not received.endswith(b"\x00\x00\x00\x00"):
                    received += line.recv(65536)
                line.sendall(answers[0])

    threading.Thread(target=serve, daemon=True).start()
    yield f"unix:{where}", answers
    server.close()


def test_the_antivirus_is_understood(clamd: tuple[str, list[bytes]]) -> None:
    address, answers = clamd
    answers.append(b"stream: OK\0")
    assert ClamdScanner(address).scan(b"x" * 200_000).clean
    answers[0] = b"stream: Eicar-Signature FOUND\0"
    found = ClamdScanner(address).scan(b"x")
    assert (found.clean, found.name) == (False, "Eicar-Signature")
    answers[0] = b"INSTREAM size limit exceeded. ERROR\0"
    with pytest.raises(ScannerDown):
        ClamdScanner(address).scan(b"x")


def test_an_antivirus_that_is_away_is_told_as_such() -> None:
    with pytest.raises(ScannerDown):
        ClamdScanner("unix:/nowhere").scan(b"x")
