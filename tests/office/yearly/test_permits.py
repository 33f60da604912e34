"""Permits in the office: at a window, online, and by themselves; once each, whatever happens."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record_many
from jifen.office.audit.models import Entry
from jifen.office.audit.verification import verify_log
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.registry.models import Permit, PermitEvent
from jifen.permits import PermitState, list_month_statuses
from jifen.permits.card import find_permit_status
from tests.world.office import person, staff, user
from tests.world.permits import END, ISSUED, OWN, permit

pytestmark = pytest.mark.django_db


def _last(made: Permit) -> PermitEvent:
    return PermitEvent.objects.filter(permit=made).latest("id")


@pytest.fixture
def clerk(db: None) -> User:
    del db
    return staff("window", "clerk", district="xuhui")


def test_a_window_issues_endorses_restores_and_cancels(clerk: User) -> None:
    made = permits.issue_permit(
        clerk,
        person(),
        "shanghai",
        OWN,
        registered_on=date(2024, 4, 20),
        ground="stable_job",
        on=ISSUED,
    )
    assert (made.valid_until, made.look_on) == (END, date(2025, 9, 30))
    with pytest.raises(RegistryFault, match="has a permit"):
        permit_again(made)
    made = permits.endorse_permit(clerk, made, date(2025, 9, 20))
    assert made.valid_until == date(2026, 10, 20)
    with pytest.raises(RegistryFault) as fault:
        permits.endorse_permit(clerk, made, date(2025, 9, 21))
    assert fault.value.code == "JF-E013"
    late = date(2027, 1, 10)
    made = permits.restore_permit(clerk, made, late, "illness")
    assert (made.valid_until, made.anchor) == (date(2027, 10, 20), ISSUED)
    made = permits.replace_permit(clerk, made, late, "lost")
    made = permits.cancel_permit(clerk, made, late, "left")
    with pytest.raises(RegistryFault, match="cancelled"):
        permits.endorse_permit(clerk, made, late)
    kinds = [event.kind for event in made.events.all()]
    assert kinds == ["issued", "endorsed", "restored", "replaced", "cancelled"]
    assert Entry.objects.filter(act__startswith="permit.").count() == len(kinds)


def permit_again(there: Permit) -> Permit:
    """A second one for the same person."""
    return permits.issue_permit(
        None,
        there.person,
        "shanghai",
        OWN,
        registered_on=date(2023, 1, 1),
        ground="stable_job",
        on=ISSUED,
    )


def test_owners_and_registered_tenants_are_endorsed_by_themselves() -> None:
    own = permit(1)
    tenant = permit(2, permits.RegisteredHome("pudong", "registered_rental", END))
    short = permit(
        3, permits.RegisteredHome("pudong", "registered_rental", END - timedelta(days=1))
    )
    dorm = permit(4, permits.RegisteredHome("pudong", "other"))
    assert automatic_endorsement.endorse_due_permits(date(2025, 9, 29)) == 0
    assert automatic_endorsement.endorse_due_permits(date(2025, 9, 30)) == 4
    assert automatic_endorsement.endorse_due_permits(date(2025, 9, 30)) == 0
    found = {p.pk: p.valid_until for p in Permit.objects.all()}
    assert found == {own.pk: date(2026, 10, 20), tenant.pk: date(2026, 10, 20)} | {
        short.pk: END,
        dorm.pk: END,
    }
    reasons = PermitEvent.objects.filter(kind="not_automatic").values_list("permit", "reason")
    assert dict(reasons) == {short.pk: "lease_ends", dorm.pk: "dwelling"}
    assert verify_log()[1] == []


def test_once_the_lease_is_renewed_it_goes_by_itself_again(clerk: User) -> None:
    made = permit(1, permits.RegisteredHome("pudong", "registered_rental", END - timedelta(days=1)))
    automatic_endorsement.endorse_due_permits(date(2025, 9, 30))
    longer = permits.RegisteredHome("pudong", "registered_rental", END + timedelta(days=300))
    made = permits.update_address(clerk, made, longer, date(2025, 10, 3))
    assert made.look_on == date(2025, 10, 3)
    automatic_endorsement.endorse_due_permits(date(2025, 10, 3))
    made.refresh_from_db()
    assert made.valid_until == date(2026, 10, 20)


def test_made_up_online_the_lease_must_still_be_registered(db: None) -> None:
    del db
    holder = user("holder")
    made = permit(home=permits.RegisteredHome("pudong", "registered_rental", END), user=holder)
    Permit.objects.update(look_on=None)
    late = END + timedelta(days=50)
    with pytest.raises(RegistryFault, match="JF-G041") as fault:
        permits.endorse_permit(holder, made, late)
    assert "租赁备案已于 2025-10-20 到期" in fault.value.words.zh
    made.refresh_from_db()
    assert made.valid_until == END
    endorsed = permits.endorse_permit(staff("w2", "clerk", district="xuhui"), made, late)
    assert endorsed.valid_until == date(2026, 10, 20)


def test_a_told_move_stops_it_until_it_is_registered(clerk: User) -> None:
    holder = user("holder")
    made = permit(user=holder)
    permits.report_address_change(holder, made, date(2025, 9, 1))
    automatic_endorsement.endorse_due_permits(date(2025, 10, 2))
    made.refresh_from_db()
    assert (made.valid_until, _last(made).reason) == (END, "address_changed")
    with pytest.raises(RegistryFault) as fault:
        permits.endorse_permit(holder, made, date(2025, 10, 2))
    assert "地址" in fault.value.words.zh
    assert permits.endorse_permit(clerk, made, date(2025, 10, 2)).valid_until > END


@pytest.mark.parametrize(("weeks", "endorsed"), [(3, True), (8, True), (14, False)])
def test_after_weeks_without_a_worker_nobody_has_lost_anything(weeks: int, endorsed: bool) -> None:
    made = permit()
    on = date(2025, 9, 30) + timedelta(weeks=weeks)
    automatic_endorsement.endorse_due_permits(on)
    made.refresh_from_db()
    assert (made.valid_until > END) == endorsed
    if endorsed:
        assert _last(made).on == min(on, END)
        assert made.anchor == ISSUED
    else:
        assert _last(made).reason == "too_late"


def test_a_batch_that_is_cut_off_leaves_nothing_and_is_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(1, 6):
        permit(number)
    monkeypatch.setattr(automatic_endorsement, "BATCH_SIZE", 2)
    real, calls = record_many, 0

    def cut(*args: Any, **kwargs: Any) -> None:
        nonlocal calls
        calls += 1
        real(*args, **kwargs)
        if calls == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(automatic_endorsement, "record_many", cut)
    with pytest.raises(KeyboardInterrupt):
        automatic_endorsement.endorse_due_permits(date(2025, 10, 1))
    assert PermitEvent.objects.filter(kind="endorsed").count() == 2
    assert automatic_endorsement.endorse_due_permits(date(2025, 10, 1)) == 3
    assert Permit.objects.filter(valid_until=date(2026, 10, 20)).count() == 5
    assert PermitEvent.objects.filter(kind="endorsed").count() == 5
    assert verify_log()[1] == []


def test_a_permit_that_fails_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = [permit(number) for number in range(1, 6)]
    monkeypatch.setattr(automatic_endorsement, "BATCH_SIZE", 2)
    real = permits.find_next_check_day

    def look(one: Permit, on: date) -> date | None:
        if one.pk == made[1].pk:
            raise ValueError("no such reading")
        return real(one, on)

    monkeypatch.setattr(automatic_endorsement, "find_next_check_day", look)
    assert automatic_endorsement.endorse_due_permits(date(2025, 10, 1)) == 4
    assert f"permit {made[1].pk} could not be looked at" in caplog.text
    assert automatic_endorsement.endorse_due_permits(date(2025, 10, 1)) == 0, (
        "a round without an end"
    )
    monkeypatch.undo()
    assert automatic_endorsement.endorse_due_permits(date(2025, 10, 2)) == 1
    assert Permit.objects.filter(valid_until=date(2026, 10, 20)).count() == 5
    assert verify_log()[1] == []


def test_an_end_is_moved_once_also_by_the_database() -> None:
    made = permit()
    automatic_endorsement.endorse_due_permits(date(2025, 10, 1))
    row = made.events.get(kind="endorsed")
    row.pk = None
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        row.save(force_insert=True)
    table = PermitEvent._meta.db_table
    with (
        pytest.raises(Exception, match="append-only"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(f"UPDATE {table} SET kind = 'issued'")


def test_permits_are_for_the_holder_and_the_windows_of_the_city(clerk: User) -> None:
    holder = user("holder")
    made = permit(user=holder)
    assert permits.access_permit(holder, made.pk) == made
    assert permits.access_permit(clerk, made.pk) == made
    for other in (user("stranger"), staff("cd", "clerk", city="chengdu"), staff("a", "auditor")):
        with pytest.raises(NoSuchUnit):
            permits.access_permit(other, made.pk)
    with pytest.raises(NoSuchUnit):
        permits.cancel_permit(holder, made, END, "no")


def test_the_history_is_told_month_by_month(clerk: User) -> None:
    made = permit(1, permits.RegisteredHome("pudong", "other"))
    late = END + timedelta(days=61)
    rules = permits.rules_for("shanghai", late)
    assert find_permit_status(rules, made.card, late).state is PermitState.LAPSED
    made = permits.endorse_permit(clerk, made, late, anew=True)
    months = list_month_statuses(rules, permits.list_history(made), date(2026, 1, 31))
    assert [m.state for m in months[-4:]] == ["suspended", "suspended", "valid", "valid"]
    assert months[-1].counted_months == 1
