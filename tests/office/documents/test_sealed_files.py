"""Files stand sealed in the storage, each under a key of its own, bound to its place."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.documents import actions, content_files
from jifen.office.documents.models import Document
from jifen.office.vault.keys import Keys, keys
from jifen.office.vault.seal import Unreadable
from jifen.office.vault.sealed_file import name_key_of, open_file, reseal_file, seal_file
from tests.world.office import photo, user

PLACE = "ab/cd/abcd"


@given(st.binary(max_size=5_000))
def test_what_is_sealed_opens_to_the_same_content(content: bytes) -> None:
    kept = seal_file(content, PLACE)
    assert open_file(kept, PLACE) == content
    assert content not in kept or len(content) < 8
    assert seal_file(content, PLACE) != kept, "no two files share a key"


@given(st.integers(0, 400), st.integers(1, 255))
def test_no_byte_of_a_sealed_file_can_be_changed(place: int, change: int) -> None:
    kept = bytearray(seal_file(b"a degree" * 20, PLACE))
    position = place % len(kept)
    kept[position] ^= change
    try:
        opened = open_file(bytes(kept), PLACE)
    except Unreadable:
        return
    # without its mark a file counts as plain; its hash then tells that it is another content
    assert position < 5
    assert opened == bytes(kept)


def test_a_file_moved_to_another_place_cannot_be_opened() -> None:
    with pytest.raises(Unreadable):
        open_file(seal_file(b"content", PLACE), "ab/cd/other")


def test_a_cut_file_cannot_be_opened() -> None:
    kept = seal_file(b"content" * 50, PLACE)
    for length in range(5, len(kept)):
        with pytest.raises(Unreadable):
            open_file(kept[:length], PLACE)


def test_only_the_head_is_written_anew_under_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, held = seal_file(b"content" * 500, PLACE), keys()
    assert name_key_of(kept) == held.current
    assert reseal_file(kept, PLACE) is None
    both = Keys({**held.seal, "k9": b"9" * 32}, "k9", held.index, held.sign)
    monkeypatch.setattr("jifen.office.vault.seal.keys", lambda: both)
    monkeypatch.setattr("jifen.office.vault.sealed_file.keys", lambda: both)
    again = reseal_file(kept, PLACE)
    assert again is not None
    assert name_key_of(again) == "k9"
    assert open_file(again, PLACE) == b"content" * 500
    assert again[-3_400:] == kept[-3_400:]


def test_a_plain_file_of_an_earlier_release_is_read_and_can_be_sealed() -> None:
    assert open_file(b"%PDF-1.7", PLACE) == b"%PDF-1.7"
    assert name_key_of(b"%PDF-1.7") == ""
    sealed = reseal_file(b"%PDF-1.7", PLACE)
    assert sealed is not None
    assert open_file(sealed, PLACE) == b"%PDF-1.7"


@pytest.mark.django_db
def test_the_storage_holds_no_byte_of_an_uploaded_picture() -> None:
    content = photo("teal")
    document = actions.store_document(content, "学历证书.jpg", user("uploader"))
    path = Path(actions.get_storage().path(actions.content_path(document.sha256)))
    kept = path.read_bytes()
    assert name_key_of(kept) == keys().current
    assert b"JFIF" not in kept
    assert b"PNG" not in kept
    assert content[100:130] not in kept
    assert actions.read_content(document) == content
    assert Document.objects.get().name.startswith("学历证书")


@pytest.mark.django_db
def test_a_plain_file_is_still_shown() -> None:
    content = photo("olive")
    document = actions.store_document(content, "a.jpg", user("uploader"))
    path = Path(actions.get_storage().path(actions.content_path(document.sha256)))
    path.write_bytes(content)
    assert actions.read_content(document) == content
    assert content_files.is_whole(
        actions.get_storage(), actions.content_path(document.sha256), sha256(content).hexdigest()
    )
