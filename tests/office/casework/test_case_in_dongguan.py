"""A case in Dongguan from its draft to the list and the settlement notice."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from jifen.cities.worked_cases import load_cases
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    decisions,
    drafts,
    materials,
    registers,
    review,
    submission,
)
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.models import Application
from jifen.office.lists.models import Entry
from jifen.office.notices.lookup import find_notice_status
from jifen.office.notices.models import Notice, NoticeKind
from tests.world.clock import Clock
from tests.world.office import finding, person, photo, staff, typed, user
from tests.world.town import through

pytestmark = pytest.mark.django_db
FILED = date(2020, 6, 8)  # a Monday, under the measure of 2016
BORN = "1990-01-01"  # by the identity number, so aged 30


def _facts() -> dict[str, Any]:
    """The worked case E1: college, three years of five insurances, a town of class B."""
    case = next(case for case in load_cases("dongguan", "2016") if case.id == "E1")
    return {key: value for key, value in case.facts.items() if key != "age"} | {"birth_date": BORN}


def _file_case(number: int, **changes: Any) -> Application:
    """Filed by the person alone, with every paper that is wanted."""
    applicant = user(f"applicant{number}")
    who = person(number, f"申请人{number}", user=applicant)
    case = drafts.open_draft(applicant, "dongguan", who, unit=None, district="guancheng")
    drafts.save_draft(case, typed(_facts() | changes), seen=0)
    drafts.give_consent(access_case(applicant, case.application.key))
    case = access_case(applicant, case.application.key)
    for missing in materials.list_missing_materials(case.application):
        materials.upload_files(case, missing.material.id, [(f"{missing.material.id}.jpg", photo())])
    case = access_case(applicant, case.application.key)
    return submission.submit_case(case, f"key-{number}")


def _decide(filed: Application) -> Application:
    """Human resources and the police confirm every fact; a clerk proposes, a senior clerk signs."""
    where = {"city": "dongguan"}
    offices = {
        "hr": staff("dg-hr", "reviewer", department="hr", **where),
        "police": staff("dg-police", "reviewer", department="police", **where),
    }
    clerk = staff("dg-clerk", "clerk", district="guancheng", **where)
    senior = staff("dg-senior", "senior_clerk", district="guancheng", **where)
    registers.ask_due_registers()
    for gate, reviewer in offices.items():
        while facts := list_open_facts(Application.objects.get(pk=filed.pk), gate):
            case = access_case(reviewer, filed.key, "find")
            review.record_findings(case, [finding(fact, {}) for fact in facts])
    decisions.propose_decision(access_case(clerk, filed.key, "propose"))
    decisions.countersign_decision(access_case(senior, filed.key, "countersign"))
    return Application.objects.get(pk=filed.pk)


@pytest.fixture
def monday(clock: Clock) -> Clock:
    """The office on the day of filing, in the morning."""
    clock.at = timezone.make_aware(datetime.combine(FILED, time(9)))
    return clock


@pytest.mark.usefixtures("monday")
def test_a_case_goes_from_its_draft_to_the_settlement_notice() -> None:
    decided = _decide(_file_case(1))
    decision = decided.decisions.get()
    assert (decided.state, decision.outcome, decision.total) == (
        "decided",
        "reached",
        Decimal(132),
    )
    through(FILED, date(2020, 6, 30))
    entry = Entry.objects.get(decision=decision)
    assert entry.state == "noticed"
    assert entry.public_until is not None
    published = entry.events.get(act="publish").on
    assert (entry.public_until - published).days == 7  # the day of publication is not counted
    slip = Notice.objects.get(decision=decision, kind=NoticeKind.SETTLEMENT)
    assert entry.settle_by is not None
    assert entry.noticed_on is not None
    assert (entry.settle_by - entry.noticed_on).days == 180
    shown = find_notice_status(slip.code, entry.settle_by)
    assert shown is not None
    assert shown.state == "valid"


@pytest.mark.usefixtures("monday")
def test_a_case_below_the_line_stands_on_no_list() -> None:
    """Below high school in a town of class A: 132 - 60 - 20 = 52 of 100."""
    decided = _decide(_file_case(1, education="none", town_class="jia"))
    decision = decided.decisions.get()
    assert (decision.outcome, decision.total) == ("below", Decimal(52))
    through(FILED, date(2020, 6, 12))
    assert not Entry.objects.exists()
