"""Four eyes: whoever had a part in a decision neither signs it nor looks at it again."""

from datetime import date, timedelta

import pytest

from jifen.office.accounts.models import StaffRole, User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    decisions,
    expedited_lane,
    post_decision,
    registers,
    review,
)
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Decision, FalseRecord
from tests.world.office import Office, finding, tell

pytestmark = pytest.mark.django_db
REASONS = [{"line": "education", "words": "学历已认证"}]


@pytest.fixture
def office() -> Office:
    return Office()


def _also(user: User, role: str) -> User:
    """The same user with another role in Pudong."""
    StaffRole.objects.create(
        user=user, role=role, city="shanghai", district="pudong", since=date(2020, 1, 1)
    )
    return User.objects.get(pk=user.pk)


def _reviewed_with(office: Office, other: User, found: FactFinding) -> Application:
    """Everything is found by the clerk and the police, but one fact by somebody else."""
    application = office.submitted()
    registers.ask_due_registers()
    review.record_finding(access_case(other, application.key, "find"), found)
    for who, gate in ((office.clerk, "office"), (office.police, "police")):
        facts = [f for f in list_open_facts(Application.objects.get(), gate) if f != found.fact]
        review.record_findings(access_case(who, application.key), [finding(f, {}) for f in facts])
    decisions.propose_decision(access_case(office.clerk, application.key, "propose"))
    return application


FINDINGS = [
    FactFinding("education", "confirmed"),
    FactFinding("education", "corrected", ["college"], "not_matching", "与学信网不一致"),
    FactFinding("title", "rejected", (), "not_proved", "没有证明"),
]


@pytest.mark.parametrize("found", FINDINGS, ids=[found.finding for found in FINDINGS])
def test_whoever_found_one_fact_does_not_sign(office: Office, found: FactFinding) -> None:
    both = _also(office.clerk2, "senior_clerk")
    application = _reviewed_with(office, both, found)
    with pytest.raises(NotAllowed, match="Another person signs") as caught:
        decisions.countersign_decision(access_case(both, application.key, "countersign"))
    assert caught.value.code == "JF-K051"
    assert Decision.objects.get().signed_at is None
    decisions.countersign_decision(access_case(office.senior, application.key, "countersign"))
    assert Decision.objects.get().signed_by == office.senior


def test_whoever_proposed_does_not_sign_in_another_role(office: Office) -> None:
    both = _also(office.clerk2, "supervisor")
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(both, application.key, "propose"))
    with pytest.raises(NotAllowed, match="Another person signs"):
        decisions.countersign_decision(access_case(both, application.key, "countersign"))
    assert Application.objects.get().state == "countersign"


def test_whoever_found_a_fact_may_sign_once_another_has_found_it_anew(office: Office) -> None:
    both = _also(office.clerk2, "senior_clerk")
    application = _reviewed_with(office, both, FINDINGS[0])
    decisions.send_back(access_case(office.senior, application.key), "再核实", ("education",))
    review.record_finding(
        access_case(office.clerk, application.key), FactFinding("education", "confirmed")
    )
    decisions.propose_decision(access_case(office.clerk, application.key))
    decisions.countersign_decision(access_case(both, application.key, "countersign"))
    assert Decision.objects.get(void_at=None).signed_by == both, (
        "the clerk's finding took its place"
    )


def test_a_signature_is_given_once(office: Office) -> None:
    application = office.decided(office.submitted())
    with pytest.raises(NotAllowed):
        decisions.countersign_decision(access_case(office.supervisor, application.key))


def test_no_one_with_a_part_in_the_decision_decides_the_recheck(office: Office) -> None:
    both = _also(office.clerk2, "senior_clerk")
    proposer = _also(office.clerk, "senior_clerk")
    application = _reviewed_with(office, both, FINDINGS[0])
    decisions.countersign_decision(access_case(office.senior, application.key))
    post_decision.ask_recheck(access_case(office.person_user, application.key), REASONS)
    for who in (proposer, office.senior, both):
        with pytest.raises(NotAllowed, match="Somebody without a part") as caught:
            post_decision.decide_recheck(access_case(who, application.key), "维持")
        assert caught.value.code == "JF-K064"
    recheck = post_decision.decide_recheck(access_case(office.senior2, application.key), "维持")
    assert (recheck.state, recheck.decided_by) == ("upheld", office.senior2)


def test_a_changed_decision_names_the_first_proposer_and_whoever_decided_the_recheck(
    office: Office,
) -> None:
    application = office.decided(office.submitted(), education="none")
    post_decision.ask_recheck(access_case(office.person_user, application.key), REASONS)
    recheck = post_decision.decide_recheck(
        access_case(office.senior2, application.key), "学历属实", {"education": "college"}
    )
    assert recheck.state == "changed"
    assert [(c["line"], c["before"], c["after"]) for c in recheck.changed] == [("education", 0, 50)]
    old, new = Decision.objects.order_by("number")
    assert (old.void_why, new.void_at) == ("recheck", None)
    assert (new.proposed_by, new.signed_by) == (office.clerk, office.senior2)
    post_decision.ask_recheck(access_case(office.person_user, application.key), REASONS)
    for who in (office.senior2, _also(office.clerk, "supervisor")):
        with pytest.raises(NotAllowed, match="Somebody without a part"):
            post_decision.decide_recheck(access_case(who, application.key), "维持")
    post_decision.decide_recheck(access_case(office.supervisor, application.key), "维持")


def test_whoever_found_false_material_does_not_decide_on_it(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.senior, application.key), "education", "假证"
    )
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "不知情"
    )
    record.refresh_from_db()
    with pytest.raises(NotAllowed, match="another person decides") as caught:
        post_decision.decide_false_material(
            access_case(office.senior, application.key), record, stands=True, words="成立"
        )
    assert caught.value.code == "JF-K068"
    assert FalseRecord.objects.get().state == "hearing"
    post_decision.decide_false_material(
        access_case(office.senior2, application.key), record, stands=False, words="不成立"
    )
    assert FalseRecord.objects.get().state == "dropped"
    assert Application.objects.get().state == "decided"


def test_the_hearing_is_waited_for_until_its_last_day_has_ended(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.senior, application.key), "education", "假证"
    )
    last = tell(record).hearing_until
    assert last is not None
    case = access_case(office.senior2, application.key)
    with pytest.raises(CaseFault, match=f"may answer until {last}") as caught:
        post_decision.decide_false_material(case, record, stands=True, words="成立", on=last)
    assert caught.value.code == "JF-K067"
    post_decision.decide_false_material(
        case, record, stands=True, words="成立", on=last + timedelta(days=1)
    )
    assert Application.objects.get().state == "revoked"


def test_a_person_who_answered_need_not_be_waited_for(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.senior, application.key), "education", "假证"
    )
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "认可"
    )
    record.refresh_from_db()
    case = access_case(office.senior2, application.key)
    post_decision.decide_false_material(case, record, stands=True, words="成立")
    assert Application.objects.get().state == "revoked"


def test_a_lane_is_asked_for_by_one_and_given_by_another(office: Office) -> None:
    application = office.submitted()
    request = expedited_lane.ask_expedite(
        access_case(office.operator, application.key), "illness", "住院"
    )
    lead = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(lead, request, approve=True, words="同意")
    request.refresh_from_db()
    assert (request.asked_by, request.decided_by) == (office.operator, office.supervisor)
    with pytest.raises(CaseFault, match="decided already") as caught:
        expedited_lane.decide_expedite(lead, request, approve=False, words="不同意")
    assert caught.value.code == "JF-K073"
    assert Application.objects.get().lane == "expedited"
