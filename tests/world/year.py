"""A person's first points in June 2025, with the registers and the permit on which they rest."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jifen.office.casework.actions import drafts, submission
from jifen.office.casework.models import Application
from jifen.office.registry.actions import permits
from jifen.office.registry.models import RegisterEntry
from tests.world.office import GOOD, Office
from tests.world.snapshots import told_once

FILED = date(2025, 6, 2)
END = date(2025, 10, 20)
ENDORSED = date(2025, 9, 30)
RENEWED = date(2025, 10, 11)
"""Three working days after the endorsement, beyond the National Day week of 2025."""
POLICE = {
    "detention_dates": [],
    "ordinary_crime_dates": [],
    "false_material_dates": [],
    "serious_crime": False,
    "family_planning_breach": False,
}
INSURANCE = {f: v for f, v in GOOD.items() if f.startswith(("base_", "insured_"))} | {
    "employed_and_insured": True
}


class City(Office):
    """The small city, with registers that know the person, and a permit that ends in October."""

    @told_once
    def __init__(self, issued: date = date(2024, 10, 20)) -> None:
        super().__init__()
        self.say("insurance", INSURANCE)
        self.say("household", {"birth_date": "1990-01-01", "permit_valid": True})
        self.say("police", POLICE)
        self.permit = permits.issue_permit(
            None,
            self.person,
            "shanghai",
            permits.RegisteredHome("pudong", "own_home"),
            registered_on=date(2023, 1, 1),
            ground="stable_job",
            on=issued,
        )

    @told_once
    def say(self, name: str, facts: dict[str, Any]) -> None:
        """What a register holds of the person."""
        RegisterEntry.objects.update_or_create(
            register=name,
            city="shanghai",
            key_index=self.person.identity_index,
            defaults={"facts": facts, "as_of": FILED},
        )

    @told_once
    def first(self, *, itself: bool = True, **facts: Any) -> Application:
        """The first points, in June."""
        case = self.with_documents(self.draft(GOOD | facts))
        drafts.choose_renewal(case, automatically=itself)
        return self.decided(submission.submit_case(case, "first", on=FILED))


def set_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """What the office takes for today."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)


def at(day: date) -> datetime:
    """Noon of a day."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()) + timedelta(hours=12))


def renewal() -> Application:
    """The one renewal."""
    return Application.objects.get(kind="renewal")
