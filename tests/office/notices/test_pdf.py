"""The sheet of a paper: every character printed or named, the same bytes, any change detected."""

import shutil
import subprocess
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.conf import settings as site
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2 import PdfDocument

from jifen.office.notices.actions import events, printing
from jifen.office.notices.key_file import key_file
from jifen.office.notices.models import Notice, Printing
from jifen.office.notices.pdf import fonts
from jifen.office.notices.pdf.fonts import NotInFonts
from jifen.office.notices.pdf.typesetting import typeset_notice
from jifen.statements.codes import format_code
from tests.office.notices.rare_fonts import write_font
from tests.office.notices.sheet_words import CONTENT, read_words
from tests.world.notice import picture
from tests.world.office import Office
from tests.world.seals import validate_seal


@pytest.fixture
def notice(db: None) -> Notice:
    """The notice of a signed decision, its holder with rare characters in the name."""
    del db
    office = Office()
    office.person.name = "欧阳䶮㛃"
    office.person.save()
    office.decided(office.submitted())
    events.issue_for_case_events()
    printing.print_due_notices()
    return Notice.objects.get(kind="notice")


def test_a_notice_says_points_by_line_with_clause_validity_office_and_number(
    notice: Notice,
) -> None:
    said = read_words(printing.read_pdf(notice.sheet))
    for expected in (
        "居住证积分通知书",
        "欧阳䶮㛃",
        "310101********0012",
        "浦东新区",
        notice.number,
        "166",
        "教育背景",
        "90",
        "积分有效期",
        "积分不等于落户",
        format_code(notice.code),
    ):
        assert expected in "".join(said.split()), expected  # a cell of the table breaks lines
    assert "310101199001010012" not in said


def test_the_same_paper_gives_the_same_bytes(notice: Notice) -> None:
    first = printing.read_pdf(notice.sheet)
    time.sleep(1.1)  # any clock in the file would show
    again, statement, _ = printing.render_signed_pdf(Notice.objects.get(pk=notice.pk))
    assert again == first
    assert statement == notice.sheet.statement


def test_a_character_that_no_font_has_is_named_and_never_left_blank() -> None:
    with pytest.raises(NotInFonts) as caught:
        typeset_notice(CONTENT | {"paragraphs": ["王𠮷𪚥"]})
    assert caught.value.missing == "𠮷𪚥"
    assert "“𠮷”（U+20BB7）" in caught.value.words.zh
    assert "JIFEN_FONTS" in caught.value.words.en


def test_rare_characters_of_names_are_covered() -> None:
    fonts.check_characters("䶮㛃㮾〇𫘧·王—“”①")


def test_a_paper_that_waits_for_a_character_is_printed_once_the_font_is_there(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By the same process: nobody restarts a worker for a font."""
    del db
    monkeypatch.setattr(site, "JIFEN_FONTS", str(tmp_path))
    office = Office()
    office.person.name = "王𠮷"
    office.person.save()
    office.submitted()
    events.issue_for_case_events()
    assert printing.print_due_notices() == 1
    waiting = Printing.objects.get()
    assert "“𠮷”（U+20BB7）" in waiting.stuck["zh"]
    assert Notice.objects.get().sequence == 1  # the number is taken, the paper waits
    write_font("𠮷", tmp_path / "rare.ttf")
    assert printing.print_due_notices(waiting.due_at) == 1
    assert not Printing.objects.exists()
    assert "王𠮷" in read_words(printing.read_pdf(Notice.objects.get().sheet))


def test_a_paper_is_a4_tagged_titled_and_says_its_standards(notice: Notice) -> None:
    pdf = printing.read_pdf(notice.sheet)
    reader = PdfFileReader(BytesIO(pdf))
    root = reader.root
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower().startswith("zh")
    assert "通知书" in str(reader.trailer["/Info"]["/Title"])
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].data.decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    with PdfDocument(pdf) as document:
        assert [round(x) for x in document[0].get_size()] == [595, 842]


def _valid(pdf: bytes) -> Any:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_seal(signature)


def test_the_seal_holds_and_covers_the_whole_file(notice: Notice) -> None:
    status = _valid(printing.read_pdf(notice.sheet))
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_changed_byte_is_detected(notice: Notice, place: float) -> None:
    pdf = bytearray(printing.read_pdf(notice.sheet))
    where = int(len(pdf) * place)
    start = pdf.find(b"/Contents <")
    assert not start <= where <= start + 6_000  # the signature itself is another test
    assert _valid(bytes(pdf)).bottom_line
    pdf[where] ^= 1
    try:
        status = _valid(bytes(pdf))
    except Exception:  # noqa: BLE001 - a file that cannot be read any more is refused too
        return
    assert not status.bottom_line


def test_an_independent_verifier_accepts_the_seal_and_refuses_a_flipped_byte(
    notice: Notice, tmp_path: Path
) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("no pdfsig (Debian: poppler-utils); pyHanko's own validation is tested above")
    pdf = printing.read_pdf(notice.sheet)
    assert "Signature is Valid" in _pdfsig(tmp_path / "good.pdf", pdf)
    flipped = bytearray(pdf)
    flipped[pdf.find(b"stream\n") + 200] ^= 1
    assert "Signature is Valid" not in _pdfsig(tmp_path / "bad.pdf", bytes(flipped))


def _pdfsig(path: Path, pdf: bytes) -> str:
    path.write_bytes(pdf)
    done = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False)
    return done.stdout


def test_the_square_code_is_read_off_the_picture_of_the_page(notice: Notice) -> None:
    (code,) = zxingcpp.read_barcodes(picture(printing.read_pdf(notice.sheet)))
    assert code.text == f"{site.JIFEN_ADDRESS}/v/{notice.code}#{notice.sheet.statement}"


def test_the_square_code_survives_a_bad_copy(notice: Notice) -> None:
    page = picture(printing.read_pdf(notice.sheet), 2.5).convert("L")
    worse = page.resize((page.width * 2 // 3, page.height * 2 // 3)).rotate(4, fillcolor=255)
    (code,) = zxingcpp.read_barcodes(worse)
    assert code.text.endswith(notice.sheet.statement)


def test_the_keys_are_made_once_and_readable_by_their_user_only(notice: Notice) -> None:
    path = Path(site.JIFEN_NOTICE_KEYS)
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_text()
    key_file.cache_clear()
    key_file()
    assert path.read_text() == before
