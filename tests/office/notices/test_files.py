"""The file of a sheet is there whole, or it is not taken for it."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage
from django.db import OperationalError
from django.utils import timezone

from jifen.office.documents import content_files
from jifen.office.notices.actions import issuance, printing
from jifen.office.notices.consistency import find_problems
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.models import Notice, Printing, Sheet
from tests.world.faults import refused
from tests.world.kills import Killed, cases


def _issued(many: int = 1) -> list[Notice]:
    made = [issuance.issue_for_decision(decision) for decision in cases(many)]
    return [one for one in made if one is not None]


def test_a_part_of_a_sheet_is_never_taken_for_the_whole(db: None) -> None:
    """A process that was killed while it wrote leaves a part at the sheet's place."""
    del db
    (notice,) = _issued()
    pdf, _, _ = printing.render_signed_pdf(notice)
    place = printing.get_sheet_path(sha256(pdf).hexdigest())
    printing.get_sheet_storage().save(place, ContentFile(pdf[:1_000]))
    assert printing.print_due_notices() == 1
    assert printing.read_pdf(Sheet.objects.get(notice=notice)) == pdf


@pytest.mark.parametrize("made", ["files", "objects"])
def test_a_file_is_written_anew_on_any_storage(tmp_path: Path, made: str) -> None:
    store: Storage = FileSystemStorage(tmp_path) if made == "files" else InMemoryStorage()
    for content in (b"whole", b"part", b"whole"):
        content_files.write_whole(store, "a/b.pdf", content)
        assert store.listdir("a")[1] == ["b.pdf"]
        assert content_files.is_whole(store, "a/b.pdf", sha256(content).hexdigest())
    assert not content_files.is_whole(store, "a/b.pdf", sha256(b"wholf").hexdigest())
    assert not content_files.is_whole(store, "a/c.pdf", sha256(b"whole").hexdigest())


def test_whoever_is_killed_while_writing_leaves_nothing_under_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileSystemStorage(tmp_path)

    def killed(_: Path) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(content_files, "_flush_to_disk", killed)
        with pytest.raises(Killed):
            content_files.write_whole(store, "b.pdf", b"whole")
    assert not store.exists("b.pdf")
    content_files.write_whole(store, "b.pdf", b"whole")
    assert [one.name for one in tmp_path.iterdir()] == ["b.pdf"]


def test_a_check_tells_of_files_that_are_missing_or_changed(db: None) -> None:
    del db
    notices = _issued(2)
    printing.print_due_notices()
    assert list(find_problems()) == []
    gone, changed = (Path(printing.get_sheet_storage().path(_place(one))) for one in notices)
    gone.unlink()
    content = changed.read_bytes()
    changed.write_bytes(content[:-1] + b"x")
    said = list(find_problems())
    assert [words.split(":")[0] for words in said] == [one.number for one in notices]
    assert "is missing" in said[0]
    assert "is not the one that was sealed" in said[1]


def test_an_altered_paper_is_not_handed_out(db: None) -> None:
    del db
    (notice,) = _issued()
    printing.print_due_notices()
    sheet = Sheet.objects.get(notice=notice)
    path = Path(printing.get_sheet_storage().path(_place(notice)))
    content = path.read_bytes()
    for change in (content[:-1] + b"x", content + b"x", content[:100]):
        path.write_bytes(change)
        with refused(
            "JF-T009",
            "这份文书的文件在我们的存储中缺失或已改变，不能提供。请联系出具文书的部门恢复。",
            "The file of this paper is missing from our storage, or was altered there, and is not "
            "handed out. Ask the office that issued it to restore it.",
        ):
            printing.read_pdf(sheet)
    path.unlink()
    with pytest.raises(NoticeFault):
        printing.read_pdf(sheet)


def _place(notice: Notice) -> str:
    return printing.get_sheet_path(Sheet.objects.get(notice=notice).sha256)


def _fails_for(notice: Notice, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = printing.render_signed_pdf

    def fails(asked: Notice) -> Any:
        if asked == notice:
            raise error
        return plain(asked)

    monkeypatch.setattr(printing, "render_signed_pdf", fails)


def test_a_fault_that_nobody_foresaw_stops_one_paper_only(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    del db
    first, *_ = _issued(3)
    _fails_for(first, TypeError("no such field in 王小明"), monkeypatch)
    printing.print_due_notices()
    assert "TypeError" in caplog.text
    assert "_fails_for" in caplog.text or "render_signed_pdf" in caplog.text  # where it happened
    assert "王小明" not in caplog.text
    assert Sheet.objects.count() == 2
    waiting = Printing.objects.get()
    assert (waiting.attempts, waiting.lease_until) == (1, None)
    later = timezone.now() + timedelta(hours=2)
    (words,) = find_problems(later)
    assert words.startswith(f"{first.number}: not printed after 1 tries. A fault")
    assert "TypeError" in words


def test_a_database_that_is_away_is_no_fault_of_a_paper(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    (notice,) = _issued()
    _fails_for(notice, OperationalError("away"), monkeypatch)
    with pytest.raises(OperationalError):
        printing.print_due_notices()
    assert Printing.objects.get().attempts == 0
