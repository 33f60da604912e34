"""What is small in a case and must hold: who acts as what, what is kept of words, what is void."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User
from jifen.office.casework import backlog
from jifen.office.casework.access import access_case, access_for, visible_to
from jifen.office.casework.actions import (
    corrections,
    decisions,
    post_decision,
    registers,
    review,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.faults import NoSuchCase
from jifen.office.casework.models import (
    Application,
    Decision,
    Event,
    Gate,
    MaterialVersion,
    Recheck,
    RegisterCheck,
)
from jifen.office.casework.queries import Desk, count_by_clerk, list_desks
from tests.world.office import Office, staff, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def test_whoever_has_two_posts_acts_as_the_lower_one(office: Office) -> None:
    StaffRole.objects.create(user=office.clerk, role="senior_clerk", city="shanghai", since=today())
    application = office.submitted()
    both = User.objects.get(pk=office.clerk.pk)
    case = access_case(both, application.key)
    assert case.sides == {"clerk", "senior_clerk"}
    review.take_gate(case, "office")
    assert Event.objects.get(act="taken").as_role == "clerk"


def test_of_two_departments_only_those_of_a_reviewer_are_ones_own(office: Office) -> None:
    application = office.submitted()
    StaffRole.objects.create(
        user=office.clerk2, role="reviewer", department="tax", city="shanghai", since=today()
    )
    police = application.gates.get(gate="police")
    police.pk, police.gate, police.department = None, "tax", "tax"  # a gate of the tax office too
    police.save()
    case = access_for(User.objects.get(pk=office.clerk2.pk), application)
    assert case is not None
    assert case.sides == {"clerk", "reviewer"}
    assert case.departments == {"tax"}
    police = application.gates.get(gate="police")
    assert not review.can_act_in(case, police)
    assert review.can_act_in(case, application.gates.get(gate="office"))
    theirs = access_for(office.police, application)
    assert theirs is not None
    assert review.can_act_in(theirs, police)
    assert not review.can_act_in(theirs, application.gates.get(gate="office"))


def test_nobody_signed_out_knows_of_anything(office: Office) -> None:
    application = office.submitted()
    assert not visible_to(AnonymousUser()).exists()
    with pytest.raises(NoSuchCase):
        access_case(AnonymousUser(), application.key)


def test_what_is_void_says_when(office: Office) -> None:
    application = office.reviewed(office.submitted())
    before = timezone.now()
    decisions.propose_decision(access_case(office.clerk, application.key))
    post_decision.withdraw_case(access_case(office.operator, application.key))
    decision = Decision.objects.get()
    assert decision.void_at is not None
    assert before <= decision.void_at <= timezone.now()


def test_words_of_a_recheck_are_kept_as_long_as_there_is_room(office: Office) -> None:
    application = office.decided(office.submitted())
    reasons = [{"line": "age", "words": "理由"}]
    post_decision.ask_recheck(access_case(office.person_user, application.key), reasons)
    made = post_decision.decide_recheck(access_case(office.senior2, application.key), "字" * 4001)
    assert len(made.words) == 4000
    assert made.decided_at is not None
    assert Recheck.objects.get() == made


def test_a_register_that_was_asked_counts_the_tries(office: Office) -> None:
    office.submitted()
    assert registers.ask_due_registers() == 5
    assert set(RegisterCheck.objects.values_list("attempts", "state", "lease_until", "due_at")) == {
        (1, "nothing", None, None)
    }
    assert registers.ask_due_registers() == 0


def test_registers_are_asked_as_many_as_there_is_time_for(office: Office) -> None:
    office.submitted()
    assert registers.ask_due_registers(2) == 2
    assert RegisterCheck.objects.filter(state="due").count() == 3


def test_a_waiting_proposal_is_void_when_a_correction_is_asked_for(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key))
    Application.objects.update(state="deciding")
    corrections.ask_correction(
        access_case(office.clerk, application.key), [RequestedItem("fact", "title", "not_matching")]
    )
    assert Decision.objects.get().void_why == "correction"
    item = application.items.get(fact="title")
    assert (item.finding, item.found) == ("open", [])


def test_documents_that_were_looked_at_stay_with_the_finding(office: Office) -> None:
    application = office.submitted()
    version = MaterialVersion.objects.get(material__kind="diploma")
    found = FactFinding("education", "confirmed", documents=[version.pk, 10**6])
    review.record_finding(access_case(office.clerk, application.key), found)
    row = application.reviews.get()
    assert list(row.documents.all()) == [version]
    assert (row.gate, row.before, row.found, row.by, row.source) == (
        "office",
        [],
        ["bachelor_with_degree"],
        office.clerk,
        "clerk",
    )


def test_the_desks_of_somebody_are_those_of_their_posts(office: Office) -> None:
    assert list_desks(office.clerk) == [Desk("shanghai", "pudong", "")]
    assert list_desks(office.police) == [Desk("shanghai", "", "police")]
    assert list_desks(office.senior) == list_desks(office.supervisor) == list_desks(office.clerk)
    assert list_desks(staff("cityadmin", "city_admin")) == []
    assert list_desks(office.operator) == []


def test_open_gates_are_counted_by_who_has_them(office: Office) -> None:
    application = office.submitted()
    assert count_by_clerk(Desk("shanghai", "pudong", "")) == []
    review.take_gate(access_case(office.clerk, application.key), "office")
    for district in ("pudong", ""):
        assert count_by_clerk(Desk("shanghai", district, "")) == [{"name": "clerk", "many": 1}]
    assert count_by_clerk(Desk("shanghai", "xuhui", "")) == []
    assert count_by_clerk(Desk("shanghai", "", "police")) == []


def test_a_lane_that_differs_between_case_and_gate_is_found(office: Office) -> None:
    application = office.submitted()
    assert list(check_cases()) == []
    Gate.objects.filter(gate="police").update(lane="expedited")
    (wrong,) = check_cases()
    assert (wrong.case, wrong.aspect, wrong.stored, wrong.derived) == (
        application.number,
        "lane",
        "expedited",
        "normal",
    )


@pytest.mark.parametrize(("district", "many"), [("pudong", 1), ("", 1), ("xuhui", 0)])
def test_what_waits_is_what_was_filed_and_is_not_decided(
    office: Office, district: str, many: int
) -> None:
    desk = Desk("shanghai", district, "")
    case = office.with_documents(office.draft())
    assert backlog.measure_backlog(desk, today()).waiting == 0, "a draft waits for nobody"
    application = submission.submit_case(case, "k")
    now: Any = backlog.measure_backlog(desk, today())
    assert now.waiting == many
    assert (now.arriving > 0) == bool(many)
    office.decided(application)
    then = backlog.measure_backlog(desk, today())
    assert then.waiting == 0
    assert (then.deciding > 0) == bool(many)
