"""A settlement slip and the place on the list say the same."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.lists.actions import entry_acts, settlement_slips
from jifen.office.lists.models import Entry
from jifen.office.notices.actions import events, printing
from jifen.office.notices.actions.issuance import issue_settlement
from jifen.office.notices.lookup import get_state_on
from jifen.office.notices.models import Notice, NoticeKind, Printing
from jifen.office.notices.pdf.fonts import NotInFonts
from jifen.office.registry.actions import permits
from jifen.office.registry.models import Permit
from tests.world.office import user
from tests.world.town import Town, run_daily_steps, through

MONDAY, FORMAL = date(2024, 3, 4), date(2024, 3, 8)


def _permit(town: Town, entry: Entry) -> Permit:
    assert entry.decision is not None
    return permits.issue_permit(
        None,
        entry.decision.application.person,
        "chengdu",
        permits.RegisteredHome("wuhou", "own_home"),
        registered_on=date(2022, 1, 1),
        ground="stable_job",
        on=date(2023, 9, 1),
    )


def _slip(entry: Entry) -> Notice:
    return Notice.objects.filter(decision=entry.decision, kind=NoticeKind.SETTLEMENT).order_by(
        "-pk"
    )[0]


def test_the_slip_holds_when_the_permit_was_cancelled_for_the_settlement(town: Town) -> None:
    entry = town.listed()
    permit = _permit(town, entry)
    through(MONDAY, FORMAL)
    permits.cancel_permit(town.clerk, permit, date(2024, 3, 9), "settled")
    events.revoke_for_permit_events()
    run_daily_steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert (entry.state, get_state_on(_slip(entry), date(2024, 3, 11))) == ("noticed", "valid")
    assert entry_acts.settle_entry(town.clerk, entry, date(2024, 3, 11)).state == "settled"
    assert get_state_on(_slip(entry), date(2024, 3, 12)) == "valid"


def test_the_slip_ends_with_the_place_whose_permit_was_suspended(town: Town) -> None:
    entry = town.listed()
    permit = _permit(town, entry)
    through(MONDAY, FORMAL)
    Permit.objects.filter(pk=permit.pk).update(valid_until=date(2024, 3, 9))
    run_daily_steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert (entry.state, get_state_on(_slip(entry), date(2024, 3, 11))) == ("lapsed", "revoked")


RARE = "\U00020bb7小明"
OVER = date(2024, 5, 8)  # the day after the sixty days


def _no_font(content: Any) -> None:
    raise NotInFonts("雷")


def _stuck(town: Town, name: str = RARE, **more: Any) -> Entry:
    entry = town.listed(name=name, **more)
    through(MONDAY, FORMAL)
    printing.print_due_notices()
    entry.refresh_from_db()
    return entry


def test_nobody_gives_up_while_the_slip_cannot_be_printed(town: Town) -> None:
    entry, other = _stuck(town), town.listed()
    through(date(2024, 3, 9), date(2024, 5, 20))
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.state, entry.settle_by) == ("noticed", date(2024, 5, 7))
    assert other.state == "forfeited"
    assert entry_acts.settle_entry(town.clerk, entry, date(2024, 5, 20)).state == "settled"


def test_nobody_gives_up_while_the_printing_was_not_even_tried_for_days(town: Town) -> None:
    entry = town.listed()
    through(MONDAY, FORMAL)
    ago = timezone.now() - timedelta(days=4)
    Printing.objects.update(due_at=ago)
    through(date(2024, 3, 9), date(2024, 5, 20))
    entry.refresh_from_db()
    assert entry.state == "noticed"


def test_the_sixty_days_begin_when_the_slip_could_be_printed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = "jifen.office.notices.pdf.typesetting.check_characters"
    with monkeypatch.context() as before:
        before.setattr(check, _no_font)
        entry = _stuck(town, "李雷")
    through(date(2024, 3, 9), OVER)
    later = timezone.now() + timedelta(days=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert printing.print_due_notices() > 0
    run_daily_steps(OVER)
    entry.refresh_from_db()
    assert (entry.state, entry.settle_by) == ("noticed", date(2024, 7, 7))
    assert entry.events.last().act == "delay"  # type: ignore[union-attr]
    assert _slip(entry).until == date(2024, 7, 7)
    assert run_daily_steps(OVER) == 0
    printing.print_due_notices()
    through(date(2024, 5, 9), date(2024, 7, 8))
    entry.refresh_from_db()
    assert entry.state == "forfeited"
    assert {get_state_on(n, date(2024, 7, 9)) for n in Notice.objects.all()} == {"revoked"}


def test_days_do_not_run_out_before_a_slip_could_be_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any) -> Any:
        raise RuntimeError("no")

    monkeypatch.setattr(settlement_slips, "issue_settlement", fails)
    entry = town.listed()
    through(MONDAY, OVER)
    monkeypatch.setattr(settlement_slips, "issue_settlement", issue_settlement)
    run_daily_steps(OVER)
    entry.refresh_from_db()
    assert (entry.state, entry.settle_by) == ("noticed", date(2024, 7, 7))
    assert _slip(entry).until == date(2024, 7, 7)


def test_staff_and_the_person_are_told_of_a_slip_that_cannot_be_printed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(where, lambda _: False)
    holder = user("rare")
    entry, said = _stuck(town, by=holder), "入户通知单暂不能打印"
    pages = (
        (town.clerk, "/desk/lists/"),
        (town.clerk, f"/desk/lists/entries/{entry.pk}"),
        (holder, f"/my/place/{entry.pk}"),
    )
    for who, address in pages:
        client = Client()
        client.force_login(who)
        assert said in client.get(address).content.decode()
