"""The worker over days, and the calendar from the command line."""

import json
from datetime import date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.messages.models import Message
from jifen.office.registry.models import Permit, Person
from jifen.office.site import worker_steps
from jifen.office.site.worker import run_worker
from tests.world.messages import PHONE, sent
from tests.world.year import ENDORSED, FILED, RENEWED, City, set_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """In June 2025, with points."""
    del db
    set_day(monkeypatch, FILED)
    made = City()
    made.first()
    Person.objects.filter(pk=made.person.pk).update(phone=PHONE)
    return made


def _run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


def test_a_year_of_days_by_the_worker(city: City) -> None:
    """Every third day from August to October: once each, in order, and the year goes round."""
    del city
    day = date(2025, 8, 1)
    while day <= date(2025, 10, 25):
        run_worker(once=True, on=day)
        day += timedelta(days=3)
    assert Permit.objects.get().valid_until == date(2026, 10, 20)
    assert Application.objects.get(kind="renewal").state == "decided"
    kinds = Message.objects.filter(channel="sms").exclude(state="dropped").order_by("id")
    told = list(kinds.values_list("kind", flat=True))
    for kind in ("permit_endorsed", "renewed", "permit_ends", "points_end"):
        assert kind in told
    assert told.count("permit_endorsed") == told.count("renewed") == 1
    assert len(sent()) == len(told)
    assert sum("已自动续签" in text for text in sent()) == 1


def test_a_day_of_the_command_line(city: City) -> None:
    del city
    assert _run("worker", "--on", "2025-09-30")[0] == 2
    assert _run("worker", "--once", "--on", "yesterday")[0] == 2
    for day in (ENDORSED, RENEWED):
        assert _run("worker", "--once", "--on", str(day))[0] == 0
    assert PointsPeriod.objects.count() == 2


def test_a_step_that_fails_stops_no_other_and_is_told_at_the_end(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    days: list[date] = []

    def broken(at: datetime) -> int:
        raise RuntimeError(at)

    def sound(at: datetime) -> int:
        days.append(at.date())
        return 0

    monkeypatch.setattr(worker_steps, "SLOW_STEPS", [broken])
    monkeypatch.setattr(worker_steps, "QUICK_STEPS", [sound])
    monkeypatch.setattr("django.db.connection.close", lambda: None)  # the test's own transaction
    status, _, told = _run("worker", "--once", "--on", "2025-09-30")
    assert status == 1
    assert "failed, see the log: broken" in told
    assert days == [date(2025, 9, 30)]
    monkeypatch.setattr(worker_steps, "SLOW_STEPS", [sound])
    assert _run("worker", "--once")[0] == 0


def test_the_calendar(city: City) -> None:
    case = Application.objects.get()
    status, told, _ = _run("calendar", "--case", case.number or "", "--json")
    assert status == 0
    assert "2025-09-30" in {day["on"] for day in json.loads(told)}
    assert "积分到期" in _run("calendar", "--unit", city.unit.credit_code, "--days", "200")[1]
    assert "居住证自动签注" in _run("calendar", "--city", "shanghai")[1]
    for wrong in ((), ("--city", "atlantis"), ("--case", "SH0"), ("--unit", "x")):
        assert _run("calendar", *wrong)[0] == 2
