"""One row for each thing that waits in a case, from the act that began it to its end."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework import retention
from jifen.office.casework.actions import corrections, drafts, expedited_lane, post_decision
from jifen.office.casework.assignees import list_open_rows, list_people_able, list_rows_for_user
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Application
from jifen.office.messages import plan
from jifen.office.messages.delivery import deliver_due_messages
from jifen.office.messages.models import Message
from jifen.office.registry.models import Membership, Person
from jifen.office.waiting.models import Waiting, WaitKind
from tests.world.messages import PHONE, at
from tests.world.office import Office, tell, today, unit, user
from tests.world.waiting import WHY, case_of, told, waiting

pytestmark = pytest.mark.django_db


def test_a_row_begins_with_one_act_and_ends_with_another() -> None:
    office = Office()
    application = office.submitted()
    before = timezone.now()
    item = corrections.RequestedItem("fact", "education", "not_matching", WHY)
    made = corrections.ask_correction(case_of(office.clerk, application), [item])
    row = Waiting.objects.get(kind=WaitKind.CORRECTION)
    assert (row.unit, row.role, row.due_on, row.ended_at) == (office.unit, "", made.due_on, None)
    assert before <= row.since
    assert waiting(application=application) == ["correction"], "no gate is waited for meanwhile"
    corrections.resubmit_case(case_of(office.operator, application))
    row.refresh_from_db()
    assert row.ended_at is not None
    assert waiting(application=application) == ["gate", "gate"]


def test_what_one_had_a_part_in_waits_on_another() -> None:
    office = Office()
    decided = office.decided(office.submitted())
    post_decision.ask_recheck(
        case_of(office.person_user, decided), [{"line": "education", "words": WHY}]
    )
    row = list_open_rows().get(kind=WaitKind.RECHECK)
    assert set(list_people_able(row)) == {office.senior2, office.supervisor}, "not who signed it"
    assert row not in list_rows_for_user(office.senior, today())
    assert row in list_rows_for_user(office.senior2, today())
    assert row.due_on == decided.rechecks.get().due_on


def test_nobody_is_waited_for_in_the_case_of_their_own_employer() -> None:
    office = Office()
    application = office.submitted()
    Membership.objects.create(unit=office.unit, user=office.clerk, role="operator")
    row = list_open_rows().get(application=application, item="office")
    assert set(list_people_able(row)) == {office.clerk2}
    assert row not in list_rows_for_user(User.objects.get(pk=office.clerk.pk), today())


def test_a_finding_waits_on_the_person_and_after_the_days_or_the_answer_on_the_signers() -> None:
    office = Office()
    decided = office.decided(office.submitted())
    record = post_decision.report_false_material(case_of(office.clerk, decided), "title", WHY)
    assert waiting(application=decided, kind__in=("answer", "finding")) == ["answer"]
    until = tell(record).hearing_until
    assert until is not None
    later = until + timedelta(days=1)
    answer, finding = (
        list_open_rows().get(kind=WaitKind.ANSWER),
        list_open_rows().get(kind=WaitKind.FINDING),
    )
    assert (answer.person, answer.due_on) == (decided.person, until)
    assert finding.starts_on == later
    assert finding not in list_rows_for_user(office.senior, today())
    assert finding in list_rows_for_user(office.senior, later)
    post_decision.answer_false_material(case_of(office.person_user, decided), record, WHY)
    assert waiting(application=decided, kind__in=("answer", "finding")) == ["finding"]
    assert list_open_rows().get(kind=WaitKind.FINDING) in list_rows_for_user(office.senior, today())


def test_a_lane_waits_on_the_supervisor_alone() -> None:
    office = Office()
    application = office.submitted()
    expedited_lane.ask_expedite(case_of(office.operator, application), "illness", WHY)
    row = list_open_rows().get(kind=WaitKind.EXPEDITE)
    assert list(list_people_able(row)) == [office.supervisor]
    expedited_lane.decide_expedite(
        case_of(office.supervisor, application),
        application.expedites.get(),
        approve=True,
        words=WHY,
    )
    assert waiting(kind="expedite") == []
    lanes = list_open_rows().filter(application=application).values_list("lane", flat=True)
    assert set(lanes) == {"expedited"}


def test_the_consent_is_asked_of_the_person_with_a_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office()
    Person.objects.filter(pk=office.person.pk).update(phone=PHONE)
    case = drafts.open_draft(
        office.operator, "shanghai", office.person, unit=office.unit, district="pudong"
    )
    assert waiting() == ["consent", "draft"]
    plan.plan_for_waiting_rows()
    assert told(office.person_user, "consent_asked") == 1
    drafts.give_consent(case_of(office.person_user, case.application))
    assert waiting() == ["draft"]
    deliver_due_messages(at(today() + timedelta(days=1), 9))
    by_sms = Message.objects.get(kind="consent_asked", channel="sms")
    assert (by_sms.state, by_sms.why) == ("dropped", "no_longer_so")


def test_an_agency_is_waited_for_while_it_has_the_mandate() -> None:
    from jifen.office.registry.actions import members

    office, agent = Office(), user("agent")
    agency = unit(9, agent, kind="agency")
    mandate = members.grant_mandate(office.admin, office.unit, agency)
    draft = office.draft().application
    Application.objects.filter(pk=draft.pk).update(agency=agency)
    row = list_open_rows().get(kind=WaitKind.DRAFT)
    assert agent in list_people_able(row)
    assert row in list_rows_for_user(agent, today())
    members.end_mandate(office.admin, mandate)
    assert agent not in list_people_able(row)
    assert row not in list_rows_for_user(agent, today())


def test_the_nightly_check_says_what_waits_wrongly() -> None:
    office = Office()
    office.submitted()
    assert list(check_cases()) == []
    Waiting.objects.filter(item="police").update(ended_at=timezone.now())
    Waiting.objects.filter(item="office").update(due_on=date(2020, 1, 1), role="reviewer")
    found = {(wrong.aspect, wrong.stored) for wrong in check_cases()}
    assert found == {
        ("waiting gate police", "not there"),
        ("waiting gate office role", "reviewer"),
        ("waiting gate office due_on", "2020-01-01"),
    }


def test_a_row_goes_with_itscase_of() -> None:
    office = Office()
    draft = office.draft().application
    assert waiting(application=draft)
    Application.objects.update(created_at=timezone.now() - timedelta(days=3 * 366))
    for found in list(retention.list_expired_cases(today())):
        retention.remove_case(found)
    assert not Waiting.objects.exists()


def test_a_thing_waits_once_and_on_one() -> None:
    office = Office()
    office.submitted()
    row = list_open_rows().get(item="office")
    for changes in ({}, {"subject": "x", "person": office.person}, {"subject": "x", "role": ""}):
        twin = Waiting.objects.get(pk=row.pk)
        twin.pk = None
        for name, value in changes.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()
