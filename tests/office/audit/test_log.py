"""The log: in the transaction of the act, append-only, every change found."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jifen.office.audit.actions import NotInTransaction, record
from jifen.office.audit.digests import sign_day
from jifen.office.audit.models import Digest, Entry
from jifen.office.audit.triggers import add_triggers, drop_triggers
from jifen.office.audit.verification import verify_log


def _entries(count: int = 5) -> None:
    for number in range(count):
        with transaction.atomic():
            record(
                "act", actor="user:1", subject=f"case:{number}", details={"n": number, "字": "值"}
            )


@pytest.mark.django_db
def test_entries_are_numbered_without_gaps_and_hang_together() -> None:
    _entries()
    assert list(Entry.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert verify_log() == (5, [])


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry_and_no_gap() -> None:
    _entries(2)
    with pytest.raises(ZeroDivisionError):
        _fail()
    _entries(1)
    assert verify_log() == (3, [])


def _fail() -> None:
    with transaction.atomic():
        record("act", actor="user:1")
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(NotInTransaction):
        record("act", actor="user:1")


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_a_change(act: str) -> None:
    _entries()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act)
    assert verify_log() == (5, [])


def _tampered(*statements: str) -> list[Any]:
    """What is found after somebody got past the triggers."""
    with connection.schema_editor() as schema:
        drop_triggers(schema)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    with connection.schema_editor() as schema:
        add_triggers(schema)
    return [(broken.number, broken.why) for broken in verify_log()[1]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statements", "number", "words"),
    [
        (
            ("UPDATE audit_entry SET actor = 'user:2' WHERE number = 3",),
            3,
            "what it says was changed",
        ),
        (("DELETE FROM audit_entry WHERE number = 3",), 4, "entries 3 to 3 are gone"),
        (("DELETE FROM audit_entry WHERE number > 3",), 5, "the log ends at entry 3"),
        (
            (
                "UPDATE audit_entry SET number = 99 WHERE number = 2",
                "UPDATE audit_entry SET number = 2 WHERE number = 3",
                "UPDATE audit_entry SET number = 3 WHERE number = 99",
            ),
            2,
            "it does not follow",
        ),
    ],
)
def test_every_change_gap_and_reorder_is_found(
    statements: tuple[str, ...], number: int, words: str
) -> None:
    _entries()
    found = _tampered(*statements)
    assert any(place == number and words in why for place, why in found), found


@pytest.mark.django_db(transaction=True)
def test_a_signed_digest_shows_a_log_that_was_cut_and_rebuilt() -> None:
    _entries()
    day = timezone.localdate()
    assert sign_day(day) is None, "the day has not ended"
    past = timezone.now() - timedelta(days=1)
    found = _tampered(f"UPDATE audit_entry SET at = '{past:%Y-%m-%d %H:%M:%S}'")
    assert len(found) == 5
    signed = sign_day(day - timedelta(days=1))
    assert signed is not None
    assert sign_day(day - timedelta(days=1)) == signed
    Digest.objects.filter(day=signed.day)
    again = _tampered("DELETE FROM audit_entry", "UPDATE audit_head SET number = 0")
    assert any("a signed digest stands for an entry that is gone" in why for _, why in again)
