"""Cases decided before points had periods: theirs begins on the day of the decision."""

from typing import Any

from django.db import migrations

from jifen.process import NoProcess, find_process

NOTHING_GIVEN = ("refused", "vetoed")


def fill(apps: Any, _: Any) -> None:
    """One for the newest standing decision of each person and city. The permit is not on record,
    so its end is not known, and it can be renewed."""
    decisions = apps.get_model("casework", "Decision").objects.filter(
        signed_at__isnull=False, void_at__isnull=True, revoked_at__isnull=True, points=None
    )
    periods = apps.get_model("casework", "PointsPeriod").objects
    for decision in decisions.select_related("application").order_by("-signed_at").iterator():
        case = decision.application
        there = periods.filter(person=case.person_id, city=case.city, ended_on__isnull=True)
        if there.exists() or not _renewed(case.city, decision.on):
            continue
        periods.create(
            person_id=case.person_id,
            city=case.city,
            decision=decision,
            employer_id=case.unit_id,
            since=decision.signed_at.date(),
            renewed=decision.outcome in NOTHING_GIVEN,
        )


def _renewed(city: str, on: Any) -> bool:
    try:
        return find_process(city, on).renewal is not None
    except NoProcess:
        return False


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = (("casework", "0004_renewals"),)
    operations = (migrations.RunPython(fill, migrations.RunPython.noop),)
