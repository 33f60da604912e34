"""Signed digests: they show a log that was rebuilt from end to end and hangs together."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jifen.office.audit.actions import record
from jifen.office.audit.chain import FIELDS, START, build_digest_message, hash_entry
from jifen.office.audit.digests import sign_day
from jifen.office.audit.models import Digest, Entry, Head
from jifen.office.audit.triggers import TABLES, without_triggers
from jifen.office.audit.verification import verify_log
from jifen.office.vault.signing import get_signer

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 3)


def _at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """What the office takes for now."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def _local(day: date, hour: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _entries(count: int = 3) -> None:
    for number in range(count):
        with transaction.atomic():
            record("act", actor="user:1", subject=f"case:{number}", details={"n": number})


def _rebuild(changed: int, **values: Any) -> None:
    """Change an entry and hash it and all after it anew, as somebody would who owns the database
    and not the key."""
    with transaction.atomic(), without_triggers(connection, TABLES):
        Entry.objects.filter(number=changed).update(**values)
        last = Entry.objects.get(number=changed).previous
        for entry in Entry.objects.filter(number__gte=changed).order_by("number"):
            hashed = hash_entry(last, {name: getattr(entry, name) for name in FIELDS})
            Entry.objects.filter(number=entry.number).update(previous=last, hash=hashed)
            last = hashed
        Head.objects.update(hash=last)


def test_a_chain_that_was_hashed_anew_hangs_together(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, _local(DAY, 12))
    _entries()
    before = list(Entry.objects.values_list("hash", flat=True))
    _rebuild(2, actor="user:2")
    after = list(Entry.objects.values_list("hash", flat=True))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, False]
    assert verify_log() == (3, []), "without a digest nobody can tell"


def test_a_signed_digest_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, _local(DAY, 12))
    _entries()
    _at(monkeypatch, _local(DAY + timedelta(days=1)))
    assert sign_day(DAY) is not None
    assert verify_log() == (3, [])
    _rebuild(2, actor="user:2")
    read, broken = verify_log()
    assert read == 3
    assert [(row.number, row.why) for row in broken] == [
        (3, f"the digest of {DAY} has another hash")
    ]


def test_a_digest_that_was_made_for_it_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, _local(DAY, 12))
    _entries()
    _at(monkeypatch, _local(DAY + timedelta(days=1)))
    sign_day(DAY)
    _rebuild(2, actor="user:2")
    with transaction.atomic(), without_triggers(connection, TABLES):
        Digest.objects.update(hash=Entry.objects.get(number=3).hash)
    assert [(row.number, row.why) for row in verify_log()[1]] == [
        (3, f"the digest of {DAY} is not signed by this key")
    ]


def test_a_day_is_signed_once_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, _local(DAY, 12))
    _entries(2)
    end = _local(DAY + timedelta(days=1))
    _at(monkeypatch, end - timedelta(microseconds=1))
    assert sign_day(DAY) is None
    _at(monkeypatch, end)
    _entries(1)  # on the first moment of the next day
    digest = sign_day(DAY)
    assert digest is not None
    last = Entry.objects.get(number=2)
    assert (digest.day, digest.number, digest.hash) == (DAY, 2, last.hash)
    assert (digest.key_id, digest.made_at) == (get_signer().key_id, end)
    message = build_digest_message("2025-06-03", 2, last.hash, START, get_signer().key_id)
    assert get_signer().verify(message, bytes.fromhex(digest.signature))
    assert sign_day(DAY) == digest
    _at(monkeypatch, _local(DAY, 12))
    assert sign_day(DAY) == digest, "also by a clock that was put back"
    assert Digest.objects.count() == 1


def test_an_empty_log_has_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, _local(DAY, 12))
    _entries(1)
    assert sign_day(DAY - timedelta(days=1)) is None
    assert not Digest.objects.exists()


def test_a_log_without_its_head_is_broken_unless_it_is_empty() -> None:
    assert verify_log() == (0, [])
    _entries(2)
    Head.objects.all().delete()
    assert [(row.number, row.why) for row in verify_log()[1]] == [
        (2, "the head of the log is gone")
    ]


@pytest.mark.parametrize("values", [{"number": 3}, {"hash": "f" * 64}])
def test_a_head_that_names_another_end_is_broken(values: dict[str, Any]) -> None:
    _entries(2)
    Head.objects.update(**values)
    number = values.get("number", 2)
    assert [(row.number, row.why) for row in verify_log()[1]] == [
        (number, f"the log ends at entry 2, its head says {number}")
    ]


def test_a_digest_in_the_middle_of_the_log_is_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, _local(DAY, 12))
    _entries(2)
    _at(monkeypatch, _local(DAY + timedelta(days=1), 9))
    sign_day(DAY)
    _entries(2)
    assert verify_log() == (4, [])
    _rebuild(1, subject="case:9")
    assert [row.number for row in verify_log()[1]] == [2]


def test_the_hash_is_over_all_that_an_entry_says_and_what_stands_before_it() -> None:
    said: dict[str, Any] = {
        "number": 7,
        "at": datetime(2025, 6, 3, 4, 5, 6, 7, tzinfo=UTC),
        "actor": "user:1",
        "on_behalf_of": "unit:2",
        "act": "case.found",
        "subject": "application:3",
        "city": "shanghai",
        "details": {"b": 1, "a": "值"},
    }
    first = hash_entry("0" * 64, said)
    # computed once by hand: sha256 of the line before, a line end, and the sorted JSON
    assert first == "d024e22874f35e98e3b8098efe0cce8081702ef5540ac0e135e0c0ed8e1ca0d6"
    assert hash_entry("1" * 64, said) != first
    for name, value in {
        "number": 8,
        "at": said["at"] + timedelta(microseconds=1),
        "actor": "user:2",
        "on_behalf_of": "",
        "act": "case.taken",
        "subject": "application:4",
        "city": "chengdu",
        "details": {"b": 1, "a": "别的"},
    }.items():
        assert hash_entry("0" * 64, said | {name: value}) != first, name
    elsewhere = said["at"].astimezone(timezone.get_default_timezone())
    assert hash_entry("0" * 64, said | {"at": elsewhere}) == first, (
        "the same moment in another zone"
    )
    assert hash_entry("0" * 64, said | {"details": {"a": "值", "b": 1}}) == first
