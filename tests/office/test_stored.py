"""What the office writes to its disk is there whole or not at all, whenever it is interrupted."""

import contextlib
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from jifen import drafts
from jifen.office.documents import actions, content_files
from jifen.office.vault import secret_files
from tests.interruptions import interrupted_at_every_step
from tests.world.office import photo, user

CONTENT = b"a content"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_stored_file_is_whole_or_not_there_at_every_step(tmp_path: Path) -> None:
    store, digest = FileSystemStorage(tmp_path), sha256(CONTENT).hexdigest()
    for where in interrupted_at_every_step(
        lambda: content_files.write_whole(store, "a/b", CONTENT), drafts, content_files, contextlib
    ):
        assert _names(tmp_path) in ([], ["b"]), where
        assert content_files.is_whole(store, "a/b", digest) == bool(_names(tmp_path)), where
        store.delete("a/b")
    assert content_files.is_whole(store, "a/b", digest)


def test_keys_are_written_whole_or_not_at_all_at_every_step(tmp_path: Path) -> None:
    file = tmp_path / "var" / "keys.json"
    for where in interrupted_at_every_step(
        lambda: secret_files.write_once(file, "keys"), drafts, secret_files, contextlib
    ):
        assert _names(tmp_path) in ([], ["keys.json"]), where
        if file.exists():
            assert (file.read_text(), file.stat().st_mode & 0o777) == ("keys", 0o600), where
        file.unlink(missing_ok=True)
    secret_files.write_once(file, "others")
    assert file.read_text() == "keys"


def test_two_who_store_the_same_content_at_once_both_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first to end takes the part of the other for one that was left."""
    store, plain, place = FileSystemStorage(tmp_path), content_files._flush_to_disk, tmp_path / "b"

    def overtaken(path: Path) -> None:
        monkeypatch.setattr(content_files, "_flush_to_disk", plain)
        content_files.write_whole(store, "b", CONTENT)
        plain(path)

    monkeypatch.setattr(content_files, "_flush_to_disk", overtaken)
    content_files.write_whole(store, "b", CONTENT)
    assert place.read_bytes() == CONTENT
    assert _names(tmp_path) == ["b"]


@pytest.mark.django_db
def test_half_a_document_from_before_is_not_taken_for_the_whole() -> None:
    """A process that was killed while it wrote left half of it under the name of the whole."""
    content = photo("teal")
    place, store = actions.content_path(sha256(content).hexdigest()), actions.get_storage()
    store.save(place, ContentFile(content[:20]))
    assert actions.read_content(actions.store_document(content, "scan.jpg", user("u"))) == content
