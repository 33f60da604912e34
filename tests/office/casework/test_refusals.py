"""Refused, vetoed, below the line: decisions that give no points, through a whole case."""

from typing import Any

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions, post_decision, registers, review
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.periods import (
    find_points_on,
    list_decisions_with_points,
    list_running_periods,
)
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, PointsPeriod
from tests.world.office import Office, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


OUTCOMES: list[tuple[dict[str, Any], str, bool]] = [
    ({}, "reached", True),
    ({"education": "none"}, "below", True),
    ({"serious_crime": True}, "vetoed", False),
    ({"permit_valid": False}, "refused", False),
    ({"permit_valid": False, "serious_crime": True}, "vetoed", False),
]


@pytest.mark.parametrize(("corrected", "outcome", "gives"), OUTCOMES)
def test_what_is_found_decides_what_comes_of_it(
    office: Office, corrected: dict[str, Any], outcome: str, *, gives: bool
) -> None:
    application = office.decided(office.submitted(), **corrected)
    decision = Decision.objects.get()
    assert (application.state, decision.outcome) == ("decided", outcome)
    assert decisions.replay_decision(decision).same
    period = PointsPeriod.objects.get()
    assert period.renewed == (not gives), "what was not given is not renewed"
    assert list_running_periods().exists() == gives
    assert list(list_decisions_with_points(application)) == [decision]


@pytest.mark.parametrize(("claimed", "outcome", "gives"), OUTCOMES[1:])
def test_what_is_claimed_and_confirmed_decides_just_so(
    office: Office, claimed: dict[str, Any], outcome: str, *, gives: bool
) -> None:
    office.decided(office.submitted(**claimed))
    assert Decision.objects.get().outcome == outcome
    assert list_running_periods().exists() == gives


def test_a_veto_is_found_by_the_police_and_not_by_the_clerk(office: Office) -> None:
    application = office.submitted()
    crime = FactFinding("serious_crime", "corrected", [True], "not_matching", "有判决")
    with pytest.raises(CaseFault, match="This gate is not yours"):
        review.record_finding(access_case(office.clerk, application.key), crime)
    review.record_finding(access_case(office.police, application.key), crime)
    item = application.items.get(fact="serious_crime")
    assert (item.finding, item.found, item.found_by) == ("corrected", [True], office.police)


def test_a_decision_waits_for_every_fact_that_matters(office: Office) -> None:
    application = office.submitted()
    registers.ask_due_registers()
    facts = list_open_facts(application, "office")
    case = access_case(office.clerk, application.key)
    review.record_findings(case, [FactFinding(fact, "confirmed") for fact in facts])
    left = Application.objects.get()
    assert left.state == "review", "the police have not found theirs"
    assert dict(left.gates.values_list("gate", "state")) == {"office": "passed", "police": "open"}
    with pytest.raises(CaseFault):
        decisions.propose_decision(access_case(office.clerk, application.key))
    Application.objects.update(state="deciding")
    with pytest.raises(CaseFault, match="Facts that matter are not confirmed") as caught:
        decisions.propose_decision(access_case(office.clerk, application.key))
    assert caught.value.code == "JF-K050"
    assert not Decision.objects.exists()


def test_a_veto_that_a_recheck_takes_back_gives_the_points(office: Office) -> None:
    application = office.decided(office.submitted(), serious_crime=True)
    assert find_points_on(office.person, "shanghai", today()) is not None
    post_decision.ask_recheck(
        access_case(office.person_user, application.key),
        [{"line": "serious_crime", "words": "判决已撤销"}],
    )
    recheck = post_decision.decide_recheck(
        access_case(office.senior2, application.key), "判决已撤销", {"serious_crime": False}
    )
    assert recheck.state == "changed"
    old, new = Decision.objects.order_by("number")
    assert (old.outcome, new.outcome) == ("vetoed", "reached")
    before, now = PointsPeriod.objects.order_by("id")
    assert (before.renewed, before.ended_on) == (True, today())
    assert (now.decision, now.renewed, now.since, now.ended_on) == (new, False, today(), None)
    assert list(list_decisions_with_points(application)) == [new]
    review_row = application.reviews.get(reason="recheck")
    assert (review_row.before, review_row.found, review_row.by) == (
        [True],
        [False],
        office.senior2,
    )


def test_points_that_a_recheck_takes_away_are_renewed_no_more(office: Office) -> None:
    application = office.decided(office.submitted())
    post_decision.ask_recheck(
        access_case(office.person_user, application.key), [{"line": "age", "words": "请复核"}]
    )
    post_decision.decide_recheck(
        access_case(office.senior2, application.key), "有判决", {"serious_crime": True}
    )
    assert Decision.objects.get(void_at=None).outcome == "vetoed"
    assert not list_running_periods().exists()
    assert Application.objects.get().state == "decided"


def test_a_revoked_decision_ends_its_points_and_the_case(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.clerk, application.key), "education", "假证"
    )
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "认可"
    )
    record.refresh_from_db()
    senior = access_case(office.senior, application.key)
    post_decision.decide_false_material(senior, record, stands=True, words="学历证书系伪造")
    decision = Decision.objects.get()
    assert decision.revoked_at is not None
    assert decision.revoked_why == "学历证书系伪造"
    assert Application.objects.get().state == "revoked"
    assert PointsPeriod.objects.get().ended_on == today()
    assert find_points_on(office.person, "shanghai", today()) is None
    assert not list_decisions_with_points(application).exists()


def test_what_was_dropped_after_the_hearing_leaves_the_points(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.clerk, application.key), "education", "疑似"
    )
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "有原件"
    )
    record.refresh_from_db()
    senior = access_case(office.senior, application.key)
    post_decision.decide_false_material(senior, record, stands=False, words="原件属实")
    record.refresh_from_db()
    assert (record.state, record.effective_on, record.expires_on) == ("dropped", None, None)
    assert find_points_on(office.person, "shanghai", today()) is not None
    assert Application.objects.get().state == "decided"


def test_a_decided_case_is_not_withdrawn(office: Office) -> None:
    application = office.decided(office.submitted())
    Application.objects.update(state="review")  # as while a recheck of a renewal is under way
    with pytest.raises(CaseFault, match="cannot be withdrawn") as caught:
        post_decision.withdraw_case(access_case(office.operator, application.key))
    assert caught.value.code == "JF-K054"


def test_a_withdrawn_case_has_no_waiting_proposal(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key))
    post_decision.withdraw_case(access_case(office.operator, application.key), "另行申请")
    decision = Decision.objects.get()
    assert decision.void_why == "withdrawn"
    left = Application.objects.get()
    assert left.state == "withdrawn"
    assert left.withdrawn_at is not None
    assert office.draft().application.state == "draft", "and a new one may be filed"


def test_a_proposal_that_is_sent_back_opens_what_was_named_and_says_why(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key), "达到分数线")
    senior = access_case(office.senior, application.key)
    with pytest.raises(CaseFault, match="Say why it is sent back") as caught:
        decisions.send_back(senior, "  ")
    assert caught.value.code == "JF-K052"
    decisions.send_back(senior, "理由" * 150, ("education", "serious_crime"))
    decision = Decision.objects.get()
    assert (decision.words, decision.void_why) == ("达到分数线", ("理由" * 150)[:200])
    assert list_open_facts(application, "office") == ["education"]
    assert list_open_facts(application, "police") == ["serious_crime"]
    item = application.items.get(fact="education")
    assert (item.finding, item.found, item.found_at) == ("open", [], None)
    assert dict(application.gates.values_list("gate", "state")) == {
        "office": "open",
        "police": "open",
    }


def test_a_proposal_that_is_sent_back_whole_is_proposed_again(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key))
    decisions.send_back(access_case(office.senior, application.key), "请写明理由")
    assert Application.objects.get().state == "deciding"
    again = decisions.propose_decision(access_case(office.clerk, application.key), "按事实")
    assert (again.number, again.proposed_by, again.automatic) == (2, office.clerk, False)


def test_words_of_a_decision_are_kept_as_long_as_there_is_room(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decision = decisions.propose_decision(access_case(office.clerk, application.key), "字" * 4001)
    assert len(decision.words) == 4000


def test_another_finding_voids_a_waiting_proposal(office: Office) -> None:
    application = office.reviewed(office.submitted())
    review.record_finding(
        access_case(office.clerk, application.key), FactFinding("title", "confirmed")
    )
    decisions.propose_decision(access_case(office.clerk, application.key))
    decisions.send_back(access_case(office.senior, application.key), "再看")
    decisions.propose_decision(access_case(office.clerk, application.key))
    Application.objects.update(state="deciding")
    review.record_finding(
        access_case(office.clerk, application.key), FactFinding("education", "confirmed")
    )
    assert list(Decision.objects.values_list("void_why", flat=True)) == ["再看", "fact education"]
    assert Application.objects.get().state == "deciding"


def test_nothing_is_decided_on_without_the_persons_consent(office: Office) -> None:
    application = office.reviewed(office.submitted())
    Application.objects.update(consent_at=None)
    with pytest.raises(CaseFault, match="has not agreed yet") as caught:
        decisions.propose_decision(access_case(office.clerk, application.key))
    assert (caught.value.code, caught.value.place) == ("JF-K023", "consent")


# What a finding needs


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (FactFinding("education", "guessed"), "JF-K031"),
        (FactFinding("education", "open"), "JF-K031"),
        (FactFinding("education", "corrected", ["college"], "", "理由"), "JF-K032"),
        (FactFinding("education", "corrected", ["college"], "not_matching", " "), "JF-K032"),
        (FactFinding("education", "rejected", (), "", "理由"), "JF-K032"),
        (FactFinding("education", "corrected", [], "not_matching", "理由"), "JF-K033"),
        (FactFinding("education", "corrected", ["wizard"], "not_matching", "理由"), "JF-K034"),
        (FactFinding("insured_months", "corrected", [-1], "not_matching", "理由"), "JF-K034"),
        (FactFinding("birth_date", "rejected", (), "not_matching", "理由"), "JF-K035"),
        (FactFinding("no-such-fact", "confirmed"), "JF-K033"),
    ],
)
def test_a_finding_that_cannot_be_is_refused_with_its_place(
    office: Office, found: FactFinding, code: str
) -> None:
    application = office.submitted()
    with pytest.raises(CaseFault) as caught:
        review.record_finding(access_case(office.clerk, application.key), found)
    assert (caught.value.code, caught.value.place) == (code, found.fact)
    assert not application.reviews.exists()


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("education", "none"),
        ("insured_months", 0),
        ("permit_valid", False),
        ("employed_and_insured", False),
        ("title", "none"),
    ],
)
def test_what_is_rejected_is_there_no_more(office: Office, fact: str, value: Any) -> None:
    application = office.submitted()
    found = FactFinding(fact, "rejected", (), "not_proved", "没有证明")
    item = review.record_finding(access_case(office.clerk, application.key), found)
    assert (item.finding, item.found, item.source) == ("rejected", [value], "clerk")
    assert (item.reason, item.words, item.found_by) == ("not_proved", "没有证明", office.clerk)
    assert item.found_at is not None


def test_rejected_dates_are_no_dates(office: Office) -> None:
    application = office.submitted(detention_dates=["2024-03-01"])
    found = FactFinding("detention_dates", "rejected", (), "not_matching", "系他人")
    item = review.record_finding(access_case(office.police, application.key), found)
    assert item.found == [[]]
