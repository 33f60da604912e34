"""The forecast counts what a case takes, not how long it lay; it names a range, and nothing where
too little was measured."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.audit.models import Access
from jifen.office.casework.backlog import StaffingCase, measure_backlog
from jifen.office.casework.handling_time import (
    LONGEST_GAP,
    SHORTEST_VISIT,
    add_up_visits,
    find_range,
    measure_handling_minutes,
)
from jifen.office.casework.models import Application, Decision, Event
from jifen.office.casework.queries import Desk
from jifen.office.registry.models import Person
from jifen.process.calendar import working_calendar
from tests.world.office import Office

DESK = Desk("shanghai", "pudong", "")
PLACE = {"city": "shanghai", "district": "pudong"}
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def _at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], 0),
        ([0], 1),
        ([0, 4, 10], 10),
        ([0, 10, 100, 105], 15),  # the hour and a half between is not work on this case
        ([0, 30], 30),
        ([0, 31], 2),  # two visits of a moment each
        ([10, 0, 4], 10),
    ],
)
def test_a_gap_of_more_than_half_an_hour_is_something_else(
    minutes: list[int], expected: int
) -> None:
    assert add_up_visits(map(_at, minutes)) == timedelta(minutes=expected)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20))
def test_work_is_never_longer_than_the_time_between_first_and_last_mark(minutes: list[int]) -> None:
    total = add_up_visits(map(_at, minutes))
    span = timedelta(minutes=max(minutes) - min(minutes))
    assert total >= SHORTEST_VISIT
    assert total <= max(span, SHORTEST_VISIT) + SHORTEST_VISIT * len(minutes)
    gaps = [b - a for a, b in zip(sorted(minutes), sorted(minutes)[1:], strict=False)]
    if all(timedelta(minutes=gap) <= LONGEST_GAP for gap in gaps):
        assert total == max(span, SHORTEST_VISIT)


def test_few_measured_cases_say_nothing() -> None:
    assert find_range([5.0] * 4) is None
    assert find_range([10.0, 20.0, 30.0, 40.0, 50.0]) == (20.0, 30.0, 40.0)


def _case(office: Office, number: int, state: str) -> Application:
    who = Person.objects.create(identity="", identity_index=f"{number:064}", name="人")
    return Application.objects.create(
        number=f"T{number}",
        person=who,
        unit=office.unit,
        on=timezone.localdate(),
        policy="shanghai-points",
        policy_version="2018",
        policy_hash="h",
        state=state,
        created_by=office.operator,
        submitted_at=timezone.now() - timedelta(days=90),
        received_on=timezone.localdate() - timedelta(days=90),
        **PLACE,
    )


def _decided(office: Office, number: int, minutes: int) -> None:
    """Lay for 90 days; the clerk opened it and worked on it for so many minutes, then it was signed
    a day later."""
    application = _case(office, number, "decided")
    ended = timezone.now() - timedelta(days=1)
    Access.objects.create(
        at=ended - timedelta(minutes=minutes),
        act="read",
        actor=f"user:{office.clerk.pk}",
        subject=f"application:{application.pk}",
        details={"what": "case"},
    )
    with patch("django.utils.timezone.now", return_value=ended):  # history is only ever added to
        Event.objects.create(
            application=application, act="proposed", by=office.clerk, as_role="clerk"
        )
    Decision.objects.create(
        application=application,
        number=1,
        outcome="reached",
        total=120,
        on=timezone.localdate(),
        policy="p",
        policy_version="1",
        policy_hash="h",
        engine_version="0",
        facts="{}",
        result="{}",
        proposed_by=office.clerk,
        signed_by=office.senior,
        signed_at=timezone.now(),
    )


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Six cases took 10 to 60 minutes of work, five wait."""
    del db
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    small = Office()
    for number in range(1, 7):
        _decided(small, number, number * 10)
    for number in range(11, 16):
        _case(small, number, "review")
    return small


def test_what_a_case_took_is_measured_from_its_opening(office: Office) -> None:
    today = timezone.localdate()
    # 40 minutes and more between opening and act are no work on it: two visits of a moment
    assert sorted(measure_handling_minutes(PLACE, today)) == [2, 2, 2, 10, 20, 30]
    stranger = Access.objects.create(
        at=timezone.now() - timedelta(days=1, minutes=25),
        act="read",
        actor=f"user:{office.operator.pk}",
        subject=f"application:{Application.objects.get(number='T1').pk}",
        details={"what": "case"},
    )
    assert stranger.pk
    assert sorted(measure_handling_minutes(PLACE, today)) == [2, 2, 2, 10, 20, 30]
    assert measure_handling_minutes({"city": "shanghai", "district": "xuhui"}, today) == []


def test_five_open_cases_of_an_idle_office_ask_for_one_person(office: Office) -> None:
    del office
    found = measure_backlog(DESK, timezone.localdate())
    assert (found.waiting, found.measured) == (5, 6)
    assert found.minutes == (2.0, 6.0, 17.5)
    assert found.needed == (1, 1)
    next_day = working_calendar().add_working_days(timezone.localdate(), 1)
    assert found.cleared == (next_day, next_day)


def test_what_if_by_people_hours_and_day(office: Office) -> None:
    for number in range(100, 400):
        _case(office, number, "review")
    today = timezone.localdate()
    base = measure_backlog(DESK, today, StaffingCase(people=1, hours=1))
    more = measure_backlog(DESK, today, StaffingCase(people=4, hours=1))
    assert base.cleared[0] is not None
    assert more.cleared[0] is not None
    assert base.cleared[1] is not None
    assert more.cleared[1] is not None
    assert more.cleared[0] < base.cleared[0] < base.cleared[1], "quick cases are cleared first"
    assert more.cleared[1] < base.cleared[1]
    soon = working_calendar().add_working_days(today, 2)
    hurried = measure_backlog(DESK, today, StaffingCase(by_day=soon))
    assert hurried.by_day == soon
    assert hurried.needed is not None
    assert base.needed is not None
    days = working_calendar().count_working_days(today, soon)
    assert hurried.needed[1] == -(-305 * 175 // (days * 3600)), "305 cases of 17.5 minutes"
    assert hurried.needed[0] <= hurried.needed[1]


def test_nothing_is_forecast_where_nothing_was_measured(db: None) -> None:
    del db
    small = Office()
    _case(small, 1, "review")
    found = measure_backlog(DESK, date(2026, 1, 5))
    assert (found.minutes, found.cleared, found.needed) == (None, (None, None), None)


def test_the_page_shows_the_range_what_is_late_and_what_nobody_has(office: Office) -> None:
    application = office.submitted()
    client = Client()
    client.force_login(office.supervisor)

    def read(address: str) -> Any:
        return client.get(address, headers={"Accept-Language": "zh"}).content.decode()

    page = read("/lead/")
    assert "中位 6 分钟" in page
    assert "近四周办结的 6 件" in page
    assert '<a href="/desk/?desk=0&amp;holder=nobody">没有人接手</a>：<b>1</b>' in page
    assert '<a href="/desk/?desk=0&amp;due=late">逾期</a>：<b>0</b>' in page
    assert application.number is not None
    assert application.number in read("/desk/?desk=0&holder=nobody")
    what_if = read("/lead/?people=3&hours=4&by=2099-01-01")
    assert "按 3 人、每人每天 4 小时" in what_if
    assert "2099-01-01 前清完" not in what_if, "a day beyond two years is not taken"
    assert "按 1 人、每人每天 6 小时" in read("/lead/?people=x&hours=99&by=never")
