"""Two browsers save at once, two processes compute at once: nothing is lost, or done twice."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.models import Entry
from jifen.office.workshop.access import access_adoption
from jifen.office.workshop.actions.adoptions import (
    ProposedCorrection,
    decide_adoption,
    propose_correction,
)
from jifen.office.workshop.actions.drafts import begin_draft, save_cells
from jifen.office.workshop.actions.effects import request_run
from jifen.office.workshop.editions_in_force import forget_editions
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.models import Adoption, AdoptionState, PolicyEdition, Revision, Run
from jifen.office.workshop.simulation.due import simulate_due
from jifen.policy.editing import load_change
from tests.world.office import staff
from tests.world.studio import BACHELOR, DOCTOR, MASTER, ON, TODAY, Studio

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*acts: Callable[[], object]) -> None:
    """Each act in a thread and a connection of its own, begun together. An error fails the test."""
    start, errors = threading.Barrier(len(acts)), list[BaseException]()

    def work(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as error:  # noqa: BLE001 - shown in the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_two_browsers_that_save_at_once_both_keep_their_cells() -> None:
    studio = Studio()
    one, other = studio.hand(studio.drafter, "edit"), studio.hand(studio.drafter2, "edit")
    _at_once(
        lambda: save_cells(one, {MASTER: "105", BACHELOR: "90"}, seen=1),
        lambda: save_cells(other, {DOCTOR: "120", BACHELOR: "90"}, seen=1),
    )
    assert load_change(studio.head().change) == {DOCTOR: "120", MASTER: "105"}
    assert [row.number for row in Revision.objects.all()] == [1, 2, 3]


def test_one_cell_saved_by_both_at_once_has_one_winner_and_one_who_is_told() -> None:
    studio = Studio()
    hands = [studio.hand(user, "edit") for user in (studio.drafter, studio.drafter2)]
    saved = []
    _at_once(
        lambda: saved.append(save_cells(hands[0], {MASTER: "105"}, seen=1)),
        lambda: saved.append(save_cells(hands[1], {MASTER: "110"}, seen=1)),
    )
    assert sorted(len(one.conflicts) for one in saved) == [0, 1]
    [conflict] = [c for one in saved for c in one.conflicts]
    assert load_change(studio.head().change) == {MASTER: conflict.theirs}


def test_a_run_asked_for_twice_at_once_is_one() -> None:
    studio = Studio()
    population = studio.population(200)
    revision = studio.save({MASTER: "105"})
    hands = [studio.hand(user) for user in (studio.drafter, studio.reviewer)]
    _at_once(*(lambda hand=hand: request_run(hand, revision, population) for hand in hands))
    assert Run.objects.count() == 1


def test_two_processes_compute_a_run_once() -> None:
    studio = Studio()
    request_run(studio.hand(), studio.save({MASTER: "105"}), studio.population(200))
    done = []
    _at_once(*(lambda: done.append(simulate_due(timezone.now())) for _ in range(2)))
    run = Run.objects.get()
    assert run.state == "done"
    assert sum(done) == 1


def test_two_approvers_at_once_decide_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JIFEN_EDITIONS", str(tmp_path))
    monkeypatch.setattr(TODAY, lambda: ON)
    studio = Studio()
    studio.save({MASTER: "105"})
    studio.accept_cases()
    row = studio.propose()
    refused = []

    def decide(user: User, *, adopt: bool) -> None:
        try:
            hand = access_adoption(user, row.key, "decide")
            decide_adoption(hand, adopt=adopt, reason="标准太高")
        except StudioFault as fault:
            refused.append(fault.code)

    second = staff("second approver", "policy_approver")
    try:
        _at_once(lambda: decide(studio.approver, adopt=True), lambda: decide(second, adopt=False))
        row.refresh_from_db()
        assert refused == ["JF-I029"]
        assert row.state in (AdoptionState.ADOPTED, AdoptionState.REFUSED)
        assert Entry.objects.filter(act__startswith="studio.adoption_").count() == 2
    finally:
        forget_editions()


def test_two_corrections_adopted_at_once_make_one_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "JIFEN_EDITIONS", str(tmp_path))
    monkeypatch.setattr(TODAY, lambda: ON)
    studio = Studio()
    try:
        studio.save({MASTER: "105"})
        studio.accept_cases()
        decide_adoption(
            access_adoption(studio.approver, studio.propose().key, "decide"), adopt=True
        )
        rows = []
        for points in ("108", "109"):
            start = ("shanghai", "2027")
            studio.draft = begin_draft(studio.drafter, "shanghai", points, start, ON)
            studio.save({MASTER: points})
            studio.accept_cases()
            correction = ProposedCorrection("办法", "Measure", "录入有误")
            rows.append(propose_correction(studio.hand(act="propose"), correction))
        refused = []

        def decide(user: User, row: Adoption) -> None:
            try:
                decide_adoption(access_adoption(user, row.key, "decide"), adopt=True)
            except StudioFault as fault:
                refused.append(fault.code)

        second = staff("second approver", "policy_approver")
        _at_once(lambda: decide(studio.approver, rows[0]), lambda: decide(second, rows[1]))
        assert refused == ["JF-I045"]
        adopted = Adoption.objects.filter(version="2027", state=AdoptionState.ADOPTED)
        assert sorted(row.edition for row in adopted) == [1, 2]
        assert PolicyEdition.objects.filter(version="2027").count() == 2
    finally:
        forget_editions()
