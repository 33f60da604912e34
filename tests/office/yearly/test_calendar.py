"""The calendar: what can still be done stands in it, what is done or over does not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jifen.office.casework.actions import registers
from jifen.office.casework.actions.corrections import RequestedItem, ask_correction
from jifen.office.casework.assignees import list_open_rows
from jifen.office.casework.event_calendar import (
    list_office_entries,
    list_person_entries,
    list_unit_entries,
)
from jifen.office.casework.renewal import creation
from jifen.office.casework.waiting_calendar import CalendarEntry
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.models import Membership, Permit
from jifen.office.vault.masks import mask_name
from jifen.office.waiting.models import WaitKind
from jifen.office.web.yearly.calendar import as_ical, days_of
from tests.world.office import Office
from tests.world.waiting import case_of
from tests.world.year import END, ENDORSED, FILED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db
OPEN = "可以续签积分"


def _said(days: list[CalendarEntry]) -> list[str]:
    return [day.words.zh for day in days]


def test_who_is_of_the_staff_and_files_for_it_has_every_entry_once(city: City) -> None:
    city.first()
    Membership.objects.create(unit=city.unit, user=city.person_user, role="operator")
    days = [day for _, part in days_of(city.person_user, date(2025, 8, 1)) for day in part]
    assert sum(day.words.zh.endswith("积分到期") for day in days) == 2
    text = as_ical(days).decode()
    uids = [line for line in text.splitlines() if line.startswith("UID")]
    assert len(uids) == len(days) == len(set(uids))


def test_a_renewal_that_is_filed_is_not_to_be_filed(city: City) -> None:
    city.first(public_service_months=61)
    assert OPEN in _said(list_person_entries(city.person, FILED))
    automatic_endorsement.endorse_due_permits(ENDORSED)
    assert OPEN in _said(list_person_entries(city.person, RENEWED))
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    assert renewal().state == "review"
    assert OPEN not in _said(list_person_entries(city.person, RENEWED))


@pytest.mark.parametrize("looked", [True, False])
def test_points_of_a_permit_that_lapsed_cannot_be_renewed(city: City, looked: bool) -> None:
    city.first()
    late = END + timedelta(days=100)
    if looked:
        automatic_endorsement.endorse_due_permits(late)
    assert OPEN not in _said(list_person_entries(city.person, late))


def test_the_last_day_for_making_up_stands_there_as_long_as_it_can_be_made_up(city: City) -> None:
    Permit.objects.update(address_changed=True)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    late = END + timedelta(days=10)
    home = permits.RegisteredHome("pudong", "own_home")
    made = permits.update_address(city.clerk, Permit.objects.get(), home, late)
    assert made.look_on is None
    said = list_person_entries(city.person, late)
    assert [day.on for day in said if "补办" in day.words.zh] == [END + timedelta(days=60)]
    assert not any("自动签注（不需要办理）" in words for words in _said(said))


def test_what_follows_the_last_day_is_told_by_the_reading(city: City, settings: Any) -> None:
    settings.JIFEN_PERMIT_READINGS = {"shanghai": "new_card"}
    Permit.objects.update(dwelling="other", look_on=None)
    said = _said(list_person_entries(city.person, ENDORSED))
    assert "补办签注的最后一天。逾期须重新申领居住证。" in said


def test_the_calendar_names_what_waits_and_on_whom(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, FILED)
    city.first(itself=False)
    row = list_open_rows().get(kind=WaitKind.RENEWAL)
    assert row.due_on is not None
    near = row.due_on - timedelta(days=9)
    own = [(day.on, day.words.zh) for day in list_person_entries(city.person, near)]
    assert own.count((row.due_on, "积分到期")) == 1
    unit_days = [(day.on, day.words.zh) for day in list_unit_entries(city.unit, near)]
    assert unit_days == [(row.due_on, f"{mask_name(city.person.name)}的积分到期")]
    counts = [(day.on, day.words.zh) for day in list_office_entries("shanghai", "pudong", near)]
    assert (row.due_on, "1 人积分到期") in counts
    list_open_rows().filter(pk=row.pk).update(ended_at=timezone.now())
    assert list_unit_entries(city.unit, near) == [], "it is the row that is read"


def test_an_office_sees_how_many_of_each_kind_are_due(monkeypatch: pytest.MonkeyPatch) -> None:
    set_day(monkeypatch, FILED)
    office = Office()
    application = office.submitted()
    due = application.due_on
    assert due is not None
    words = [day.words.zh for day in list_office_entries("shanghai", "pudong", due)]
    assert words == ["1 件到期：认定事实"], "two gates of one case"
    assert list_office_entries("shanghai", "xuhui", due) == []
    item = RequestedItem("fact", "education", "not_matching", "学位与证书不一致")
    correction = ask_correction(case_of(office.clerk, application), [item])
    holder = mask_name(office.person.name)
    last = [d for d in list_unit_entries(office.unit, FILED) if d.on == correction.due_on]
    assert [day.words.zh for day in last] == [f"{holder}（{application.number}）：补正的最后一天"]
    assert [day.words.en for day in last] == [
        f"{holder} ({application.number}): Last day to put right what was asked for"
    ]
