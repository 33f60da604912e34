"""The person is told: on a list, objected to, settle by when, given up; never who objected."""

from datetime import date, datetime, time

from django.utils import timezone

from jifen.office.lists.actions import objections
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.messages.words import text_of
from tests.office.city import user
from tests.office.lists.town import Town, steps, through


def _told() -> dict[str, str]:
    at = timezone.make_aware(datetime.combine(date(2026, 1, 1), time(12)))
    while plan.tell_cases(at):
        pass
    rows = Message.objects.filter(kind__startswith="list_").order_by("id")
    return {row.kind: text_of(row.kind, row.edition, "zh", row.params) for row in rows}


def test_the_person_listed_is_told_what_happens_and_until_when(town: Town) -> None:
    holder = user("holder")
    entry = town.listed(by=holder)
    steps(date(2024, 3, 4))
    assert "公示到 2024-03-07" in _told()["list_publish"]
    made = objections.file(town.neighbour, entry, "理由", date(2024, 3, 6))
    objected = _told()["list_objected"]
    assert "提出异议" in objected
    assert "neighbour" not in objected
    objections.withdraw(town.neighbour, made)
    through(date(2024, 3, 5), date(2024, 3, 8))
    assert "请在 2024-05-07 前（含当日）办理入户" in _told()["list_notify"]
    steps(date(2024, 5, 8))
    assert "按放弃处理" in _told()["list_forfeit"]
