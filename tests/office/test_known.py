"""What the registers know of somebody, for the question what is open to them."""

from datetime import date, timedelta

import pytest
from django.test import Client

from jifen.entitlements import (
    EntitlementAnswer,
    EntitlementState,
    assess_entitlement,
    load_entitlements,
)
from jifen.office.lists.actions import entry_acts
from jifen.office.registry.actions import permits
from jifen.office.registry.models import Permit, Person
from jifen.office.web.mine.known_status import find_known_status
from jifen.permits.card import find_permit_status
from tests.world.office import Office, user
from tests.world.town import Town, facts_of, through

MONDAY = date(2024, 3, 4)
pytestmark = pytest.mark.django_db


def permit(office: Office, on: date) -> Permit:
    home = permits.RegisteredHome("pudong", "own_home")
    registered = date(on.year - 1, 1, 1)
    return permits.issue_permit(
        None, office.person, "shanghai", home, registered_on=registered, ground="stable_job", on=on
    )


def test_cumulative_months_are_of_every_permit_and_unbroken_ones_of_the_last() -> None:
    office = Office()
    first = permit(office, date(2018, 1, 2))
    for _ in range(7):
        first = permits.endorse_permit(office.clerk, first, first.valid_until)
    permits.cancel_permit(office.clerk, first, date(2025, 2, 3), "left the city")
    gone = find_known_status(office.person, "shanghai", date(2025, 8, 1))
    assert (gone.permit, gone.all_months) == (False, 85)
    permit(office, date(2025, 9, 1))
    back = find_known_status(office.person, "shanghai", date(2026, 7, 1))
    assert (back.permit, back.permit_months, back.all_months) == (True, 10, 85 + 10)


def test_a_month_by_two_permits_counts_once() -> None:
    office = Office()
    first = permit(office, date(2024, 1, 2))
    permits.cancel_permit(office.clerk, first, date(2024, 6, 10), "lost")
    permit(office, date(2024, 6, 10))
    known = find_known_status(office.person, "shanghai", date(2024, 12, 31))
    assert (known.permit_months, known.all_months) == (6, 11)


def test_three_full_years_are_there_on_the_day_that_was_named() -> None:
    """The page of the permit counts them the evening before: with that day they are full."""
    office, opens_on = Office(), date(2026, 3, 14)
    row = permit(office, date(2023, 3, 14))
    for _ in range(2):
        row = permits.endorse_permit(office.clerk, row, row.valid_until)
    one = next(
        e
        for e in load_entitlements("shanghai").list_in_force(opens_on)
        if e.needs.permit_years == 3
    )
    rules = permits.rules_for("shanghai", opens_on)
    lacking = {}
    for day in (opens_on - timedelta(days=2), opens_on - timedelta(days=1), opens_on):
        answer = assess_entitlement(one, find_known_status(office.person, "shanghai", day), day)
        lacking[day] = [m.opens_on for m in answer.missing if m.need == "permit_years"]
        full = find_permit_status(rules, row.card, day).counted_months == 36
        assert full == (day >= opens_on - timedelta(days=1))
    assert list(lacking.values()) == [[opens_on], [opens_on], []]


@pytest.fixture
def town() -> Town:
    return Town()


def settlement(person: Person, on: date) -> EntitlementAnswer:
    one = next(
        e
        for e in load_entitlements("chengdu").list_in_force(on)
        if e.id == "settlement_by_line_2024"
    )
    return assess_entitlement(one, find_known_status(person, "chengdu", on), on)


def test_who_has_settled_is_not_told_that_a_notice_is_missing(town: Town) -> None:
    holder = user("listed")
    entry = town.listed(by=holder)
    through(MONDAY, MONDAY + timedelta(days=14))
    entry.refresh_from_db()
    assert entry.decision is not None
    entry_acts.settle_entry(town.clerk, entry, MONDAY + timedelta(days=14))
    found = settlement(entry.decision.application.person, date(2026, 11, 26))
    assert (found.state, found.missing) == (EntitlementState.DONE, ())
    client = Client()
    client.force_login(holder)
    page = client.get("/my/opens/chengdu").content.decode()
    assert f"已办理入户（{MONDAY + timedelta(days=14)}）" in page
    assert "缺：公示后的入户通知" not in page
    assert "是（按 2024 年办法评定）" in page


@pytest.mark.parametrize(
    ("version", "case", "name", "accepted", "counts"),
    [("2018", "52", "P", date(2019, 6, 15), False), ("2024", "33", "", date(2024, 3, 1), True)],
)
def test_points_count_for_the_line_of_their_own_measure(
    town: Town, version: str, case: str, name: str, accepted: date, *, counts: bool
) -> None:
    decision = town.decided(facts_of(version, case, name), accepted)
    found = settlement(decision.application.person, date(2026, 11, 26))
    lacking = {one.need: one for one in found.missing}
    assert ("points" not in lacking) == counts
    if not counts:
        assert "按 2018 年办法" in lacking["points"].words.zh
        assert lacking["points"].known
