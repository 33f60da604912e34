"""Numbers without a gap, nothing twice and nothing missing, whoever is killed on the way."""

import random
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, connections
from django.utils import timezone

from jifen.office.casework.models import Application, Decision, Event
from jifen.office.notices.actions import events, issuance, printing
from jifen.office.notices.consistency import find_problems
from jifen.office.notices.faults import NoticeFault
from jifen.office.notices.key_file import key_file
from jifen.office.notices.models import Notice, NoticeKind, Printing, Series, Sheet
from tests.world.kills import Killed, cases
from tests.world.office import today


def _whole(decisions: list[Decision]) -> None:
    """None twice, none missing, the series without a gap."""
    rows = Notice.objects.filter(kind="notice")
    assert sorted(rows.values_list("decision", flat=True)) == sorted(d.pk for d in decisions)
    numbers = sorted(rows.values_list("sequence", flat=True))
    assert numbers == list(range(1, len(decisions) + 1))
    assert Series.objects.get(kind="notice").last == len(decisions)


@pytest.mark.parametrize("place", ["Printing", "record", "Notice"])
def test_a_process_killed_while_issuing_loses_no_number(
    db: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    del db
    decisions = cases(12)
    calls = {"many": 0}
    target, name = {
        "Printing": (Printing.objects, "create"),
        "record": (issuance, "record"),
        "Notice": (Notice.objects, "create"),
    }[place]
    plain = getattr(target, name)

    def fails(*args: Any, **more: Any) -> Any:
        calls["many"] += 1
        if calls["many"] % 5 == 0:
            raise Killed
        return plain(*args, **more)

    monkeypatch.setattr(target, name, fails)
    waiting = list(decisions)
    while waiting:
        try:
            issuance.issue_for_decision(waiting[0])
            waiting.pop(0)
        except Killed:
            assert Notice.objects.count() == Series.objects.get(kind="notice").last
    _whole(decisions)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_number_without_gap_and_issue_nothing_twice() -> None:
    decisions = cases(24)
    errors: list[BaseException] = []

    def work(mine: list[Decision]) -> None:
        try:
            for decision in mine:
                issuance.issue_for_decision(Decision.objects.get(pk=decision.pk))
        except BaseException as error:  # noqa: BLE001 - told by the test
            errors.append(error)
        finally:
            connections.close_all()

    # every decision is in the hands of two workers
    halves = [decisions[::2], decisions[1::2], decisions, list(reversed(decisions))]
    threads = [threading.Thread(target=work, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    _whole(decisions)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_print_each_sheet_once() -> None:
    decisions = cases(6)
    for decision in decisions:
        issuance.issue_for_decision(decision)
    done: list[int] = []

    def work() -> None:
        done.append(printing.print_due_notices())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 6
    assert Sheet.objects.count() == 6
    assert not Printing.objects.exists()


def test_a_printer_killed_in_the_middle_leaves_its_paper_to_the_next(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    (decision,) = cases(1)
    issuance.issue_for_decision(decision)
    plain = Sheet.objects.get_or_create

    def killed(*_: Any, **__: Any) -> Any:
        raise Killed

    monkeypatch.setattr(Sheet.objects, "get_or_create", killed)
    with pytest.raises(Killed):
        printing.print_due_notices()
    monkeypatch.setattr(Sheet.objects, "get_or_create", plain)
    assert printing.print_due_notices() == 0  # the lease of the one that was killed still runs
    past = timezone.now() - timedelta(seconds=1)
    Printing.objects.update(lease_until=past)
    assert printing.print_due_notices() == 1
    assert Sheet.objects.count() == 1


def test_a_case_whose_paper_cannot_be_made_holds_up_nobody_else(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    decisions = cases(3)
    events.issue_for_case_events()
    for decision in decisions[1:]:
        Event.objects.create(application=decision.application, act="decided")
    broken, plain = decisions[1].pk, issuance.issue_for_decision

    def fails(decision: Decision) -> Any:
        if decision.pk == broken:
            raise ValueError("a measure that cannot be read")
        return plain(decision)

    monkeypatch.setattr(issuance, "issue_for_decision", fails)
    assert events.issue_for_case_events() == 1
    assert events.issue_for_case_events() == 0  # it waits for its next try
    assert Notice.objects.filter(decision=decisions[2]).exists()
    monkeypatch.setattr(issuance, "issue_for_decision", plain)
    monkeypatch.setattr(events, "_RETRY_AT", {})
    assert events.issue_for_case_events() == 1
    _whole(decisions)


def test_a_settlement_slip_is_issued_for_whoever_is_on_the_list(db: None) -> None:
    del db
    (decision,) = cases(1)
    last = today() + timedelta(days=60)
    with pytest.raises(NoticeFault) as caught:  # in Shanghai points are not settlement
        issuance.issue_settlement(decision, last)
    assert caught.value.code == "JF-T008"
    rows = Application.objects.filter(pk=decision.application_id)
    rows.update(city="chengdu", district="wuhou", policy_version="2024")
    decision = Decision.objects.get(pk=decision.pk)
    slip = issuance.issue_settlement(decision, last)
    assert slip is not None
    assert slip.kind == NoticeKind.SETTLEMENT
    assert slip.content["title"] == "成都市居住证积分入户通知单"
    assert slip.until == last
    assert "逾期视为放弃" in "".join(slip.content["paragraphs"])
    assert issuance.issue_settlement(decision, last) is None


def test_a_check_finds_what_was_not_issued_not_printed_and_not_revoked(db: None) -> None:
    del db
    decisions = cases(2)
    later = timezone.now() + timedelta(hours=2)
    assert list(find_problems()) == []  # it may still be on its way
    assert sum("has no notice" in words for words in find_problems(later)) == 2
    for decision in decisions:
        issuance.issue_for_decision(decision)
    assert sum("not printed" in words for words in find_problems(later)) == 2
    printing.print_due_notices()
    assert list(find_problems(later)) == []
    Decision.objects.filter(pk=decisions[0].pk).update(revoked_at=timezone.now())
    (words,) = find_problems(later)
    assert words.endswith("stands, though its decision does not")
    Series.objects.filter(kind="notice").update(last=3)
    assert any("1 numbers have no paper" in words for words in find_problems(later))


WORKER = """
import sys
import django
django.setup()
from datetime import timedelta
from django.conf import settings
settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS = sys.argv[1:3]
settings.STORAGES["documents"]["OPTIONS"]["location"] = sys.argv[3]
for name, database in settings.DATABASES.items():
    database["NAME"] = sys.argv[4]
from jifen.office.notices.actions import events, printing
printing.LEASE = timedelta(seconds=1)
while True:
    events.issue_for_case_events()
    printing.print_due_notices(most=4)
"""


@pytest.mark.django_db(transaction=True)
def test_worker_processes_killed_again_and_again_issue_and_print_everything_once() -> None:
    decisions = cases(30)
    storages: Any = site.STORAGES
    where = storages["documents"]["OPTIONS"]["location"]
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", WORKER, site.JIFEN_KEYS, site.JIFEN_NOTICE_KEYS, where, name]
    key_file()  # made before two processes ask for it at once
    for decision in decisions[1:]:
        Event.objects.create(application=decision.application, act="decided")
    draw, kills, workers = random.Random(3), 0, [subprocess.Popen(command) for _ in range(2)]
    until, next_kill = time.monotonic() + 300, 2
    try:
        while (printed := Sheet.objects.filter(notice__kind="notice").count()) < len(decisions):
            assert time.monotonic() < until
            if printed >= next_kill:  # in the middle of whatever it does then
                time.sleep(draw.uniform(0, 0.3))
                hit = draw.randrange(2)
                workers[hit].kill()
                workers[hit].wait()
                workers[hit] = subprocess.Popen(command)
                kills, next_kill = kills + 1, printed + draw.randrange(3, 9)
            time.sleep(0.05)
    finally:
        for one in workers:
            one.kill()
            one.wait()
    assert kills >= 2
    _whole(decisions)
    assert Sheet.objects.filter(notice__kind="notice").count() == len(decisions)
    digests = Sheet.objects.values_list("sha256", flat=True)
    assert all(printing.is_sheet_intact(one) for one in digests)
