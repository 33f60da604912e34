"""What goes wrong around a case leaves it whole: killed processes, full disks, registers away."""

import errno
import os
import signal
import subprocess
import sys
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.utils import timezone

from jifen.office.audit.models import Entry
from jifen.office.audit.verification import verify_log
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    clock,
    corrections,
    drafts,
    materials,
    registers,
    review,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.faults import CaseFault, ConcurrentChange
from jifen.office.casework.models import Application, Gate, Item, MaterialVersion, RegisterCheck
from jifen.office.documents import actions as documents
from jifen.office.documents.models import Document
from jifen.office.registry.models import RegisterEntry
from jifen.office.registry.registers import RegisterDown
from jifen.office.uploads.fault import UploadFault
from jifen.office.uploads.scan import ScannerDown, ScanVerdict
from tests.world.office import Office, photo, typed

KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.JIFEN_KEYS = sys.argv[1]
settings.STORAGES["documents"]["OPTIONS"]["location"] = sys.argv[2]
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import registers, submission, unit_of_work
from jifen.office.accounts.models import User
from jifen.office.registry import registers as ports

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

what, where = sys.argv[3], sys.argv[4]
modules = {"submission": submission, "unit_of_work": unit_of_work, "registers": registers}
module, name = where.split(".")
setattr(modules[module], name, die)
if what == "submit":
    case = access_case(User.objects.get(username="operator"), sys.argv[5])
    submission.submit_case(case, "killed")
else:
    registers.ask_due_registers()
"""


def _killed(what: str, where: str, *more: str) -> None:
    """Run it in a process of its own that is killed at that place."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jifen.office.site.settings",
        "DATABASE_URL": url,
    }
    storages: Any = settings.STORAGES
    folder = storages["documents"]["OPTIONS"]["location"]
    command = [sys.executable, "-c", KILLED, settings.JIFEN_KEYS, folder, what, where, *more]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "where",
    [
        "submission._receive_case",
        "submission._create_gates",
        "submission._queue_register_checks",
        "submission.record_event",
        "unit_of_work.mirror_to_gates",
    ],
)
def test_a_web_process_killed_anywhere_in_a_submission_leaves_a_whole_draft(where: str) -> None:
    office = Office()
    case = office.with_documents(office.draft())
    entries = Entry.objects.count()
    _killed("submit", where, str(case.application.key))
    left = Application.objects.get()
    assert (left.state, left.number, left.gates.count(), left.checks.count()) == (
        "draft",
        None,
        0,
        0,
    )
    assert verify_log() == (entries, [])
    filed = submission.submit_case(access_case(office.operator, left.key), "killed")
    assert filed.state == "review"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "where", ["registers.find_register", "registers._compare_facts", "registers.save_derived_state"]
)
def test_a_worker_killed_while_it_asks_a_register_is_followed_by_another(where: str) -> None:
    office = Office()
    application = office.submitted()
    RegisterEntry.objects.create(
        register="household",
        city="shanghai",
        key_index=office.person.identity_index,
        facts={"birth_date": "1990-01-01"},
        as_of=date(2026, 1, 1),
    )
    RegisterCheck.objects.exclude(register="household").delete()
    _killed("ask", where)
    assert registers.ask_due_registers() == 0, "its lease still runs"
    RegisterCheck.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert registers.ask_due_registers() == 1
    item = Item.objects.get(application=application, fact="birth_date")
    assert (item.finding, item.source) == ("confirmed", "register:household")
    assert Entry.objects.filter(act="case.register_answered").count() == 1


class _Away:
    """A register that is away."""

    def ask(self, *_: Any) -> None:
        raise RegisterDown


@pytest.mark.django_db
def test_a_register_that_is_away_is_asked_again_and_nothing_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office()
    application = office.submitted()
    monkeypatch.setattr(registers, "find_register", lambda _: _Away())
    assert registers.ask_due_registers() == 5
    assert registers.ask_due_registers() == 0
    waits = RegisterCheck.objects.values_list("due_at", flat=True)
    assert all(due and due > timezone.now() for due in waits)
    assert office.decided(application).state == "decided", "clerks go on by the documents"


@pytest.mark.django_db
def test_a_full_disk_refuses_the_file_and_keeps_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    case = office.draft()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = documents.get_storage()
    monkeypatch.setattr(type(store), "save", full)
    with pytest.raises(UploadFault) as caught:
        # of a colour of its own: what another test stored already needs no room
        materials.upload_files(case, "permit", [("a.jpg", photo("orchid"))])
    assert "系统存储故障" in caught.value.words.zh
    assert (Document.objects.count(), MaterialVersion.objects.count()) == (0, 0)
    assert Item.objects.filter(application=case.application).exists()


class _Scanner:
    """An antivirus that is away first, and then finds something in red pictures."""

    def __init__(self) -> None:
        self.away = True

    def scan(self, content: bytes) -> ScanVerdict:
        if self.away:
            raise ScannerDown("refused")
        return ScanVerdict(content != photo("red"), "Test")


@pytest.mark.django_db
def test_an_antivirus_that_is_away_is_never_the_applicants_worry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scanner = _Scanner()
    monkeypatch.setattr(settings, "JIFEN_CLAMD", "unix:/there")
    monkeypatch.setattr(documents, "make_scanner", lambda _: scanner)
    office = Office()
    case = office.draft()
    materials.upload_files(case, "permit", [("a.jpg", photo("red")), ("b.jpg", photo("blue"))])
    assert documents.scan_due_documents() == 2
    assert documents.scan_due_documents() == 0, "not at once again"
    assert not any(d.may_be_opened for d in Document.objects.all())
    scanner.away = False
    Document.objects.update(scan_due_at=timezone.now())
    assert documents.scan_due_documents() == 2
    assert sorted(Document.objects.values_list("scan", flat=True)) == ["found", "passed"]
    assert Entry.objects.filter(act="scan.found").count() == 1


@pytest.mark.django_db
def test_a_stuck_scan_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = _Scanner()
    scanner.away = False
    monkeypatch.setattr(settings, "JIFEN_CLAMD", "unix:/there")
    monkeypatch.setattr(documents, "make_scanner", lambda _: scanner)
    office = Office()
    materials.upload_files(office.draft(), "permit", [("b.jpg", photo("blue"))])
    Document.objects.update(lease_until=timezone.now() + timedelta(minutes=1), attempts=1)
    assert documents.scan_due_documents() == 0
    Document.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert documents.scan_due_documents() == 1


@pytest.mark.django_db
def test_of_two_clerks_at_once_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    office = Office()
    application = office.submitted()
    seen = application.version
    one, two = (access_case(c, application.key) for c in (office.clerk, office.clerk2))
    review.record_finding(one, review.FactFinding("education", "confirmed"), version=seen)
    found = review.FactFinding("education", "rejected", (), "not_proved", "没有材料")
    with pytest.raises(ConcurrentChange) as caught:
        review.record_finding(two, found, version=seen)
    assert "刚被其他人处理过" in caught.value.words.zh
    assert Item.objects.get(application=application, fact="education").finding == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_file_once() -> None:
    office = Office()
    case = office.with_documents(office.draft())
    found: list[str] = []

    def click() -> None:
        try:
            mine = access_case(office.operator, case.application.key)
            found.append(str(submission.submit_case(mine, "twice").number))
        except CaseFault as fault:
            found.append(fault.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    filed = Application.objects.get()
    assert filed.number in found
    assert set(found) <= {filed.number, "JF-K003"}
    assert Entry.objects.filter(act="case.submitted").count() == 1
    assert Gate.objects.filter(application=filed).count() == 2
    assert verify_log()[1] == []


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_refuses_the_act_and_leaves_the_case() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    import sqlite3

    office = Office()
    case = office.with_documents(office.draft())
    name = str(connection.settings_dict["NAME"])
    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"] = 0.2
    try:
        holder = sqlite3.connect(name, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            submission.submit_case(case, "locked")
        holder.execute("ROLLBACK")
        holder.close()
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"]["timeout"] = 20
    assert Application.objects.get().state == "draft"
    again = access_case(office.operator, case.application.key)
    assert submission.submit_case(again, "locked").state == "review"


@pytest.mark.django_db
def test_the_clock_over_new_year_counts_working_days_and_stops_for_a_correction() -> None:
    office = Office()
    case = office.with_documents(office.draft())
    submission.submit_case(case, "k", on=date(2025, 12, 29))
    application = Application.objects.get()
    # 30 and 31 December, 4 January (a Sunday that is worked), three weeks of five: 18; 26, 27
    assert application.due_on == date(2026, 1, 27)
    clock.stop(application, date(2026, 1, 5))
    assert application.clock_used == 4
    assert application.due_on is None
    clock.start(application, date(2026, 2, 12))
    # 16 days are left: 13, 14 (worked) and 24 to 28 February, 2 to 6 and 9 to 12 March
    assert application.due_on == date(2026, 3, 12)


@pytest.mark.django_db
def test_a_correction_not_answered_in_time_lapses_and_may_be_taken_up_again() -> None:
    office = Office()
    application = office.submitted()
    asked = [RequestedItem("material", "diploma", "unreadable", "看不清")]
    made = corrections.ask_correction(access_case(office.clerk, application.key), asked)
    assert corrections.lapse_overdue_cases(made.due_on) == 0, "the last day is in time"
    assert corrections.lapse_overdue_cases(made.due_on + timedelta(days=1)) == 1
    assert Application.objects.get().state == "lapsed"
    with pytest.raises(CaseFault, match="Say why"):
        corrections.reverse_lapse(access_case(office.supervisor, application.key), "")
    corrections.reverse_lapse(access_case(office.supervisor, application.key), "本人住院")
    assert Application.objects.get().state == "correction"
    operator = access_case(office.operator, application.key)
    with pytest.raises(CaseFault, match="does not ask for this document"):
        materials.upload_files(operator, "permit", [("x.jpg", photo("green"))])
    materials.upload_files(operator, "diploma", [("x.jpg", photo("green"))])
    drafts.save_draft(operator, typed({"title": "senior"}), 99)
    assert Item.objects.get(fact="title").given == ["none"]
    corrections.resubmit_case(access_case(office.operator, application.key))
    assert Application.objects.get().state == "review"
