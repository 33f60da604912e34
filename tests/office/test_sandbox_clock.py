"""The clock of a sandbox goes forward, and background work follows it day by day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jifen.office.audit.models import Entry
from jifen.office.sandbox import clock as sandbox_clock
from jifen.office.sandbox.cast import OTHERS, STAFF
from jifen.office.sandbox.clock import (
    ClockFault,
    find_next_april,
    follow_clock,
    forget_clock,
    go_on_a_day,
    read_target,
    send_clock_to,
)
from jifen.office.sandbox.stories import STORIES
from jifen.office.site import worker, worker_steps
from tests.world.messages import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


@pytest.fixture
def sandbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sandbox on a machine whose clock stands at noon of a day."""
    settings.JIFEN_MODE = "sandbox"
    noon = at(TODAY, 12)
    monkeypatch.setattr(sandbox_clock, "_machine_now", lambda: noon)
    before = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: noon)
    yield
    forget_clock()
    timezone.now = before


@pytest.mark.usefixtures("sandbox")
def test_the_clock_goes_day_by_day_and_stops_there() -> None:
    send_clock_to(TODAY + timedelta(days=2))
    assert timezone.localdate() == TODAY, "the worker takes it there"
    assert go_on_a_day() == 1
    assert timezone.localdate() == TODAY + timedelta(days=1)
    assert read_target() == TODAY + timedelta(days=2)
    assert go_on_a_day() == 1
    assert go_on_a_day() == 0
    assert timezone.localdate() == TODAY + timedelta(days=2)
    assert read_target() is None
    assert Entry.objects.get(act="sandbox.clock_sent").details == {"to": "2026-12-02"}


@pytest.mark.usefixtures("sandbox")
def test_another_process_follows() -> None:
    send_clock_to(TODAY + timedelta(days=1))
    go_on_a_day()
    forget_clock()
    follow_clock(now=True)
    assert timezone.localdate() == TODAY + timedelta(days=1)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("day", [None, TODAY, date(2020, 1, 1), date(2040, 1, 1)])
def test_a_day_to_which_it_cannot_go_is_said(day: date | None) -> None:
    with pytest.raises(ClockFault) as error:
        send_clock_to(day)
    zh = "请填写 2026-12-01 到 2029-12-02 之间的日期：时钟只能向前。"
    en = "Write a day from 2026-12-01 to 2029-12-02: the clock only goes forward."
    assert (error.value.words.zh, error.value.words.en) == (zh, en)
    assert read_target() is None


def test_outside_of_a_sandbox_nothing_moves(settings: Settings) -> None:
    settings.JIFEN_MODE = "sandbox"
    send_clock_to(timezone.localdate() + timedelta(days=5))
    settings.JIFEN_MODE = "production"
    before = timezone.now
    follow_clock(now=True)
    assert go_on_a_day() == 0
    assert timezone.now is before
    for path in ("/sandbox/", "/sandbox/stories/"):
        assert Client().get(path).status_code == 404
    assert Client().post("/sandbox/clock", {"day": "2030-01-01"}).status_code == 404


@pytest.mark.usefixtures("sandbox")
def test_the_worker_does_the_work_of_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[date] = []

    def note_day(moment: datetime) -> int:
        days.append(timezone.localtime(moment).date())
        return 0

    last = worker_steps.SLOW_STEPS[-1]
    assert last.__name__ == "go_on_a_day", "after the work of the day"
    monkeypatch.setattr(worker_steps, "SLOW_STEPS", [note_day, last])
    monkeypatch.setattr(worker_steps, "QUICK_STEPS", [worker_steps.look_for_editions])
    monkeypatch.setattr(worker, "_simulation_steps", list)
    send_clock_to(TODAY + timedelta(days=3))
    assert worker._run_until_done(None) == []
    assert days == [TODAY + timedelta(days=number) for number in range(4)]


@pytest.mark.usefixtures("sandbox")
def test_a_visitor_sends_it_to_the_next_april() -> None:
    client = Client()
    page = client.get("/sandbox/").content.decode()
    assert "2027-04-01" in page
    answer = client.post("/sandbox/clock", {"day": "2027-04-01"}, follow=True)
    assert "正在走到" in answer.content.decode()
    assert read_target() == date(2027, 4, 1)
    refused = client.post("/sandbox/clock", {"day": "yesterday"})
    assert refused.status_code == 422
    assert "时钟只能向前" in refused.content.decode()
    assert 'value="yesterday"' in refused.content.decode()


def test_the_next_april_is_after_today() -> None:
    assert find_next_april(date(2027, 3, 31)) == date(2027, 4, 1)
    assert find_next_april(date(2027, 4, 1)) == date(2028, 4, 1)


@pytest.mark.usefixtures("sandbox")
def test_each_role_has_five_steps_and_a_sign_in() -> None:
    page = Client().get("/sandbox/stories/").content.decode()
    names = {player.username for player in (*STAFF, *OTHERS)}
    for story in STORIES:
        assert len(story.steps) == 5
        assert story.username in names
        assert all(step.zh in page for step in story.steps)
        assert all(step.zh != step.en for step in story.steps)
