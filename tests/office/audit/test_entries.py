"""What an entry says: everything that it was given, and nothing that it was not."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.audit.actions import (
    SYSTEM,
    NotInTransaction,
    record,
    record_many,
)
from jifen.office.audit.chain import START
from jifen.office.audit.models import Digest, Entry, Head
from jifen.office.audit.portions import PORTION, in_portions
from jifen.office.audit.settled_rows import find_last_settled_id
from jifen.office.audit.verification import verify_log

FIELDS = ("number", "actor", "on_behalf_of", "act", "subject", "city", "details")


def _rows() -> list[tuple[Any, ...]]:
    return list(Entry.objects.order_by("number").values_list(*FIELDS))


@pytest.mark.django_db
def test_an_entry_says_all_that_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.make_aware(datetime.combine(date(2025, 6, 3), time(12)))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    with transaction.atomic():
        entry = record(
            "case.found",
            actor="user:1",
            subject="application:2",
            city="shanghai",
            on_behalf_of="unit:3",
            details={"fact": "education"},
        )
    assert _rows() == [
        (
            1,
            "user:1",
            "unit:3",
            "case.found",
            "application:2",
            "shanghai",
            {"fact": "education"},
        )
    ]
    assert (entry.at, entry.previous) == (moment, START)
    assert str(entry) == "1 case.found application:2"
    head = Head.objects.get()
    assert (head.number, head.hash) == (1, entry.hash)
    assert str(head) == "head at 1"


@pytest.mark.django_db
def test_what_an_entry_was_not_given_it_leaves_empty() -> None:
    with transaction.atomic():
        record("act", actor=SYSTEM)
    assert _rows() == [(1, "system", "", "act", "", "", {})]


@pytest.mark.django_db
def test_many_entries_of_one_act_keep_their_details() -> None:
    with transaction.atomic():
        record("begun", actor="system")
    with transaction.atomic():
        record_many(
            [
                {
                    "act": "list.entered",
                    "subject": "entry:1",
                    "city": "chengdu",
                    "details": {"rank": 1, "total": "140.5"},
                },
                {"act": "list.entered", "subject": "entry:2", "details": {"rank": 2}},
                {"act": "list.closed", "on_behalf_of": "unit:1"},
            ],
            actor="user:7",
        )
        record("ended", actor="system")
    assert _rows() == [
        (1, "system", "", "begun", "", "", {}),
        (2, "user:7", "", "list.entered", "entry:1", "chengdu", {"rank": 1, "total": "140.5"}),
        (3, "user:7", "", "list.entered", "entry:2", "", {"rank": 2}),
        (4, "user:7", "unit:1", "list.closed", "", "", {}),
        (5, "system", "", "ended", "", "", {}),
    ]
    assert verify_log() == (5, [])
    head = Head.objects.get()
    last = Entry.objects.get(number=5)
    assert (head.number, head.hash) == (5, last.hash)
    assert last.previous == Entry.objects.get(number=4).hash


@pytest.mark.django_db
def test_many_entries_begin_an_empty_log_and_none_change_nothing() -> None:
    with transaction.atomic():
        record_many([], actor="system")
    assert verify_log() == (0, [])
    with transaction.atomic():
        record_many([{"act": "first"}, {"act": "second"}], actor="system")
    first = Entry.objects.get(number=1)
    assert first.previous == START
    assert verify_log() == (2, [])


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_recorded_and_the_act_is_named() -> None:
    with pytest.raises(NotInTransaction, match="'act' was recorded outside of a transaction"):
        record("act", actor="user:1")
    with pytest.raises(NotInTransaction, match="2 acts were recorded outside of a transaction"):
        record_many([{"act": "a"}, {"act": "b"}], actor="user:1")
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "actor"), [("", "user:1"), ("act", "")])
def test_an_entry_names_act_and_actor(act: str, actor: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record(act, actor=actor)


@pytest.mark.django_db
def test_entries_and_digests_come_in_their_order_and_the_head_is_one() -> None:
    with transaction.atomic():
        record_many([{"act": "a"}, {"act": "b"}, {"act": "c"}], actor="system")
    assert [entry.act for entry in Entry.objects.all()] == ["a", "b", "c"]
    for day in ("2025-06-04", "2025-06-03"):
        Digest.objects.create(
            day=day, number=1, hash="", key_id="", signature="", made_at=timezone.now()
        )
    assert [str(digest) for digest in Digest.objects.all()] == [
        "digest of 2025-06-03",
        "digest of 2025-06-04",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Head.objects.create(id=2, hash="")


@pytest.mark.django_db
def test_what_is_settled_ends_with_the_last_entry() -> None:
    assert find_last_settled_id(Entry) == 0
    with transaction.atomic():
        record_many([{"act": "a"}, {"act": "b"}], actor="system")
    assert find_last_settled_id(Entry) == 2


@pytest.mark.django_db
def test_rows_come_in_portions_and_in_their_order() -> None:
    with transaction.atomic():
        record_many([{"act": str(n)} for n in range(PORTION + 2)], actor="system")
    rows = Entry.objects.order_by("-number")
    numbers = [entry.number for entry in in_portions(rows)]
    assert numbers == list(range(PORTION + 2, 0, -1))
