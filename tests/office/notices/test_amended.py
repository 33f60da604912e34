"""Papers that no longer say what holds are replaced, though nothing happened in their case."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.renewal import begin
from jifen.office.notices.actions import follow, printing
from jifen.office.notices.actions.amend import amend_due
from jifen.office.notices.look import state_on
from jifen.office.notices.models import Notice
from jifen.office.registry.actions import permits
from tests.office.city import Office, today

pytestmark = pytest.mark.django_db


def recorded(office: Office, on: date) -> Any:
    """The permit comes on record after the points were decided; the worker looks at it."""
    home = permits.Home("pudong", "other")
    started = today() - timedelta(days=900)
    person = office.person
    permit = permits.issue_permit(
        None, person, "shanghai", home, registered_on=started, ground="stable_job", on=on
    )
    begin.renew_due(today())
    return permit


def open_ended() -> tuple[Office, Notice]:
    office = Office()
    office.decided(office.submitted())
    follow.follow_cases()
    return office, Notice.objects.get(kind="notice")


def test_a_notice_without_an_end_is_replaced_when_the_end_is_known() -> None:
    office, first = open_ended()
    assert first.until is None
    permit = recorded(office, today() - timedelta(days=100))
    assert amend_due(today()) == 1
    assert amend_due(today()) == 0
    first.refresh_from_db()
    assert (first.revocation.why, first.revocation.on) == ("replaced", today())
    second = Notice.objects.get(replaces=first)
    assert (second.until, second.result, second.version) == (permit.valid_until, "reached", 2)
    assert "至" in str(second.content["head"])
    assert state_on(second, permit.valid_until + timedelta(days=1)) == "expired"
    printing.print_due()
    assert second.sheet.pages == 1


def test_a_notice_without_an_end_ends_with_points_that_are_over_when_it_is_known() -> None:
    office, first = open_ended()
    permit = recorded(office, today() - timedelta(days=100))
    later = permit.valid_until + timedelta(days=300)
    assert amend_due(later) == 1
    first.refresh_from_db()
    assert first.revocation.on == permit.valid_until + timedelta(days=1)
    assert first.revocation.why == "ended"
    assert Notice.objects.filter(kind="notice").count() == 1


def test_a_notice_issued_before_papers_had_a_first_day_is_replaced_until_its_points_begin() -> None:
    _, first = open_ended()
    begins = today() + timedelta(days=9)
    until = begins + timedelta(days=364)
    PointsPeriod.objects.update(since=begins, until=until)
    assert amend_due(today()) == 1
    second = Notice.objects.get(replaces=first)
    assert (state_on(second, today()), state_on(second, begins)) == ("not_yet", "valid")
