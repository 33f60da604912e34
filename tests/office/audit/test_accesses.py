"""Sign-ins and looks stand in a log of their own: nobody waits for it, and nobody changes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from jifen.office.audit import sealing, spool
from jifen.office.audit.accesses import record_access, record_read
from jifen.office.audit.actions import record
from jifen.office.audit.models import Access, Entry, Head
from jifen.office.audit.sealing import PATIENCE, seal_due_accesses, seal_portion
from jifen.office.audit.triggers import without_triggers
from jifen.office.audit.verification import verify_log
from tests.world.browser import give_phone
from tests.world.office import Office, staff

TABLE = ("audit_access",)


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    yield
    spool.get_spool_path().unlink(missing_ok=True)


@contextmanager
def head_held() -> Iterator[None]:
    """Somebody else holds the head of the log, and on SQLite the whole database, until the end."""
    held, over = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            record("long.act", actor="user:9")
            held.set()
            over.wait()
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    held.wait()
    try:
        yield
    finally:
        over.set()
        thread.join()


def looks(count: int) -> None:
    for number in range(count):
        record_read(f"user:{number}", "application:1", "case", city="shanghai", source="192.0.2.1")


def past_triggers(statement: str) -> list[str]:
    """What is found after somebody with the rights of the owner changed accesses."""
    with transaction.atomic(), without_triggers(connection, TABLE), connection.cursor() as cursor:
        cursor.execute(statement)
    return [f"{one.code} {one.why}" for one in verify_log()[1]]


@pytest.mark.django_db(transaction=True)
def test_an_access_says_who_from_where_and_what_and_is_no_entry_of_the_log_of_acts() -> None:
    looks(1)
    (access,) = Access.objects.all()
    told = (access.act, access.actor, access.subject, access.city, access.source, access.details)
    case = {"what": "case"}
    assert told == ("read", "user:0", "application:1", "shanghai", "192.0.2.1", case)
    assert str(access) == f"access {access.pk} read application:1"
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pages_answer_while_somebody_holds_the_head_of_the_log() -> None:
    """However long it is held: nothing here waits for its end."""
    office = Office()
    case = office.submitted()
    auditor = staff("auditor", "auditor")
    addresses = {
        office.clerk: (f"/desk/{case.key}", "/desk/", "/my/"),
        office.operator: (f"/cases/{case.key}", f"/cases/{case.key}/materials.pdf", "/my/"),
        office.person_user: (f"/cases/{case.key}", "/my/data", "/inbox/"),
        auditor: ("/log/", "/log/?of=accesses"),
    }
    visitors = {user: Client() for user in addresses}
    for user, client in visitors.items():
        give_phone(user)
        client.force_login(user)
    with head_held():
        answers = {
            path: visitors[user].get(path).status_code
            for user, paths in addresses.items()
            for path in paths
        }
    assert set(answers.values()) == {200}, answers
    spool.import_spooled()
    assert Access.objects.filter(subject=f"application:{case.pk}", source="127.0.0.1").exists()
    assert Access.objects.filter(subject="audit", actor=f"user:{auditor.pk}").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["UPDATE audit_access SET actor = 'x'", "DELETE FROM audit_access"])
def test_the_database_itself_refuses_to_change_an_access(act: str) -> None:
    looks(1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act)


@pytest.mark.django_db(transaction=True)
def test_portions_are_chained_by_entries_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PORTION", 3)
    looks(5)
    assert [seal_portion(), seal_portion(), seal_portion()] == [3, 2, 0]
    numbers = list(Access.objects.values_list("pk", flat=True))
    sealed = [(entry.act, entry.subject, entry.details["count"]) for entry in Entry.objects.all()]
    assert sealed == [
        ("log.sealed", f"accesses:{numbers[0]}-{numbers[2]}", 3),
        ("log.sealed", f"accesses:{numbers[3]}-{numbers[4]}", 2),
    ]
    assert Head.objects.get().sealed == numbers[-1]
    assert verify_log() == (2, [])


@pytest.mark.django_db(transaction=True)
def test_a_portion_waits_to_be_full_or_for_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PORTION", 3)
    now = timezone.now()
    assert seal_due_accesses(now) == 0
    looks(2)
    assert seal_due_accesses(now) == 0
    looks(1)
    assert seal_due_accesses(now) == 3
    looks(1)
    assert seal_due_accesses(now) == 0
    assert seal_due_accesses(timezone.now() + PATIENCE + timedelta(seconds=1)) == 1
    assert verify_log() == (2, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_access SET actor = 'user:8' WHERE actor = 'user:1'", "are not what was"),
        ("UPDATE audit_access SET source = '' WHERE actor = 'user:1'", "are not what was chained"),
        ("DELETE FROM audit_access WHERE actor = 'user:1'", "there are 2, and 3 were chained"),
        ("DELETE FROM audit_access", "there are 0, and 3 were chained"),
    ],
)
def test_every_change_of_a_chained_access_is_found(statement: str, found: str) -> None:
    looks(3)
    seal_portion()
    (told,) = past_triggers(statement)
    assert told.startswith("JF-J004 ")
    assert found in told


@pytest.mark.django_db(transaction=True)
def test_an_access_put_in_between_is_found() -> None:
    looks(2)
    Access.objects.create(
        id=Access.objects.latest("id").pk + 9, at=timezone.now(), act="read", actor="user:3"
    )
    seal_portion()
    between = Access.objects.latest("id").pk - 3
    Access.objects.create(id=between, at=timezone.now(), act="read", actor="user:4")
    (told,) = verify_log()[1]
    assert (told.code, "there are 4, and 3 were chained" in told.why) == ("JF-J004", True)


@pytest.mark.django_db(transaction=True)
def test_a_head_that_names_another_last_access_is_found() -> None:
    looks(2)
    seal_portion()
    Head.objects.update(sealed=99)
    (told,) = verify_log()[1]
    assert told.code == "JF-J002"
    last = Access.objects.latest("id").pk
    assert told.why == f"accesses are chained up to {last}, the head says 99"


@pytest.mark.django_db(transaction=True)
def test_accesses_that_nobody_chains_are_told_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    looks(2)
    assert verify_log() == (0, [])
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    (told,) = verify_log()[1]
    assert told.why.startswith("2 accesses are not chained, the first of ")
    assert "Start `jifen worker`" in told.explanation.en
    assert "请启动 `jifen worker`" in told.explanation.zh


# ------------------------------------------------------------- on SQLite, which has a single writer


@pytest.fixture
def sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets others write")


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_now_waits_in_a_file_and_is_taken_in(sqlite: None) -> None:
    with head_held():
        looks(2)
        assert len(spool.get_spool_path().read_text().splitlines()) == 2
        assert spool.get_spool_path().stat().st_mode & 0o077 == 0
    looks(1)
    assert seal_due_accesses(timezone.now() + timedelta(minutes=1)) == 3
    assert list(Access.objects.values_list("actor", flat=True)) == ["user:0", "user:0", "user:1"]
    assert spool.get_spool_path().read_text() == ""
    assert verify_log() == (2, [])


@pytest.mark.django_db(transaction=True)
def test_a_line_is_taken_in_once_though_somebody_was_killed_in_between(sqlite: None) -> None:
    with head_held():
        looks(2)
    kept = spool.get_spool_path().read_bytes()
    assert spool.import_spooled() == 2
    spool.get_spool_path().write_bytes(kept)
    assert spool.import_spooled() == 0
    assert Access.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_line_that_cannot_be_read_is_noted_and_holds_up_no_other(sqlite: None) -> None:
    with head_held():
        looks(1)
    with spool.get_spool_path().open("a") as file:
        file.write('{"at": "2025-06-')
    assert spool.import_spooled() == 2
    acts = list(Access.objects.values_list("act", "details"))
    assert acts == [("read", {"what": "case"}), ("log.unreadable", {"length": 16})]


@pytest.mark.django_db(transaction=True)
def test_where_an_access_cannot_be_kept_at_all_nothing_is_shown(
    sqlite: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jifen.office.audit.spool.os.fsync", full)
    with head_held(), pytest.raises(OSError, match="No space left"):
        record_access("read", actor="user:1")


@pytest.mark.django_db(transaction=True)
def test_inside_of_a_transaction_an_access_stands_or_falls_with_it(sqlite: None) -> None:
    with transaction.atomic():
        looks(1)
        transaction.set_rollback(True)
    assert not Access.objects.exists()
    assert not spool.get_spool_path().exists()


def test_a_waiting_line_says_all_of_an_access() -> None:
    assert set(spool.FIELDS) | {"id"} == {field.name for field in Access._meta.fields}
