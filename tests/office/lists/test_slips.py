"""A settlement slip and the place on the list say the same."""

from datetime import date

from jifen.office.lists.actions import window
from jifen.office.lists.models import Entry
from jifen.office.notices.actions import follow
from jifen.office.notices.look import state_on
from jifen.office.notices.models import Kind, Notice
from jifen.office.registry.actions import permits
from jifen.office.registry.models import Permit
from tests.office.lists.town import Town, steps, through

MONDAY, FORMAL = date(2024, 3, 4), date(2024, 3, 8)


def _permit(town: Town, entry: Entry) -> Permit:
    assert entry.decision is not None
    return permits.issue_permit(
        None,
        entry.decision.application.person,
        "chengdu",
        permits.Home("wuhou", "own_home"),
        registered_on=date(2022, 1, 1),
        ground="stable_job",
        on=date(2023, 9, 1),
    )


def _slip(entry: Entry) -> Notice:
    return Notice.objects.filter(decision=entry.decision, kind=Kind.SETTLEMENT).order_by("-pk")[0]


def test_the_slip_holds_when_the_permit_was_cancelled_for_the_settlement(town: Town) -> None:
    entry = town.listed()
    permit = _permit(town, entry)
    through(MONDAY, FORMAL)
    permits.cancel_permit(town.clerk, permit, date(2024, 3, 9), "settled")
    follow.follow_permits()
    steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert (entry.state, state_on(_slip(entry), date(2024, 3, 11))) == ("noticed", "valid")
    assert window.settle(town.clerk, entry, date(2024, 3, 11)).state == "settled"
    assert state_on(_slip(entry), date(2024, 3, 12)) == "valid"


def test_the_slip_ends_with_the_place_whose_permit_was_suspended(town: Town) -> None:
    entry = town.listed()
    permit = _permit(town, entry)
    through(MONDAY, FORMAL)
    Permit.objects.filter(pk=permit.pk).update(valid_until=date(2024, 3, 9))
    steps(date(2024, 3, 11))
    entry.refresh_from_db()
    assert (entry.state, state_on(_slip(entry), date(2024, 3, 11))) == ("lapsed", "revoked")
