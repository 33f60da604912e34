"""What is read by who names another employer, or begins an application or a renewal."""

from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.actions import submission
from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.casework.renewal import creation, employer_change
from jifen.office.registry.actions import automatic_endorsement
from tests.world.faults import refused
from tests.world.office import activation_code, identity, unit, user
from tests.world.year import ENDORSED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db
CHOOSE_UNIT = ("请选择用人单位。", "Choose the employer.")
CHOOSE_DISTRICT = ("请选择受理的区。", "Choose the district of the office.")


@pytest.fixture(autouse=True)
def _one_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)


def _as(who: User, lang: str) -> Client:
    client = Client()
    client.force_login(who)
    client.cookies["lang"] = lang
    return client


# -------------------------------------------------------------------------------- another employer


@pytest.mark.parametrize(
    "fields",
    [None, {"kind": "agency"}, {"city": "chengdu"}, {"state": "submitted"}],
    ids=["nobody", "an agency", "of another city", "not confirmed"],
)
def test_the_next_employer_is_a_confirmed_one_of_the_city(
    city: City, fields: dict[str, Any] | None
) -> None:
    city.first()
    other = None if fields is None else unit(7, **fields)
    with refused(
        "JF-K093",
        "本市没有该代码的已核实用人单位。请向单位核对统一社会信用代码，并请单位先登记。",
        "No confirmed employer of the city has this code. Ask the employer for its unified social "
        "credit code, and to register first.",
        "credit_code",
    ):
        employer_change.name_employer(city.person_user, PointsPeriod.objects.get(), other)
    assert PointsPeriod.objects.get().employer == city.unit


def test_a_filed_renewal_stays_with_the_employer_that_filed_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    period = PointsPeriod.objects.get()
    case = creation.begin_renewal(city.operator, period, unit=city.unit, on=RENEWED)
    submission.submit_case(city.with_documents(case), "again", on=RENEWED)
    with refused(
        "JF-K094",
        "续签已由原单位提交，请联系受理部门变更单位。",
        "The renewal was filed by the former employer: ask the office to change the employer.",
    ):
        employer_change.name_employer(city.person_user, period, unit(7))
    assert renewal().unit == city.unit


# ------------------------------------------------------------------------------------- beginning


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("chosen", ["", "abc", "999999"])
def test_a_renewal_is_begun_by_an_employer_that_is_chosen(
    city: City, monkeypatch: pytest.MonkeyPatch, lang: str, chosen: str
) -> None:
    city.first(itself=False)
    client, page = _as(city.operator, lang), f"/points/{PointsPeriod.objects.get().pk}"
    client.post(f"{page}/renew", {"unit": chosen}, headers={"Referer": f"http://testserver{page}"})
    assert CHOOSE_UNIT[lang == "en"] in client.get(page).content.decode(), "JF-G030"
    assert not Application.objects.filter(kind="renewal").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_is_begun_for_an_employer_that_is_chosen(city: City, lang: str) -> None:
    form = {"identity": identity(8), "name": "李雷", "unit": "999999"}
    answer = _as(city.operator, lang).post("/my/begin/shanghai", form)
    assert answer.status_code == 422, "JF-G030"
    page = answer.content.decode()
    assert CHOOSE_UNIT[lang == "en"] in page
    assert identity(8) in page, "nothing typed is lost"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_chengdu_the_office_is_chosen(lang: str) -> None:
    client = _as(user("holder"), lang)
    sent = {"identity": identity(8), "name": "李雷", "code": activation_code(8, "李雷")}
    client.post("/my/self", sent)
    answer = client.post("/my/begin/chengdu", {"for": "self", "district": "atlantis"})
    assert (answer.status_code, CHOOSE_DISTRICT[lang == "en"] in answer.content.decode()) == (
        422,
        True,
    ), "JF-G031"
    assert not Application.objects.exists()
