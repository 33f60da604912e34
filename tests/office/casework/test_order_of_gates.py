"""Gates in their order: in Chengdu the departments begin once the window has passed a case."""

from datetime import date
from typing import Any

import pytest

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    materials,
    review,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.actions.gates import list_facts_to_review, list_open_facts
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Gate
from tests.world.office import person as somebody
from tests.world.office import photo, staff, typed, user
from tests.world.town import facts_of

pytestmark = pytest.mark.django_db


class _Chengdu:
    """A filed case of somebody who files themself, and whoever reviews it."""

    def __init__(self) -> None:
        self.window = staff("cd-window", "clerk", "chengdu", district="wuhou")
        self.police = staff("cd-police", "reviewer", "chengdu", department="police")
        self.hr = staff("cd-hr", "reviewer", "chengdu", department="hr")
        self.senior = staff("cd-senior", "senior_clerk", "chengdu", district="wuhou")
        self.user = user("cd-person")
        person = somebody(3, "李雷", user=self.user)
        case = drafts.open_draft(self.user, "chengdu", person, unit=None, district="wuhou")
        facts = facts_of("2024", "33")
        plain = {f: v.isoformat() if isinstance(v, date) else v for f, v in facts.items()}
        plain["birth_date"] = "1990-01-01"  # as the identity number says
        drafts.save_draft(case, typed(plain), seen=0)
        for wanted in materials.list_missing_materials(case.application):
            materials.upload_files(case, wanted.material.id, [("x.jpg", photo())])
        self.case = submission.submit_case(access_case(self.user, case.application.key), "k")

    def of(self, someone: User) -> CaseAccess:
        return access_case(someone, self.case.key)

    def finds(self, someone: User, gate: str, **corrected: Any) -> None:
        while facts := list_open_facts(Application.objects.get(), gate):
            review.record_findings(self.of(someone), [_found(fact, corrected) for fact in facts])

    def states(self) -> dict[str, str]:
        return dict(Gate.objects.values_list("gate", "state"))


def _found(fact: str, corrected: dict[str, Any]) -> FactFinding:
    if fact in corrected:
        return FactFinding(fact, "corrected", [corrected[fact]], "not_matching", "不符")
    return FactFinding(fact, "confirmed")


@pytest.fixture
def chengdu(db: None) -> _Chengdu:
    del db
    return _Chengdu()


def test_at_the_filing_the_first_gate_is_open_and_the_others_wait(chengdu: _Chengdu) -> None:
    assert chengdu.states() == {"window": "open", "police": "waiting", "hr": "waiting"}
    opened = dict(Gate.objects.values_list("gate", "opened_at"))
    assert opened["window"] is not None
    assert opened["police"] is None
    rows = Gate.objects.order_by("order").values_list("gate", "order", "department")
    assert list(rows) == [("window", 0, ""), ("police", 1, "police"), ("hr", 2, "hr")]


def test_a_gate_that_waits_is_taken_by_nobody(chengdu: _Chengdu) -> None:
    with pytest.raises(NotAllowed, match="This gate is not yours"):
        review.take_gate(chengdu.of(chengdu.police), "police")


def test_a_department_finds_in_its_own_gate_only(chengdu: _Chengdu) -> None:
    chengdu.finds(chengdu.window, "window")
    with pytest.raises(NotAllowed) as caught:
        review.record_finding(chengdu.of(chengdu.hr), FactFinding("permit_valid", "confirmed"))
    assert caught.value.place == "permit_valid"
    with pytest.raises(NotAllowed):
        review.take_gate(chengdu.of(chengdu.hr), "police")


def test_departments_begin_when_the_window_has_passed_it(chengdu: _Chengdu) -> None:
    chengdu.finds(chengdu.window, "window")
    assert chengdu.states() == {"window": "passed", "police": "open", "hr": "open"}
    window = Gate.objects.get(gate="window")
    assert window.passed_by == chengdu.window
    assert window.passed_at is not None
    assert Application.objects.get().state == "review"
    chengdu.finds(chengdu.hr, "hr")
    assert chengdu.states() == {"window": "passed", "police": "open", "hr": "passed"}
    chengdu.finds(chengdu.police, "police")
    assert Application.objects.get().state == "deciding"


def test_what_the_window_looks_at_again_the_departments_wait_for(chengdu: _Chengdu) -> None:
    chengdu.finds(chengdu.window, "window")
    review.take_gate(chengdu.of(chengdu.police), "police")
    asked = [RequestedItem("fact", "birth_date", "not_matching")]
    corrections.ask_correction(chengdu.of(chengdu.window), asked)
    assert chengdu.states() == {"window": "open", "police": "waiting", "hr": "waiting"}
    police = Gate.objects.get(gate="police")
    assert (police.holder, police.held_until) == (None, None)
    corrections.resubmit_case(chengdu.of(chengdu.user))
    window = Gate.objects.get(gate="window")
    assert (window.passed_at, window.passed_by, window.returned) == (None, None, True)
    chengdu.finds(chengdu.window, "window")
    assert chengdu.states() == {"window": "passed", "police": "open", "hr": "open"}


def test_a_decision_that_is_sent_back_opens_the_gate_of_the_fact(chengdu: _Chengdu) -> None:
    for someone, gate in (
        (chengdu.window, "window"),
        (chengdu.police, "police"),
        (chengdu.hr, "hr"),
    ):
        chengdu.finds(someone, gate)
    decisions.propose_decision(chengdu.of(chengdu.window))
    decisions.send_back(chengdu.of(chengdu.senior), "再核实", ("permit_valid",))
    assert chengdu.states() == {"window": "passed", "police": "open", "hr": "passed"}
    chengdu.finds(chengdu.police, "police")
    decisions.propose_decision(chengdu.of(chengdu.window))
    decision = decisions.countersign_decision(chengdu.of(chengdu.senior))
    assert (decision.number, decision.outcome) == (2, "reached")


def test_facts_are_reviewed_in_the_order_of_the_form(chengdu: _Chengdu) -> None:
    application = chengdu.case
    order = list(rules_of(application).vocabulary.ids)
    facts = list_facts_to_review(application)
    assert facts == sorted(facts, key=order.index)
    assert set(application.items.values_list("fact", flat=True)) <= set(facts)
    assert {gate.id for gate in process_of(application).gates} == {"window", "police", "hr"}


def test_nobody_but_the_person_need_agree_to_what_they_file(chengdu: _Chengdu) -> None:
    assert Application.objects.get().consent_at is None
    for someone, gate in (
        (chengdu.window, "window"),
        (chengdu.police, "police"),
        (chengdu.hr, "hr"),
    ):
        chengdu.finds(someone, gate)
    assert decisions.propose_decision(chengdu.of(chengdu.window)).outcome == "reached"


@pytest.mark.parametrize(
    ("fact", "value"),
    [("settlement_area", None), ("zone_group", "none"), ("home_years", 0), ("permit", None)],
)
def test_what_is_rejected_at_the_window_is_there_no_more(
    chengdu: _Chengdu, fact: str, value: object
) -> None:
    found = FactFinding(fact, "rejected", (), "not_proved", "没有证明")
    item = review.record_finding(chengdu.of(chengdu.window), found)
    assert item.found == [value]


def test_what_everybody_has_is_corrected_and_not_rejected(chengdu: _Chengdu) -> None:
    found = FactFinding("birth_date", "rejected", (), "not_proved", "没有证明")
    with pytest.raises(CaseFault, match="cannot be rejected; correct it") as caught:
        review.record_finding(chengdu.of(chengdu.window), found)
    assert caught.value.code == "JF-K035"
