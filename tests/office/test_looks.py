"""A person sees who looked at what is kept of them, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import StaffRole
from jifen.office.audit.models import Access
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import review
from jifen.office.web.mine.data_accesses import Look, Visit, fold_looks
from tests.world.office import Office, person, today, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return Office()


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _read(client: Client, address: str = "/my/looks") -> str:
    response = client.get(address, headers={"Accept-Language": "zh"})
    assert response.status_code == 200
    return response.content.decode()


def test_each_look_names_role_and_office_and_what_was_done(office: Office) -> None:
    application = office.submitted()
    _as(office.clerk).get(f"/desk/{application.key}")
    _as(office.operator).get(f"/cases/{application.key}")
    case = access_case(office.clerk, application.key)
    review.record_finding(case, review.FactFinding("education", "confirmed"))
    page = _read(_as(office.person_user))
    assert "浦东新区 受理员" in page
    assert f"申请 {application.number}，当日办理：认定事实" in page
    assert office.unit.name in page
    assert "申请的办理页面" in page
    assert office.clerk.get_full_name() not in page, "of the staff the role, not the name"


def test_the_reason_of_a_whole_number_is_told(office: Office) -> None:
    application = office.submitted()
    _as(office.clerk).post(f"/desk/{application.key}/reveal", {"why": "核对身份证复印件"})
    page = _read(_as(office.person_user))
    assert "完整证件号码和手机" in page
    assert "核对身份证复印件" in page


def test_somebody_else_s_looks_are_not_shown(office: Office) -> None:
    application = office.submitted()
    _as(office.clerk).get(f"/desk/{application.key}")
    other = user("other")
    person(2, "李雷", user=other)
    assert str(application.number) not in _read(_as(other))
    assert _as(office.clerk).get("/my/looks").status_code == 404
    assert _as(user("nobody")).get("/my/looks").status_code == 404


def test_a_role_that_ended_is_named_for_the_days_on_which_it_held(office: Office) -> None:
    application = office.submitted()
    _as(office.clerk).get(f"/desk/{application.key}")
    StaffRole.objects.filter(user=office.clerk).update(until=today())
    assert "浦东新区 受理员" in _read(_as(office.person_user))
    StaffRole.objects.filter(user=office.clerk).update(until="2021-01-01")
    page = _read(_as(office.person_user))
    assert "岗位已终止的账号" in page
    assert "浦东新区 受理员" not in page


def test_the_looks_are_exported_and_guarded_against_formulas(office: Office) -> None:
    application = office.submitted()
    _as(office.clerk).post(f"/desk/{application.key}/reveal", {"why": "=1+1"})
    response = _as(office.person_user).get("/my/looks?as=csv", headers={"Accept-Language": "zh"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "时间,谁,看了什么,为什么"
    assert lines[1].endswith(",浦东新区 受理员,完整证件号码和手机,'=1+1")


def test_reading_them_is_recorded_too(office: Office) -> None:
    client = _as(office.person_user)
    _read(client)
    row = Access.objects.order_by("-pk").first()
    assert row is not None
    assert (row.subject, row.details["what"]) == (f"person:{office.person.pk}", "who looked")
    assert "您本人" in _read(client)


def test_pages_of_looks_follow_one_another(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jifen.office.web.mine.data_accesses.PAGE_ROWS", 1)
    application = office.submitted()
    _as(office.clerk).get(f"/desk/{application.key}")
    _as(office.senior).get(f"/desk/{application.key}")
    client = _as(office.person_user)
    assert "受理员" not in _read(client)
    assert "受理员" in _read(client, "/my/looks?page=3"), "the person's own look is the first"


def test_what_is_opened_together_is_one_line() -> None:
    at = datetime(2026, 1, 5, 2, tzinfo=UTC)
    minute, day = timedelta(minutes=1), timedelta(days=1)
    looks = [
        Look(at + day, "clerk", "page", "case 1"),
        Look(at + 3 * minute, "clerk", "page", "case 1"),
        Look(at + 2 * minute, "clerk", "diploma", "case 1"),
        Look(at + minute, "clerk", "page", "case 1"),
        Look(at, "senior", "page", "case 1"),
        Look(at, "senior", "page", "case 2"),
    ]
    assert fold_looks(looks) == [
        Visit(at + day, at + day, "clerk", ("page",), "case 1"),
        Visit(at + minute, at + 3 * minute, "clerk", ("page", "diploma"), "case 1"),
        Visit(at, at, "senior", ("page",), "case 1"),
        Visit(at, at, "senior", ("page",), "case 2"),
    ]
    assert fold_looks([]) == []
