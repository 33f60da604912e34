"""The first page after signing in, and how a case is begun from it."""

from typing import Any

import pytest
from django.test import Client

from jifen.office.audit.models import Access
from jifen.office.casework.models import Application
from jifen.office.registry.actions.members import grant_mandate
from tests.world.office import Office, activation_code, identity, person, staff, unit, user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.mark.parametrize(
    ("role", "where", "words"),
    [
        ("clerk", {"district": "pudong"}, "上海 浦东新区"),
        ("reviewer", {"department": "police"}, "police"),
        ("clerk", {"district": "atlantis"}, "atlantis"),
    ],
    ids=["a district", "a department", "a district of before"],
)
def test_the_staff_see_their_posts(role: str, where: dict[str, str], words: str) -> None:
    assert words in _as(staff("somebody", role, **where)).get("/my/").content.decode()


def test_cases_are_shown_newest_first_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jifen.office.web.mine.views.PAGE", 1)
    office = Office()
    first = office.draft().application
    Application.objects.update(withdrawn_at="2026-01-01T00:00:00Z", state="withdrawn")
    second = office.draft().application
    page = _as(office.operator)
    newest = page.get("/my/").content.decode()
    assert (str(second.key) in newest, str(first.key) in newest) == (True, False)
    older = page.get(f"/my/?before={second.pk}").content.decode()
    assert (str(second.key) in older, str(first.key) in older) == (False, True)
    assert str(second.key) in page.get("/my/?before=abc").content.decode()


# ------------------------------------------------------------------------------------- beginning


def test_an_employer_begins_a_case_in_its_own_district() -> None:
    office = Office()
    form = {"unit": office.unit.pk, "identity": identity(8), "name": "李雷"}
    answer = _as(office.operator).post("/my/begin/shanghai", form)
    made = Application.objects.get()
    assert answer.headers["Location"] == f"/cases/{made.key}/draft"
    assert (made.unit, made.agency, made.district) == (office.unit, None, "pudong")


def test_an_agency_begins_one_for_the_employer_that_it_acts_for() -> None:
    office, agent = Office(), user("agent")
    agency = unit(2, agent, kind="agency")
    grant_mandate(office.admin, office.unit, agency)
    form = {"unit": office.unit.pk, "identity": identity(8), "name": "李雷"}
    _as(agent).post("/my/begin/shanghai", form)
    assert Application.objects.get().agency == agency


def test_in_chengdu_a_person_begins_alone_and_in_shanghai_not() -> None:
    holder = user("holder")
    person(8, "李雷", user=holder)
    page = _as(holder)
    form = {"for": "self", "district": "wuhou"}
    assert page.post("/my/begin/shanghai", form).status_code == 422
    page.post("/my/begin/chengdu", form)
    made = Application.objects.get()
    assert (made.city, made.unit, made.person.user) == ("chengdu", None, holder)


def test_nothing_is_begun_where_there_is_no_city() -> None:
    assert _as(user("holder")).get("/my/begin/atlantis").status_code == 404


# ---------------------------------------------------------------------------------------- own data


def test_somebody_who_said_who_they_are_gets_all_that_is_kept_of_them() -> None:
    holder = user("holder")
    page = _as(holder)
    assert page.get("/my/data").status_code == 404
    sent = {"identity": identity(8), "name": "李雷", "code": activation_code(8, "李雷")}
    linked = page.post("/my/self", sent, follow=True)
    assert "已绑定本人信息" in linked.content.decode()
    file = page.get("/my/data")
    assert file.headers["Content-Disposition"] == 'attachment; filename="jifen-own-data.json"'
    assert "李雷" in file.content.decode()
    assert Access.objects.filter(act="read", actor=f"user:{holder.pk}").count() == 1
