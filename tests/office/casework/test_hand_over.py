"""A supervisor hands a gate over, as the words of a held gate promise."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User
from jifen.office.audit.models import Entry
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import review
from jifen.office.casework.actions.handover import hand_over_gate, list_possible_holders
from jifen.office.casework.actions.review import HOLD_TIME, FactFinding
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Event, Gate
from jifen.office.registry.models import Membership
from tests.world.office import Office, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def held(office: Office) -> Application:
    """A filed case whose gate of the office is in the first clerk's hands."""
    application = office.submitted()
    review.take_gate(access_case(office.clerk, application.key), "office")
    return application


def _gate(application: Application, gate: str = "office") -> Gate:
    return application.gates.get(gate=gate)


def _give(office: Office, application: Application, to: User, gate: str = "office") -> None:
    hand_over_gate(access_case(office.supervisor, application.key, "hand_over"), gate, to)


def test_a_held_gate_names_the_way_out(office: Office, held: Application) -> None:
    with pytest.raises(CaseFault, match="ask a supervisor to hand it over") as caught:
        review.record_finding(
            access_case(office.clerk2, held.key), FactFinding("education", "confirmed")
        )
    assert caught.value.code == "JF-K030"
    assert "请主管转交" in caught.value.words.zh


def test_whoever_is_given_a_gate_acts_in_it_and_the_one_before_no_more(
    office: Office, held: Application
) -> None:
    before = timezone.now()
    _give(office, held, office.clerk2)
    row = _gate(held)
    assert row.holder == office.clerk2
    assert row.held_until is not None
    assert before + HOLD_TIME <= row.held_until <= timezone.now() + HOLD_TIME
    review.record_finding(
        access_case(office.clerk2, held.key), FactFinding("education", "confirmed")
    )
    with pytest.raises(CaseFault, match="clerk2 has this gate"):
        review.record_finding(
            access_case(office.clerk, held.key), FactFinding("study_mode", "confirmed")
        )


def test_the_log_says_who_gave_which_gate_to_whom(office: Office, held: Application) -> None:
    _give(office, held, office.clerk2)
    entry = Entry.objects.get(act="case.handed_over")
    assert entry.actor == f"user:{office.supervisor.pk}"
    assert entry.subject == f"application:{held.pk}"
    assert entry.details == {"gate": "office", "to": office.clerk2.pk}
    assert Event.objects.get(act="handed_over").internal, "who works on a case is the office's own"


def test_only_a_supervisor_hands_over(office: Office, held: Application) -> None:
    for other in (office.clerk, office.senior, office.police, office.operator, office.person_user):
        with pytest.raises(NotAllowed):
            hand_over_gate(access_case(other, held.key), "office", office.clerk2)
    assert _gate(held).holder == office.clerk


def test_a_gate_goes_to_nobody_who_may_not_work_in_it(office: Office, held: Application) -> None:
    elsewhere = staff("elsewhere", "clerk", district="xuhui")
    for other in (office.senior, office.police, office.operator, office.person_user, elsewhere):
        with pytest.raises(CaseFault, match="cannot work in this gate") as caught:
            _give(office, held, other)
        assert caught.value.code == "JF-K037"
    assert _gate(held).holder == office.clerk
    assert not Entry.objects.filter(act="case.handed_over").exists()


def test_a_gate_goes_to_no_clerk_who_belongs_to_the_employer_or_has_left(
    office: Office, held: Application
) -> None:
    Membership.objects.create(unit=office.unit, user=office.clerk2, role="operator")
    left = staff("left", "clerk", district="pudong")
    User.objects.filter(pk=left.pk).update(is_active=False)
    StaffRole.objects.create(
        user=office.person_user, role="clerk", city="shanghai", since=timezone.localdate()
    )
    for user in (office.clerk2, left, office.person_user):
        with pytest.raises(CaseFault, match="cannot work in this gate"):
            _give(office, held, User.objects.get(pk=user.pk))
    assert list(list_possible_holders(held, _gate(held))) == [office.clerk]


def test_a_gate_that_is_not_open_is_handed_to_nobody(office: Office) -> None:
    reviewed = office.reviewed(office.submitted())
    for gate in ("office", "no-such-gate"):
        with pytest.raises(CaseFault, match="not open now") as caught:
            _give(office, reviewed, office.clerk2, gate)
        assert caught.value.code == "JF-K036"


def test_those_are_offered_whose_role_holds_today(office: Office, held: Application) -> None:
    today = timezone.localdate()
    whole_city = staff("all districts", "clerk")
    staff("elsewhere", "clerk", district="xuhui")
    staff("other city", "clerk", "chengdu", district="pudong")
    for name, since, until in (
        ("from today", today, None),
        ("from tomorrow", today + timedelta(days=1), None),
        ("until today", date(2020, 1, 1), today),
        ("until tomorrow", date(2020, 1, 1), today + timedelta(days=1)),
    ):
        user = staff(name, "clerk", district="pudong")
        StaffRole.objects.filter(user=user).update(since=since, until=until)
    offered = list(list_possible_holders(held, _gate(held)))
    assert [user.name for user in offered] == [
        "all districts",
        "clerk",
        "clerk2",
        "from today",
        "until tomorrow",
    ]
    assert whole_city in offered


def test_the_gate_of_a_department_is_offered_to_its_reviewers(
    office: Office, held: Application
) -> None:
    staff("tax", "reviewer", department="tax")
    assert list(list_possible_holders(held, _gate(held, "police"))) == [office.police]
    _give(office, held, office.police, "police")
    assert _gate(held, "police").holder == office.police
    assert _gate(held).holder == office.clerk, "the other gate stays where it is"


@pytest.fixture
def lead(office: Office, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    client = Client()
    client.force_login(office.supervisor)
    return client


def test_the_page_of_a_case_has_the_button_for_a_supervisor(
    office: Office, held: Application, lead: Client
) -> None:
    address = f"/desk/{held.key}/gates/office/hand-over"
    page = lead.get(f"/desk/{held.key}").content.decode()
    assert f'action="{address}"' in page
    assert f'<option value="{office.clerk2.pk}">clerk2</option>' in page
    assert f'<option value="{office.clerk.pk}">' not in page, "who has it already"
    answer = lead.post(address, {"to": str(office.clerk2.pk)}, follow=True)
    assert "已转交" in answer.content.decode()
    assert _gate(held).holder == office.clerk2
    lead.force_login(office.clerk2)
    assert "hand-over" not in lead.get(f"/desk/{held.key}").content.decode()


@pytest.mark.parametrize("to", ["", "x", "999999"])
def test_nobody_chosen_changes_nothing(
    office: Office, held: Application, lead: Client, to: str
) -> None:
    answer = lead.post(f"/desk/{held.key}/gates/office/hand-over", {"to": to}, follow=True)
    assert "请选择接手的人" in answer.content.decode()
    assert _gate(held).holder == office.clerk


def test_a_clerk_cannot_post_to_it(office: Office, held: Application, lead: Client) -> None:
    lead.force_login(office.clerk2)
    lead.post(f"/desk/{held.key}/gates/office/hand-over", {"to": str(office.clerk2.pk)})
    assert _gate(held).holder == office.clerk
