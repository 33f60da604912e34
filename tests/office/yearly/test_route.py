"""The years ahead with official facts: for the holder, for the employer, for nobody else."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from jifen.office.audit.models import Access
from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.registry.models import Permit
from tests.world.office import user
from tests.world.year import FILED, INSURANCE, POLICE, City, set_day

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


def _as(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_the_holder_sees_the_years_and_the_risks(city: City) -> None:
    period = PointsPeriod.objects.get()
    holder = _as(city.person_user)
    assert f"/points/{period.pk}/route" in holder.get(f"/points/{period.pk}").content.decode()
    text = holder.get(f"/points/{period.pk}/route?lang=en").content.decode()
    assert "Contributions stop now" in text
    assert "lost from 2025-07-01 on" in text
    assert '<svg class="chart"' in text
    again = holder.post(f"/points/{period.pk}/route", {"years": "5", "takes.master": "x"})
    assert again.status_code == 200
    assert "应为数字" in again.content.decode() or 'value="x"' in again.content.decode()


def test_the_holder_sees_the_other_cities_too(city: City) -> None:
    period = PointsPeriod.objects.get()
    address = f"/points/{period.pk}/route?lang=en"
    holder = _as(city.person_user)
    assert 'value="on">Look at other cities too' in holder.get(address).content.decode()
    text = holder.post(address, {"others": "on"}).content.decode()
    assert "<b>Chengdu</b>" in text
    assert "records move along must be asked apart" in text


def test_what_registers_say_today_is_taken(city: City) -> None:
    period = PointsPeriod.objects.get()
    city.say("police", POLICE | {"detention_dates": ["2025-05-01", "2025-05-02"]})
    text = _as(city.person_user).get(f"/points/{period.pk}/route?lang=en").content.decode()
    assert "Administrative detention" in text
    city.say("police", POLICE | {"detention_dates": ["2099-01-01"]})
    text = _as(city.person_user).get(f"/points/{period.pk}/route?lang=en").content.decode()
    assert "contradict each other" in text


def test_the_employer_sees_its_staff_and_the_look_is_recorded(city: City) -> None:
    employer = _as(city.admin)
    address = f"/units/{city.unit.pk}/ahead"
    assert address in employer.get(f"/units/{city.unit.pk}/renewals").content.decode()
    text = employer.get(f"{address}?lang=en").content.decode()
    assert "Who may lose it" in text
    assert city.person.name in text
    assert Access.objects.filter(subject=f"unit:{city.unit.pk}").exists()
    # from today on the insurance register knows of no contribution any more
    city.say("insurance", INSURANCE | {"employed_and_insured": False, "insured_months_last_12": 0})
    text = employer.get(f"{address}?lang=en").content.decode()
    assert "within a year" in text


def test_what_totals_leave_open_is_not_told_as_a_loss(city: City) -> None:
    # half a year of the last one is below: nobody knows which of the 36 months leave the window
    months = {
        "insured_months": 48,
        "base_08x_months_last_48": 36,
        "base_1x_months_last_48": 36,
        "base_1x_months_last_12": 6,
    }
    city.say("insurance", INSURANCE | months)
    city.say("police", POLICE | {"detention_dates": ["2025-05-01"]})
    text = _as(city.admin).get(f"/units/{city.unit.pk}/ahead?lang=en").content.decode()
    assert "<td>may be lost from 2025-07-01 on</td><td>undecided</td>" in text
    pk = PointsPeriod.objects.get().pk
    text = _as(city.person_user).get(f"/points/{pk}?lang=en").content.decode()
    assert "it is not certain whether the line of 120 points will be reached" in text
    text = _as(city.person_user).get(f"/points/{pk}/route").content.decode()
    assert "已经达到；什么都不变，2025-07-01 起可能失去。" in text


def _parts(text: str) -> dict[str, str]:
    """The words of each part of the page of a staff."""
    found = re.findall(r'aria-labelledby="(\w+)"><h2.*?</section>', text, re.DOTALL)
    parts = re.split(r'<section class="part" aria-labelledby="', text)[1:]
    return dict(zip(found, parts, strict=True))


def test_who_holds_points_and_is_below_today_is_at_risk(city: City) -> None:
    gone = {"employed_and_insured": False, "insured_months_last_12": 0}
    city.say("insurance", INSURANCE | gone)
    parts = _parts(_as(city.admin).get(f"/units/{city.unit.pk}/ahead?lang=en").content.decode())
    assert city.person.name in parts["risky"]
    assert "Today, by what is on record: Condition not met: " in parts["risky"]
    assert city.person.name not in parts["reaching"]


def test_registers_are_asked_of_those_without_points_too(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    PointsPeriod.objects.all().delete()
    decision = Decision.objects.get()
    below = {"education": "bachelor", "insured_months": 84, "base_08x_months_last_48": 0}
    facts = json.loads(decision.facts) | below
    Decision.objects.filter(pk=decision.pk).update(facts=json.dumps(facts))
    Permit.objects.update(years=4, valid_until=date(2028, 10, 20))
    set_day(monkeypatch, date(2028, 7, 2))
    page = f"/units/{city.unit.pk}/ahead?lang=en"
    city.say("insurance", INSURANCE | {"insured_months": 60, "base_08x_months_last_48": 0})
    assert city.person.name not in _parts(_as(city.admin).get(page).content.decode())["steady"]
    city.say("insurance", INSURANCE | {"insured_months": 121, "base_08x_months_last_48": 0})
    parts = _parts(_as(city.admin).get(page).content.decode())
    assert city.person.name in parts["steady"]


def test_a_way_of_two_moves_is_told_with_both(city: City) -> None:
    Permit.objects.update(cancelled_on=date(2025, 6, 1))
    city.say("household", {"birth_date": "1990-01-01", "permit_valid": False})
    gone = {"employed_and_insured": False, "insured_months_last_12": 0}
    city.say("insurance", INSURANCE | gone)
    parts = _parts(_as(city.admin).get(f"/units/{city.unit.pk}/ahead?lang=en").content.decode())
    (told,) = (part for part in parts.values() if city.person.name in part)
    assert " + " in told


@pytest.mark.parametrize("years", ["²", "9" * 5_000, "7", "-5", ""])
def test_years_that_are_no_choice_are_the_usual_ones(city: City, years: str) -> None:
    period = PointsPeriod.objects.get()
    answer = _as(city.person_user).post(f"/points/{period.pk}/route", {"years": years})
    assert answer.status_code == 200
    assert '<option value="10" selected>' in answer.content.decode()


@pytest.mark.parametrize("path", ["/points/{period}/route", "/units/{unit}/ahead"])
def test_strangers_learn_nothing(city: City, path: str) -> None:
    address = path.format(period=PointsPeriod.objects.get().pk, unit=city.unit.pk)
    assert _as(user("stranger")).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    if "units" in path:
        assert _as(city.person_user).get(address).status_code == 404
