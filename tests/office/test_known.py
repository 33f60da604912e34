"""What the registers know of somebody, for the question what is open to them."""

from datetime import date

import pytest

from jifen.office.registry.actions import permits
from jifen.office.registry.models import Permit
from jifen.office.web.mine.known import known_of
from tests.office.city import Office

pytestmark = pytest.mark.django_db


def permit(office: Office, on: date) -> Permit:
    home = permits.Home("pudong", "own_home")
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
    gone = known_of(office.person, "shanghai", date(2025, 8, 1))
    assert (gone.permit, gone.all_months) == (False, 85)
    permit(office, date(2025, 9, 1))
    back = known_of(office.person, "shanghai", date(2026, 7, 1))
    assert (back.permit, back.permit_months, back.all_months) == (True, 10, 85 + 10)


def test_a_month_by_two_permits_counts_once() -> None:
    office = Office()
    first = permit(office, date(2024, 1, 2))
    permits.cancel_permit(office.clerk, first, date(2024, 6, 10), "lost")
    permit(office, date(2024, 6, 10))
    known = known_of(office.person, "shanghai", date(2024, 12, 31))
    assert (known.permit_months, known.all_months) == (6, 11)
