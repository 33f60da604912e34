"""The person is told: on a list, objected to, settle by when, given up; never who objected."""

from datetime import date, datetime, time

from django.utils import timezone

from jifen.office.lists.actions import entry_acts, objections
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.messages.relevance import is_still_true
from jifen.office.messages.templates import render_text
from tests.world.office import user
from tests.world.town import Town, run_daily_steps, through


def _told() -> dict[str, str]:
    at = timezone.make_aware(datetime.combine(date(2026, 1, 1), time(12)))
    while plan.plan_for_case_events(at):
        pass
    rows = Message.objects.filter(kind__startswith="list_").order_by("id")
    return {row.kind: render_text(row.kind, row.edition, "zh", row.params) for row in rows}


def test_the_person_listed_is_told_what_happens_and_until_when(town: Town) -> None:
    holder = user("holder")
    entry = town.listed(by=holder)
    run_daily_steps(date(2024, 3, 4))
    assert "公示到 2024-03-07" in _told()["list_publish"]
    made = objections.file_objection(town.neighbour, entry, "理由", date(2024, 3, 6))
    objected = _told()["list_objected"]
    assert "提出异议" in objected
    assert "neighbour" not in objected
    objections.withdraw_objection(town.neighbour, made)
    through(date(2024, 3, 5), date(2024, 3, 8))
    assert "请在 2024-05-07 前（含当日）办理入户" in _told()["list_notify"]
    run_daily_steps(date(2024, 5, 8))
    assert "按放弃处理" in _told()["list_forfeit"]


def _reminded(day: date) -> list[Message]:
    plan.plan_reminders(timezone.make_aware(datetime.combine(day, time(9))))
    return list(Message.objects.filter(kind="settle_due", channel="inbox").order_by("id"))


def test_the_last_day_to_settle_is_told_a_month_and_a_week_before_and_once(town: Town) -> None:
    entry = town.listed(by=user("holder"))
    through(date(2024, 3, 4), date(2024, 3, 8))
    assert _reminded(date(2024, 4, 6)) == []  # 31 days before 7 May
    (first,) = _reminded(date(2024, 4, 7))
    assert "2024-05-07" in render_text(first.kind, first.edition, "zh", first.params)
    assert len(_reminded(date(2024, 4, 8))) == 1
    assert len(_reminded(date(2024, 4, 30))) == 2
    assert is_still_true(first, date(2024, 4, 30))
    entry_acts.settle_entry(town.clerk, entry, date(2024, 4, 30))
    assert not is_still_true(first, date(2024, 4, 30))
    assert len(_reminded(date(2024, 5, 1))) == 2
