"""Digests kept elsewhere convict whoever owns the database: each way of tampering is found."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jifen.office.audit.accesses import record_read
from jifen.office.audit.actions import record
from jifen.office.audit.anchors import read_anchors
from jifen.office.audit.chain import FIELDS, START, hash_entry
from jifen.office.audit.digests import (
    get_signed_message,
    hash_digest_file,
    render_digest_file,
    sign_day,
)
from jifen.office.audit.models import Access, Digest, Entry, Head
from jifen.office.audit.sealing import seal_portion
from jifen.office.audit.triggers import TABLES, without_triggers
from jifen.office.audit.verification import verify_log
from jifen.office.site.anchoring import write_missing_anchors
from jifen.office.vault.signing import get_signer

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
FIRST = date(2025, 6, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]
TODAY = DAYS[-1] + timedelta(days=1)


def _is(monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 9) -> None:
    moment = timezone.make_aware(datetime.combine(day, time(hour)))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Four days of a log, the third of them without an act, each with its file."""
    place = tmp_path / "anchors"
    store = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(place)},
    }
    settings.STORAGES = settings.STORAGES | {"anchors": store}
    for number, day in enumerate(DAYS):
        _is(monkeypatch, day)
        if number != 2:
            with transaction.atomic():
                record("act", actor="user:1", subject=f"case:{number}")
            record_read("user:1", f"case:{number}", "case")
            seal_portion()
        _is(monkeypatch, day + timedelta(days=1), hour=1)
        assert sign_day(day) is not None
        assert write_missing_anchors() == 1
    return place


def found(folder: Path) -> list[str]:
    """Codes, entries and what is told of them in English."""
    anchors, unreadable = read_anchors(folder)
    broken = [*unreadable, *verify_log(anchors, TODAY)[1]]
    assert all(one.explanation.zh != one.explanation.en for one in broken)
    return [f"{one.code} {one.number}: {one.why}" for one in broken]


def past_triggers(act: Callable[[], object]) -> None:
    """Done by somebody with all rights of the owner of the database, and without the key."""
    with transaction.atomic(), without_triggers(connection, TABLES):
        act()


def cut(number: int) -> None:
    """Remove the entries after one, and let everything hang together again."""
    last = Entry.objects.get(number=number)
    sealed = [e.details["last"] for e in Entry.objects.filter(act="log.sealed", number__lte=number)]
    Access.objects.filter(id__gt=max(sealed)).delete()
    Entry.objects.filter(number__gt=number).delete()
    Digest.objects.filter(number__gt=number).delete()
    Head.objects.update(number=number, hash=last.hash, sealed=max(sealed))


def rehash(**changed: Any) -> None:
    """Change the first entry, and hash all of them anew; nobody can sign anew."""
    Entry.objects.filter(number=1).update(**changed)
    last = START
    for entry in Entry.objects.order_by("number"):
        hashed = hash_entry(last, {name: getattr(entry, name) for name in FIELDS})
        Entry.objects.filter(number=entry.number).update(previous=last, hash=hashed)
        last = hashed
    Head.objects.update(hash=last)


def empty() -> None:
    """As if nothing had ever been recorded."""
    for model in (Entry, Digest, Access, Head):
        model.objects.all().delete()


# ------------------------------------------------------------------------------------- what is kept


def test_a_whole_log_and_its_files_agree(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [f"{day}.json" for day in DAYS]
    assert found(folder) == []
    assert write_missing_anchors() == 0


def test_a_file_is_signed_and_names_the_one_before(folder: Path) -> None:
    digests = list(Digest.objects.all())
    assert [d.previous for d in digests] == [START, *(hash_digest_file(d) for d in digests[:-1])]
    said = json.loads((folder / f"{DAYS[1]}.json").read_text())
    assert said == {
        "schema": "jifen.audit-anchor.v1",
        "day": str(DAYS[1]),
        "number": 4,
        "hash": Entry.objects.get(number=4).hash,
        "previous": hash_digest_file(digests[0]),
        "key": get_signer().key_id,
        "signature": digests[1].signature,
    }
    message = f"jifen audit 2 {DAYS[1]} 4 {said['hash']} {said['previous']} {said['key']}".encode()
    assert get_signed_message(digests[1]) == message
    assert get_signer().verify(message, bytes.fromhex(said["signature"]))


def test_a_digest_from_before_there_were_files_still_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Databases that were migrated have digests that name none before them."""
    past_triggers(Digest.objects.all().delete)
    for file in folder.iterdir():
        file.unlink()
    last = Entry.objects.get(number=2)
    signature = get_signer().sign(f"jifen audit {FIRST} 2 {last.hash}".encode()).hex()
    said = {"key_id": get_signer().key_id, "signature": signature, "made_at": timezone.now()}
    Digest.objects.create(day=FIRST, number=2, hash=last.hash, **said)
    sign_day(DAYS[-1])
    assert write_missing_anchors() == 2
    assert found(folder) == []


def test_a_day_before_one_that_is_signed_is_signed_no_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past_triggers(Digest.objects.filter(day=DAYS[1]).delete)
    assert sign_day(DAYS[1]) is None, "a clock that was put back, or a digest that was removed"


# --------------------------------------------------------------------------- tampering with the log


def test_a_tail_that_was_cut_is_found(folder: Path) -> None:
    past_triggers(lambda: cut(2))
    assert verify_log()[1] == [], "within the database nobody can tell"
    assert found(folder) == [
        f"JF-J007 {number}: {words}"
        for day, number in zip(DAYS[1:], (4, 4, 6), strict=True)
        for words in (
            f"the file of {day} stands for an entry that is gone",
            f"the digest of {day} is gone from the database",
        )
    ]


def test_a_log_that_was_hashed_anew_is_found(folder: Path) -> None:
    past_triggers(lambda: rehash(actor="user:2"))
    past_triggers(Digest.objects.all().delete)
    assert verify_log()[1] == [], "within the database nobody can tell"
    told = found(folder)
    assert [line for line in told if "another hash" in line] == [
        f"JF-J007 {number}: the file of {day} has another hash than the log"
        for day, number in zip(DAYS, (2, 4, 4, 6), strict=True)
    ]


def test_a_log_that_was_emptied_is_found(folder: Path) -> None:
    past_triggers(empty)
    assert verify_log() == (0, []), "within the database nobody can tell"
    told = found(folder)
    assert sum("stands for an entry that is gone" in line for line in told) == 4
    assert sum("is gone from the database" in line for line in told) == 4


def test_a_log_that_was_emptied_and_begun_anew_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past_triggers(empty)
    _is(monkeypatch, FIRST)
    for number in range(6):
        with transaction.atomic():
            record("act", actor="user:1", subject=f"case:{number}")
    told = found(folder)
    assert f"JF-J007 2: the file of {FIRST} has another hash than the log" in told


@pytest.mark.parametrize("day", DAYS)
def test_a_digest_that_was_removed_is_found(folder: Path, day: date) -> None:
    """Those of a day without an act too, which stand for the same entry as another."""
    number = Digest.objects.get(day=day).number
    past_triggers(Digest.objects.filter(day=day).delete)
    assert f"JF-J007 {number}: the digest of {day} is gone from the database" in found(folder)
    within = [f"{one.code} {one.why}" for one in verify_log()[1]]
    at = DAYS.index(day)
    assert within == [
        f"JF-J003 the digest of {after} names another digest before it"
        for after in DAYS[at + 1 : at + 2]
    ]


@pytest.mark.parametrize("name", ["hash", "signature", "previous", "key_id"])
def test_a_digest_that_was_changed_is_found(folder: Path, name: str) -> None:
    past_triggers(lambda: Digest.objects.filter(day=DAYS[1]).update(**{name: "0" * 40}))
    line = f"JF-J007 4: the digest of {DAYS[1]} in the database is not that of the file"
    assert line in found(folder)


def test_of_two_digests_that_stand_for_one_entry_both_are_looked_at(folder: Path) -> None:
    assert [d.number for d in Digest.objects.all()] == [2, 4, 4, 6]
    past_triggers(lambda: Digest.objects.filter(day=DAYS[1]).update(signature="00"))
    past_triggers(lambda: Digest.objects.filter(day=DAYS[2]).update(signature="00"))
    told = [one.why for one in verify_log()[1]]
    assert f"the digest of {DAYS[1]} is not signed by this key" in told
    assert f"the digest of {DAYS[2]} is not signed by this key" in told


# ------------------------------------------------------------------------- tampering with the files


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_file_that_was_removed_is_found(folder: Path, at: int) -> None:
    (folder / f"{DAYS[at]}.json").unlink()
    told = found(folder)
    number = Digest.objects.get(day=DAYS[at]).number
    assert f"JF-J007 {number}: the digest of {DAYS[at]} has no file" in told
    if at == 0:
        assert f"JF-J006 4: the files before that of {DAYS[1]} are missing" in told
    elif at < 3:
        before = f"another file before it than that of {DAYS[at - 1]}"
        assert any(f"the file of {DAYS[at + 1]} names {before}" in line for line in told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hash": "0" * 64}, "JF-J006 4: the file of 2025-06-03 is not signed by this key"),
        ({"number": 2}, "JF-J006 2: the file of 2025-06-03 is not signed by this key"),
        ({"previous": ""}, "JF-J006 4: the file of 2025-06-03 is not signed by this key"),
        ({"key": "s9"}, "2025-06-03 is not signed by this key (it names key s9)"),
        ({"day": "2025-06-09"}, "JF-J006 0: 2025-06-03.json is not as it was written"),
        ({"more": 1}, "JF-J006 0: 2025-06-03.json is not as it was written"),
        ({"schema": "x"}, "JF-J006 0: 2025-06-03.json cannot be read"),
        ({"number": "x"}, "JF-J006 0: 2025-06-03.json cannot be read"),
    ],
)
def test_a_file_that_was_changed_is_found(folder: Path, change: dict[str, Any], told: str) -> None:
    file = folder / f"{DAYS[1]}.json"
    said = json.loads(file.read_text()) | change
    file.write_text(json.dumps(said, indent=1) + "\n")
    assert any(told in line for line in found(folder))


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b"[]", b"{}", b"[" * 5000, b" " * 20_000 + b"{}"]
)
def test_a_file_that_is_none_is_told(folder: Path, content: bytes) -> None:
    (folder / f"{DAYS[1]}.json").write_bytes(content)
    assert f"JF-J006 0: {DAYS[1]}.json cannot be read" in found(folder)


def test_other_files_of_the_folder_are_nobodys_business(folder: Path) -> None:
    (folder / "README.txt").write_text("kept by the audit office")
    (folder / "2025-06-03.json.part").write_text("{")
    assert found(folder) == []


def test_files_that_end_long_ago_are_told(folder: Path) -> None:
    anchors, _ = read_anchors(folder)
    later = DAYS[-1] + timedelta(days=3)
    assert [one.why for one in verify_log(anchors, later)[1]] == [
        f"the newest file is of {DAYS[-1]}"
    ]
    (told,) = [one for one in verify_log([], TODAY)[1] if "no file of a digest" in one.why]
    assert told.code == "JF-J007"


# -------------------------------------------------------------------------------- writing the files


def test_what_could_not_be_written_is_written_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for day in DAYS[2:]:
        (folder / f"{day}.json").unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("jifen.office.site.anchoring.write_whole", full)
        assert write_missing_anchors() == 0
    assert "JF-J009" in caplog.text
    assert "cannot be written (No space left on device)" in caplog.text
    assert write_missing_anchors() == 2
    assert found(folder) == []


def test_a_file_that_was_cut_short_is_written_anew(folder: Path) -> None:
    last = folder / f"{DAYS[-1]}.json"
    whole = last.read_bytes()
    last.write_bytes(whole[:50])
    assert write_missing_anchors() == 1
    assert last.read_bytes() == whole == render_digest_file(Digest.objects.get(day=DAYS[-1]))


def test_a_file_that_says_something_else_is_left_and_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    last = folder / f"{DAYS[-1]}.json"
    last.write_text("of another installation")
    assert write_missing_anchors() == 0
    assert last.read_text() == "of another installation"
    assert "JF-J009" in caplog.text
    assert "is already there and says something else" in caplog.text


def test_without_a_place_nothing_is_written(settings: Any) -> None:
    assert "anchors" not in settings.STORAGES
    assert write_missing_anchors() == 0
