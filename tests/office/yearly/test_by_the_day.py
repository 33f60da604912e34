"""What goes once a day: digests and reminders, over free days, named days and days without a
worker."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from jifen.office.accounts.models import StaffRole
from jifen.office.casework.models import Event
from jifen.office.messages import plan
from jifen.office.messages.ledger import PlannedMessage
from jifen.office.messages.models import Message
from jifen.office.messages.plan import reminders
from jifen.office.registry.actions import permits
from tests.world.messages import at, with_phone
from tests.world.office import Office
from tests.world.permits import END, permit
from tests.world.year import set_day

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = date(2025, 6, 6), date(2025, 6, 9)


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _decided(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """An employer has a case that was decided at a moment."""
    case = Office().submitted()
    with monkeypatch.context() as clock:
        clock.setattr("django.utils.timezone.now", lambda: moment)
        Event.objects.create(application=case, act="decided")


def _counted() -> list[int]:
    rows = Message.objects.filter(kind="unit_digest").order_by("event", "id")
    told = dict(rows.values_list("event", "params"))
    return [params["decided"] for params in told.values()]


@pytest.mark.parametrize("day", [FRIDAY, FRIDAY + timedelta(days=1), MONDAY - timedelta(days=1)])
def test_what_was_decided_before_free_days_stands_in_one_digest(
    monkeypatch: pytest.MonkeyPatch, day: date
) -> None:
    _decided(monkeypatch, _moment(day, 10))
    for on in (FRIDAY, MONDAY, MONDAY + timedelta(days=1)):
        plan.plan_digests(_moment(on, 8, 30))
    assert _counted() == [1]


@pytest.mark.parametrize(("day", "found"), [(FRIDAY - timedelta(days=1), []), (FRIDAY, [1])])
def test_the_first_digest_counts_from_the_last_working_day_on(
    monkeypatch: pytest.MonkeyPatch, day: date, found: list[int]
) -> None:
    _decided(monkeypatch, _moment(day, 10))
    plan.plan_digests(_moment(MONDAY, 20))
    assert _counted() == found


def test_a_clerk_whose_last_day_is_to_come_gets_the_digest() -> None:
    office = Office()
    office.submitted()
    StaffRole.objects.filter(user=office.clerk).update(until=date(2099, 1, 1))
    plan.plan_digests(at(MONDAY, 9))
    assert Message.objects.filter(kind="desk_digest", user=office.clerk).exists()


def test_a_named_day_to_come_silences_no_day_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    set_day(monkeypatch, date(2025, 6, 2))
    with_phone(permit(1, permits.RegisteredHome("pudong", "other")))
    plan.plan_reminders(at(date(2025, 6, 2)))
    ahead = at(END - timedelta(days=7))
    assert plan.plan_reminders(ahead) == 1
    assert plan.plan_reminders(ahead) == 0, "a round that does the same again would never end"
    set_day(monkeypatch, END - timedelta(days=30))
    assert plan.plan_reminders(at(END - timedelta(days=30), 9)) == 1


def test_everything_is_looked_at_once_a_week_whichever_days_the_worker_is_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[date | None] = []

    def look(on: date, since: date | None) -> Iterator[PlannedMessage]:
        del on
        looks.append(since)
        return iter(())

    monkeypatch.setattr(reminders, "_plan_permit_reminders", look)
    first = date(2025, 7, 1)  # a Tuesday
    for days in (0, 1, 3, 8, 10, 17):  # never on a Monday
        plan.plan_reminders(at(first + timedelta(days=days)))
    assert [since is None for since in looks] == [True, False, False, True, False, True]
