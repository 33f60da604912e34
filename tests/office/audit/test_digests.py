"""Signed digests and the head of the log: whoever changes them is found, without a traceback."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jifen.office.audit.actions import record
from jifen.office.audit.digests import sign_day
from jifen.office.audit.models import Digest, Entry
from jifen.office.audit.triggers import TABLES, add_triggers, drop_triggers
from jifen.office.audit.verification import verify_log

pytestmark = pytest.mark.django_db(transaction=True)


def log_of(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("act", actor="user:1", subject=f"case:{number}")


def get_past_triggers(*statements: str) -> list[str]:
    """What is found after somebody with all rights to the database changed it."""
    with connection.schema_editor() as schema:
        drop_triggers(schema, TABLES)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    with connection.schema_editor() as schema:
        add_triggers(schema, TABLES)
    return [f"{broken.number}: {broken.why}" for broken in verify_log()[1]]


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> date:
    """The day of a log of three entries, signed on the day after."""
    log_of(3)
    day, tomorrow = timezone.localdate(), timezone.now() + timedelta(days=1)
    monkeypatch.setattr("jifen.office.audit.actions.timezone.now", lambda: tomorrow)
    assert sign_day(day) is not None
    return day


def test_a_signed_day_is_whole_and_goes_on(signed: date) -> None:
    assert verify_log() == (3, [])
    log_of(2)
    assert verify_log() == (5, [])
    assert Digest.objects.get(day=signed).number == 3


def test_a_digest_of_another_hash_is_named_with_its_day(signed: date) -> None:
    found = get_past_triggers(f"UPDATE audit_digest SET hash = '{'0' * 64}'")
    assert found == [
        f"3: the digest of {signed} has another hash",
        f"3: the digest of {signed} is not signed by this key",
    ]


@pytest.mark.parametrize("signature", ["00" * 64, "00", "", "no signature"])
def test_a_digest_that_this_key_did_not_sign_is_named(signed: date, signature: str) -> None:
    found = get_past_triggers(f"UPDATE audit_digest SET signature = '{signature}'")
    assert found == [f"3: the digest of {signed} is not signed by this key"]


def test_a_log_without_its_head_says_so(signed: date) -> None:
    del signed
    assert get_past_triggers("DELETE FROM audit_head") == ["3: the head of the log is gone"]


def test_an_empty_log_is_whole_with_a_head_or_without() -> None:
    assert verify_log() == (0, [])
    assert get_past_triggers("DELETE FROM audit_head") == []
    assert not Entry.objects.exists()


def test_a_day_without_an_entry_has_no_digest() -> None:
    assert sign_day(timezone.localdate() - timedelta(days=1)) is None
