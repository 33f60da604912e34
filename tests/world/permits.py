"""Permits of people in Shanghai."""

from datetime import date
from typing import Any

from jifen.office.registry.actions import permits
from jifen.office.registry.models import Permit
from tests.world.office import person
from tests.world.snapshots import told_once

ISSUED = date(2024, 10, 20)
END = date(2025, 10, 20)
OWN = permits.RegisteredHome("pudong", "own_home")


@told_once
def permit(
    number: int = 1, home: permits.RegisteredHome = OWN, on: date = ISSUED, **who: Any
) -> Permit:
    """A permit from the register."""
    return permits.issue_permit(
        None,
        person(number, **who),
        "shanghai",
        home,
        registered_on=date(2023, 1, 1),
        ground="stable_job",
        on=on,
    )
