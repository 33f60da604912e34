"""The pages that show what waits."""

from datetime import timedelta

import pytest
from django.test import Client

from jifen.office.accounts.models import StaffRole, User
from jifen.office.casework.actions import expedited_lane, post_decision
from jifen.office.casework.assignees import (
    list_open_rows,
    list_rows_of_case,
    list_rows_without_people,
)
from jifen.office.casework.models import Application
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.waiting.models import Waiting
from tests.world.office import Office, today, user
from tests.world.waiting import WHY, case_of, working_morning

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_the_work_page_says_on_whom_for_what_since_when_and_by_when() -> None:
    office = Office()
    application = office.submitted()
    page = _signed_in(office.clerk).get("/work/").content.decode()
    for words in (
        str(application.number),
        "认定事实：区人社受理审核",
        "浦东新区 受理员",
        str(today()),
    ):
        assert words in page, words
    assert "认定事实：公安核查" not in page
    assert "超期" not in page.split("等您办理")[1]
    Waiting.objects.update(due_on=today() - timedelta(days=1))
    late = _signed_in(office.clerk).get("/work/?late=1&lang=en").content.decode()
    assert "overdue" in late
    assert "confirm facts" in late
    of_unit = _signed_in(office.operator).get("/work/").content.decode()
    assert "等其他人办理" in of_unit
    assert "公安核查" in of_unit
    assert (
        str(application.number) not in _signed_in(user("stranger")).get("/work/").content.decode()
    )


def test_the_page_of_a_case_says_what_happens_now() -> None:
    office = Office()
    application = office.submitted()
    client = _signed_in(office.person_user)
    page = client.get(f"/cases/{application.key}").content.decode()
    now = page.split('id="now"')[1].split("</section>")[0]
    assert "浦东新区 受理员" in now
    assert f"期限 {application.due_on}" in now
    post_decision.withdraw_case(case_of(office.operator, application))
    page = client.get(f"/cases/{application.key}").content.decode()
    assert "没有需要办理的事项，本案已办结。" in page


def test_a_queue_shows_what_waits_beside_its_gates() -> None:
    office = Office()
    application = office.submitted()
    expedited_lane.ask_expedite(case_of(office.operator, application), "illness", WHY)
    assert "决定是否加急" in _signed_in(office.supervisor).get("/desk/").content.decode()
    assert "决定是否加急" not in _signed_in(office.clerk).get("/desk/").content.decode()
    rows = list_rows_of_case(application.pk)
    assert {row.kind for row in rows} == {"gate", "expedite"}


def test_what_nobody_can_do_is_named_to_who_leads_the_office() -> None:
    office = Office()
    application = office.submitted()
    assert list_rows_without_people(list_open_rows()) == []
    StaffRole.objects.filter(user__in=(office.clerk, office.clerk2)).update(until=today())
    (row,) = list_rows_without_people(list_open_rows())
    assert (row.kind, row.item) == ("gate", "office")
    morning = working_morning()
    plan.plan_digests(morning)
    told = Message.objects.get(kind="lead_digest", user=office.supervisor, channel="inbox")
    assert (told.params["nobody"], told.params["late"]) == (1, 0)
    Application.objects.filter(pk=application.pk).update(due_on=today() - timedelta(days=9))
    Waiting.objects.update(due_on=today() - timedelta(days=9))
    page = _signed_in(office.supervisor).get("/lead/").content.decode()
    assert "没有人可以办理" in page
