"""The way of a case, act by act, without a browser."""

import json
from typing import Any

import pytest

from jifen.office.audit.models import Entry
from jifen.office.audit.verification import verify_log
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections, decisions, drafts, review, submission
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed
from jifen.office.casework.models import Application, Decision, Item
from tests.world.office import GOOD, Office, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def _now(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def test_a_case_goes_from_draft_to_a_signed_decision(office: Office) -> None:
    application = office.submitted()
    assert application.number
    assert application.state == "review"
    decided = office.decided(application)
    decision = Decision.objects.get(application=decided)
    # age 30, bachelor's degree 90, seven insured years 21, base at 0.8 times the average 25
    assert (decided.state, decision.outcome) == ("decided", "reached")
    assert decision.total == 166
    assert json.loads(decision.result)["total"] == 166
    assert decision.proposed_by == office.clerk
    assert decision.signed_by == office.senior
    assert verify_log()[1] == []
    acts = list(Entry.objects.values_list("act", flat=True))
    assert acts[:3] == ["case.opened", "case.consented", "case.uploaded"]
    assert acts[-2:] == ["case.proposed", "case.decided"]


def test_a_decision_replayed_gives_the_same_bytes(office: Office) -> None:
    office.decided(office.submitted())
    found = decisions.replay_decision(Decision.objects.get())
    assert found.same
    assert found.now == found.then


def test_a_clerk_corrects_a_fact_and_the_engine_gives_the_points(office: Office) -> None:
    decided = office.decided(office.submitted(), education="none")
    decision = Decision.objects.get(application=decided)
    assert decision.outcome == "below"
    assert decision.total == 76
    item = Item.objects.get(application=decided, fact="education")
    assert (item.given, item.found, item.finding) == (
        ["bachelor_with_degree"],
        ["none"],
        "corrected",
    )


def test_what_is_missing_is_told_with_its_place(office: Office) -> None:
    facts = {k: v for k, v in GOOD.items() if k != "education"}
    case = office.draft(facts)
    with pytest.raises(CaseFault) as caught:
        submission.submit_case(case, "k")
    assert caught.value.place == "education"
    assert "还没有填写" in caught.value.words.zh
    assert _now(case.application).state == "draft"


def test_the_same_submission_twice_is_one_receipt(office: Office) -> None:
    case = office.with_documents(office.draft())
    first = submission.submit_case(case, "same")
    again = submission.submit_case(access_case(office.operator, first.key), "same")
    assert first.number == again.number
    assert Entry.objects.filter(act="case.submitted").count() == 1


def test_one_person_has_one_open_case(office: Office) -> None:
    office.draft()
    with pytest.raises(CaseFault, match="already has an open application"):
        office.draft()


def test_a_correction_stops_the_clock_and_comes_back_to_the_same_clerk(office: Office) -> None:
    application = office.submitted()
    case = access_case(office.clerk, application.key)
    review.take_gate(case, "office")
    asked = [RequestedItem("fact", "education", "not_matching", "与学信网不一致")]
    corrections.ask_correction(access_case(office.clerk, application.key), asked)
    stopped = _now(application)
    assert (stopped.state, stopped.due_on, stopped.clock_from) == ("correction", None, None)
    operator = access_case(office.operator, application.key)
    drafts.save_draft(operator, typed({"education": "college", "title": "senior"}), seen=99)
    assert Item.objects.get(application=application, fact="education").given == ["college"]
    assert Item.objects.get(application=application, fact="title").given == ["none"]
    corrections.resubmit_case(access_case(office.operator, application.key))
    back = _now(application)
    assert back.state == "review"
    assert back.due_on is not None
    gate = back.gates.get(gate="office")
    assert gate.returned
    assert gate.holder == office.clerk
    with pytest.raises(CaseFault, match="clerk has this gate"):
        review.record_finding(
            access_case(office.clerk2, back.key), review.FactFinding("education", "confirmed")
        )


def test_nobody_signs_what_they_proposed_or_confirmed(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key, "propose"))
    with pytest.raises(NotAllowed):
        access_case(office.clerk, application.key, "countersign")
    decisions.countersign_decision(access_case(office.supervisor, application.key, "countersign"))


def test_an_edit_voids_the_proposal_and_keeps_the_row(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key, "propose"))
    decisions.send_back(access_case(office.senior, application.key), "学历需核实", ("education",))
    assert _now(application).state == "review"
    old = Decision.objects.get()
    assert old.void_at is not None
    office.decided(_now(application))
    assert list(Decision.objects.values_list("number", flat=True)) == [1, 2]


def test_a_case_that_is_not_yours_does_not_exist(office: Office) -> None:
    application = office.submitted()
    from tests.world.office import staff, user

    for other in (user("stranger"), staff("elsewhere", "clerk", district="xuhui")):
        with pytest.raises(NoSuchCase):
            access_case(other, application.key)


def test_two_operators_overwrite_nothing_in_silence(office: Office) -> None:
    case = office.draft()
    seen = _now(case.application).revision
    mine = access_case(office.operator, case.application.key)
    theirs = access_case(office.admin, case.application.key)
    drafts.save_draft(theirs, typed({"education": "master", "award": "provincial"}), seen)
    saved = drafts.save_draft(mine, typed({"education": "doctor", "title": "senior"}), seen)
    assert [(c.fact, c.theirs, c.by) for c in saved.conflicts] == [
        ("education", {"text": "master"}, "admin")
    ]
    given = dict(Item.objects.filter(application=case.application).values_list("fact", "given"))
    assert (given["education"], given["title"], given["award"]) == (
        ["master"],
        ["senior"],
        ["provincial"],
    )


@pytest.mark.parametrize("value", ["", "abc", "9999"])
def test_a_draft_keeps_what_makes_no_sense(office: Office, value: Any) -> None:
    case = office.draft()
    field = drafts.FieldInput({"text": value}, [value] if value else [])
    drafts.save_draft(case, {"insured_months": field}, seen=999)
    assert Item.objects.get(fact="insured_months").typed == {"text": value}
    with pytest.raises(CaseFault):
        submission.submit_case(access_case(office.operator, case.application.key), "k")
