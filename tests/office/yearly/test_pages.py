"""Pages of the year: permits, points, renewals of a staff, the calendar, messages."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar

from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.messages import plan
from jifen.office.messages.models import Message, OptOut
from jifen.office.registry.actions import automatic_endorsement
from jifen.office.registry.models import Permit, Person
from jifen.office.registry.models.people import name_indexes
from tests.world.messages import PHONE, at
from tests.world.office import identity, unit, user
from tests.world.office import person as somebody
from tests.world.year import ENDORSED, FILED, RENEWED, City, set_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """In June 2025, with points; nobody is asked for a second factor."""
    del db
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)
    set_day(monkeypatch, FILED)
    made = City()
    made.first()
    return made


def _as(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_holder_sees_the_permit_and_endorses_it_online(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = _as(city.person_user)
    address = f"/permits/{city.permit.pk}"
    page = holder.get(address).content.decode()
    assert "2025-10-20" in page
    assert "2025-09-30 至 2025-10-05" in page
    assert "现在就签注" not in page
    set_day(monkeypatch, date(2025, 9, 21))
    assert "现在就签注" in holder.get(address).content.decode()
    holder.post(f"{address}/act", {"act": "endorse"})
    assert Permit.objects.get().valid_until == date(2026, 10, 20)
    holder.post(f"{address}/act", {"act": "cancel", "reason": "x"})
    assert Permit.objects.get().cancelled_on is None


def test_a_window_finds_issues_and_changes(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    window = _as(city.clerk)
    found = window.post("/permits/", {"identity": city.person.identity})
    assert found.headers["Location"] == f"/permits/{city.permit.pk}"
    new = {"identity": identity(77), "name": "新来者", "phone": PHONE, "district": "xuhui"}
    assert "签发居住证" in window.post("/permits/", new).content.decode()
    new |= {"act": "issue", "registered_on": "2025-01-01", "ground": "stable_job"}
    new |= {"dwelling": "registered_rental", "lease_until": "2026-01-32"}
    window.post("/permits/", new)
    assert Permit.objects.count() == 1
    window.post("/permits/", new | {"lease_until": "2026-01-31"})
    assert Permit.objects.count() == 1  # half a year of registration is not over
    window.post("/permits/", new | {"lease_until": "2026-01-31", "registered_on": "2024-12-01"})
    made = Permit.objects.get(person__name_index__in=name_indexes("新来者"))
    assert (made.valid_until, made.lease_until) == (date(2026, 6, 2), date(2026, 1, 31))
    home = {"act": "address", "district": "pudong", "dwelling": "own_home"}
    window.post(f"/permits/{made.pk}/act", home | {"district": "atlantis"})
    made.refresh_from_db()
    assert (made.dwelling, made.district) == ("registered_rental", "xuhui")
    window.post(f"/permits/{made.pk}/act", home)
    made.refresh_from_db()
    assert (made.dwelling, made.district) == ("own_home", "pudong")


def test_a_large_staff_is_shown_page_by_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jifen.office.web.yearly.points.PAGE", 1)
    city.person_user = user("second")
    city.person = somebody(2, "李雷", user=city.person_user)
    city.decided(city.submitted())
    employer = _as(city.operator)
    one, two = (
        employer.get(f"/units/{city.unit.pk}/renewals?page={n}").content.decode() for n in (1, 2)
    )
    assert "1 / 2" in one
    assert ("李雷" in one) != ("李雷" in two)


def test_early_for_the_school_season(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    Permit.objects.update(issued_on="2025-05-10", anchor="2025-05-10", valid_until="2026-05-10")
    set_day(monkeypatch, date(2026, 2, 1))
    holder = _as(city.person_user)
    page = holder.get(f"/permits/{city.permit.pk}").content.decode()
    assert "提前 68 天" in page
    holder.post(f"/permits/{city.permit.pk}/act", {"act": "endorse"})
    assert Permit.objects.get().valid_until == date(2027, 5, 10)


def test_points_say_what_the_renewal_gives_and_it_is_begun(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = PointsPeriod.objects.get()
    holder, employer = _as(city.person_user), _as(city.operator)
    assert "请先办理居住证签注" in holder.get(f"/points/{period.pk}").content.decode()
    set_day(monkeypatch, RENEWED)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    page = employer.get(f"/points/{period.pk}").content.decode()
    assert "续签会得到多少分" in page
    begun = employer.post(f"/points/{period.pk}/renew", {"unit": city.unit.pk})
    case = Application.objects.get(kind="renewal")
    assert begun.headers["Location"] == f"/cases/{case.key}"
    page = employer.get(f"/cases/{case.key}").content.decode()
    assert "这是续签" in page
    assert "内容齐全" in page
    assert holder.post(f"/points/{period.pk}/renew", {"unit": city.unit.pk}).status_code == 404


def test_the_person_chooses_how_it_is_renewed(city: City) -> None:
    case = Application.objects.get()
    holder = _as(city.person_user)
    assert "目前：自动续签" in holder.get(f"/cases/{case.key}").content.decode()
    holder.post(f"/cases/{case.key}/renewal", {"by_itself": "no"})
    case.refresh_from_db()
    assert case.renews_itself is False


def test_a_staff_is_renewed_by_a_workbook_that_is_filled_in(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    employer = _as(city.operator)
    assert city.person.name in employer.get(f"/units/{city.unit.pk}/renewals").content.decode()
    book = employer.get(f"/units/{city.unit.pk}/renewals.xlsx").content
    file = SimpleUploadedFile("renewals.xlsx", book)
    sent = employer.post(f"/units/{city.unit.pk}/batch", {"file": file})
    assert "新建草稿 1" in employer.get(sent.headers["Location"]).content.decode()
    case = Application.objects.get(kind="renewal")
    # nothing was typed: nothing that was found last time is looked at again
    assert not case.items.filter(why="changed").exists()
    employer.post(f"/units/{city.unit.pk}/renewals")
    case.refresh_from_db()
    assert case.state == "review"


def test_the_calendar_on_a_page_and_as_a_feed(city: City) -> None:
    holder = _as(city.person_user)
    page = holder.get("/calendar/").content.decode()
    for words in ("居住证自动签注", "居住证到期", "积分到期", "可以续签积分"):
        assert words in page
    made = holder.post("/calendar/").content.decode()
    address = made.split("/calendar/")[-1].split(".ics")[0]
    feed = Client().get(f"/calendar/{address}.ics")
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    assert {str(e["summary"]) for e in events} >= {"居住证到期", "积分到期"}
    assert len({str(e["uid"]) for e in events}) == len(events)
    assert city.person.identity not in feed.content.decode()
    holder.post("/calendar/")
    assert Client().get(f"/calendar/{address}.ics").status_code == 404
    for who in (city.operator, city.clerk):
        assert _as(who).get("/calendar/").status_code == 200


def test_messages_are_read_and_chosen(city: City) -> None:
    Person.objects.filter(pk=city.person.pk).update(phone=PHONE)
    plan.plan_reminders(at(date(2025, 9, 20)))
    holder = _as(city.person_user)
    page = holder.get("/inbox/").content.decode()
    assert "您的居住证将在 2025-10-20 到期（还有 30 天）" in page
    assert not Message.objects.filter(user=city.person_user, read_at=None).exists()
    holder.post("/inbox/", {"want": ["service.inbox", "service.email", "digest.email"]})
    assert OptOut.objects.filter(person=city.person, channel="sms").count() == 1
    holder.post("/inbox/", {"want": ["service.sms"]})
    assert not OptOut.objects.filter(person=city.person).exists()


def test_what_was_told_stands_on_the_case(city: City) -> None:
    plan.plan_for_case_events()
    case = Application.objects.get()
    page = _as(city.operator).get(f"/cases/{case.key}").content.decode()
    assert "已发消息" in page
    assert "已有决定" in page


def test_a_clerk_sees_why_a_fact_is_looked_at_again_and_what_it_was(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    employer = _as(city.operator)
    employer.post(f"/points/{PointsPeriod.objects.get().pk}/renew", {"unit": city.unit.pk})
    employer.post(f"/units/{city.unit.pk}/renewals")
    case = Application.objects.get(kind="renewal")
    page = _as(city.clerk).get(f"/desk/{case.key}").content.decode()
    assert "每年按登记重新核对 · 上期认定：84" in page
    assert "上期已认定，没有变化" in page


def test_after_the_end_the_page_says_what_can_still_be_done(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, date(2025, 10, 20) + timedelta(days=1))
    page = _as(city.person_user).get(f"/points/{PointsPeriod.objects.get().pk}").content.decode()
    assert "积分已随居住证失效" in page


def test_the_person_names_a_new_employer_that_files_the_renewal(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = PointsPeriod.objects.get()
    boss = user("boss")
    other, address = unit(7, boss), f"/points/{period.pk}"
    holder, before, after = _as(city.person_user), _as(city.operator), _as(boss)
    assert after.get(address).status_code == 404
    for wrong in ("", "91310000MA1000000X", unit(8, kind="agency").credit_code):
        said = holder.post(f"{address}/employer", {"credit_code": wrong}, follow=True)
        assert "统一社会信用代码" in said.content.decode()
    assert before.post(f"{address}/employer", {"credit_code": other.credit_code}).status_code == 404
    page = holder.post(f"{address}/employer", {"credit_code": other.credit_code}, follow=True)
    assert f"下次续签由{other.name}办理" in page.content.decode()
    assert before.get(address).status_code == 404
    assert "王小明" in after.get(f"/units/{other.pk}/renewals").content.decode()
    plan.plan_for_case_events(at(FILED))
    assert Message.objects.filter(kind="employer_named", user=boss, channel="inbox").exists()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    after.post(f"{address}/renew", {"unit": other.pk})
    renewal = Application.objects.get(kind="renewal")
    assert (renewal.unit, renewal.consent_at) == (other, None)
    # back again: the draft is given up; once it is filed the office has to change it
    holder.post(f"{address}/employer", {"credit_code": city.unit.credit_code})
    renewal.refresh_from_db()
    assert renewal.state == "withdrawn"
    before.post(f"{address}/renew", {"unit": city.unit.pk})
    before.post(f"/units/{city.unit.pk}/renewals")
    said = holder.post(f"{address}/employer", {"credit_code": other.credit_code}, follow=True)
    assert "联系受理部门变更单位" in said.content.decode()
