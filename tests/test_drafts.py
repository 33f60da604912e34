"""What is made beside its place is there whole or not at all, whenever somebody interrupts."""

import contextlib
import os
import stat
from pathlib import Path

import pytest

from jifen import drafts
from jifen.drafts import Draft, Folder, Workspace, move_together, write_whole
from tests.interruptions import interrupted_at_every_step


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if not path.is_dir()
    }


def test_a_file_that_is_interrupted_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    place = tmp_path / "book.html"
    seen = set()
    place.write_text("old")
    for where in interrupted_at_every_step(lambda: write_whole(place, b"new"), drafts, contextlib):
        contents = _contents(tmp_path)
        assert contents in ({"book.html": "old"}, {"book.html": "new"}), where
        seen.add(contents["book.html"])
        place.write_text("old")
    assert seen == {"old", "new"}  # the last steps come after the file is in its place
    assert place.read_text() == "new"


def test_files_that_belong_together_are_all_old_or_all_new(tmp_path: Path) -> None:
    names = ("a", "b", "c")

    def work() -> None:
        with contextlib.ExitStack() as stack:
            made = [stack.enter_context(Draft(tmp_path / name)) for name in names]
            for draft in made:
                draft.write(b"new")
            move_together(*made)

    def begin() -> None:
        for name in names:
            (tmp_path / name).write_text("old")

    begin()
    for where in interrupted_at_every_step(work, drafts, contextlib):
        contents = _contents(tmp_path)
        assert contents in (dict.fromkeys(names, "old"), dict.fromkeys(names, "new")), where
        begin()


def test_a_folder_that_is_replaced_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    place = tmp_path / "packed"

    def work(content: str = "new") -> None:
        with Workspace(place) as workspace:
            made = workspace.make_folder() / "made"
            made.mkdir()
            (made / "file").write_text(content)
            workspace.move_into_place(made)

    work("old")
    for where in interrupted_at_every_step(work, drafts, contextlib):
        contents = _contents(tmp_path)
        assert contents in ({"packed/file": "old"}, {"packed/file": "new"}), where
        work("old")


def test_a_folder_for_results_goes_again_where_there_are_none(tmp_path: Path) -> None:
    def work() -> None:
        with Folder(tmp_path / "results" / "of" / "today") as folder:
            folder.make_folder()

    for where in interrupted_at_every_step(work, drafts, contextlib):
        assert list(tmp_path.iterdir()) == [], where
    with Folder(tmp_path / "results" / "of" / "today") as folder:
        folder.make_folder()
        (folder.path / "points.csv").write_text("1")
    assert _contents(tmp_path) == {"results/of/today/points.csv": "1"}


def test_a_disk_that_is_full_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "book.html"
    place.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), Draft(place) as draft:
        draft.write(b"half", durable=True)
    assert _contents(tmp_path) == {"book.html": "old"}


def test_a_file_through_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, b"page")
        assert os.read(reading, 100) == b"page"
    finally:
        os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
