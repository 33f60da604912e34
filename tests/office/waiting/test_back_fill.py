"""What waited before rows were written has the rows that acts write now."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    expedited_lane,
    post_decision,
    registers,
)
from jifen.office.casework.assignees import list_open_rows
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Application, RegisterCheck
from jifen.office.lists.actions import objections
from jifen.office.notices.actions import events, printing
from jifen.office.notices.models import Printing
from jifen.office.registry.actions.units import register_unit, review_unit
from jifen.office.waiting.actions import Wait, store_waits
from jifen.office.waiting.models import Waiting, WaitKind
from tests.world.office import Office, credit_code, tell, user
from tests.world.town import MONDAY, Town, run_daily_steps
from tests.world.waiting import WHY, case_of, particulars, waiting
from tests.world.year import FILED, City, set_day

pytestmark = pytest.mark.django_db
FILL = import_module("jifen.office.waiting.migrations.0002_what_waits_already").fill


def _after_decisions() -> set[str]:
    office, boss = Office(), user("boss")
    register_unit(boss, "employer", "shanghai", credit_code(77), particulars(boss))
    refused = register_unit(boss, "employer", "shanghai", credit_code(78), particulars(boss))
    review_unit(office.clerk, refused.versions.get(), confirm=False, words=WHY)
    decided = office.decided(office.submitted())
    line = [{"line": "education", "words": WHY}]
    post_decision.ask_recheck(case_of(office.person_user, decided), line)
    record = post_decision.report_false_material(case_of(office.clerk, decided), "title", WHY)
    tell(post_decision.report_false_material(case_of(office.clerk, decided), "education", WHY))
    post_decision.answer_false_material(case_of(office.person_user, decided), record, WHY)
    return {"registration", "registration_again", "recheck", "finding", "answer"}


def _on_lists() -> set[str]:
    town = Town()
    first, second = town.listed(), town.listed()
    run_daily_steps(MONDAY)
    objections.file_objection(town.neighbour, first, "年龄不符", MONDAY)
    heard = objections.file_objection(town.neighbour, second, "年龄不符", MONDAY)
    objections.hear_objection(town.clerk, heard, "已核对")
    return {"objection", "objection_decision"}


def _settling() -> set[str]:
    entry, day = Town().listed(), MONDAY
    while entry.state != "noticed":
        run_daily_steps(day)
        entry.refresh_from_db()
        day += timedelta(days=1)
    return {"settlement"}


def _by_the_year(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    set_day(monkeypatch, FILED)
    city = City()
    city.first(itself=False)
    events.issue_for_case_events()
    Printing.objects.update(stuck={"zh": "字库中没有此字"})
    for row in Printing.objects.select_related("notice__series"):
        store_waits(printing._locate_wait(row.notice), [Wait(WaitKind.PAPER)])
    return {"renewal", "paper"}


def _rows() -> set[tuple[object, ...]]:
    names = [
        f.attname
        for f in Waiting._meta.concrete_fields
        if f.attname not in ("id", "since", "told_at")
    ]
    return set(list_open_rows().values_list(*names))


def _same_again(kinds: set[str]) -> None:
    written = _rows()
    assert kinds <= {row.kind for row in list_open_rows()}
    Waiting.objects.all().delete()
    FILL(apps, None)
    assert _rows() == written
    FILL(apps, None)
    assert _rows() == written, "a second time adds nothing"


def test_after_decisions_and_of_units_there_are_the_same_rows() -> None:
    _same_again(_after_decisions())


@pytest.mark.parametrize("world", [_on_lists, _settling])
def test_on_lists_there_are_the_same_rows(world: Callable[[], set[str]]) -> None:
    _same_again(world())


def test_of_points_and_papers_there_are_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    _same_again(_by_the_year(monkeypatch))


def test_a_register_that_did_not_answer_before_has_a_row() -> None:
    office = Office()
    office.submitted()
    RegisterCheck.objects.filter(register="tax").update(attempts=3)
    FILL(apps, None)
    row = list_open_rows().get(kind=WaitKind.REGISTER)
    assert (row.item, row.city, row.role) == ("tax", "shanghai", "supervisor")
    registers.ask_due_registers()
    assert waiting(kind="register") == []


@pytest.mark.parametrize("state", ["draft", "review", "correction", "deciding", "countersign"])
def test_cases_under_way_have_the_same_rows(state: str) -> None:
    office = Office()
    if state == "draft":
        drafts.open_draft(office.operator, "shanghai", office.person, unit=office.unit)
    else:
        _bring(office, state)
    written = _rows()
    Waiting.objects.all().delete()
    assert list(check_cases())
    FILL(apps, None)
    assert _rows() == written
    assert list(check_cases()) == []


def _bring(office: Office, state: str) -> None:
    application = office.submitted()
    expedited_lane.ask_expedite(case_of(office.operator, application), "illness", WHY)
    if state == "correction":
        item = corrections.RequestedItem("fact", "education", "not_matching", WHY)
        corrections.ask_correction(case_of(office.clerk, application), [item])
    if state in ("deciding", "countersign"):
        office.reviewed(application)
    if state == "countersign":
        decisions.propose_decision(case_of(office.clerk, application))
    assert Application.objects.get(pk=application.pk).state == state
