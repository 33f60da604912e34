"""Papers that no longer say what holds are replaced, though nothing happened in their case."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from jifen.office.casework.models import Decision, Event, PointsPeriod
from jifen.office.casework.renewal import creation
from jifen.office.lists.actions.publication import enter_due_decisions
from jifen.office.lists.models import Entry
from jifen.office.notices.actions import events, printing
from jifen.office.notices.actions.amendments import amend_due_notices
from jifen.office.notices.actions.issuance import issue_settlement
from jifen.office.notices.lookup import get_state_on
from jifen.office.notices.models import Notice
from jifen.office.registry.actions import permits
from tests.world.office import Office, today
from tests.world.town import Town, facts_of

pytestmark = pytest.mark.django_db


def recorded(office: Office, on: date) -> Any:
    """The permit comes on record after the points were decided; the worker looks at it."""
    home = permits.RegisteredHome("pudong", "other")
    started = today() - timedelta(days=900)
    person = office.person
    permit = permits.issue_permit(
        None, person, "shanghai", home, registered_on=started, ground="stable_job", on=on
    )
    creation.renew_due_points(today())
    return permit


def open_ended() -> tuple[Office, Notice]:
    office = Office()
    office.decided(office.submitted())
    events.issue_for_case_events()
    return office, Notice.objects.get(kind="notice")


def test_a_notice_without_an_end_is_replaced_when_the_end_is_known() -> None:
    office, first = open_ended()
    assert first.until is None
    permit = recorded(office, today() - timedelta(days=100))
    assert amend_due_notices(today()) == 1
    assert amend_due_notices(today()) == 0
    first.refresh_from_db()
    assert (first.revocation.why, first.revocation.on) == ("replaced", today())
    second = Notice.objects.get(replaces=first)
    assert (second.until, second.result, second.version) == (permit.valid_until, "reached", 2)
    assert "至" in str(second.content["head"])
    assert get_state_on(second, permit.valid_until + timedelta(days=1)) == "expired"
    printing.print_due_notices()
    assert second.sheet.pages == 1


def test_a_notice_without_an_end_ends_with_points_that_are_over_when_it_is_known() -> None:
    office, first = open_ended()
    permit = recorded(office, today() - timedelta(days=100))
    later = permit.valid_until + timedelta(days=300)
    assert amend_due_notices(later) == 1
    first.refresh_from_db()
    assert first.revocation.on == permit.valid_until + timedelta(days=1)
    assert first.revocation.why == "ended"
    assert Notice.objects.filter(kind="notice").count() == 1


def test_a_notice_issued_before_papers_had_a_first_day_is_replaced_until_its_points_begin() -> None:
    _, first = open_ended()
    begins = today() + timedelta(days=9)
    until = begins + timedelta(days=364)
    PointsPeriod.objects.update(since=begins, until=until)
    assert amend_due_notices(today()) == 1
    second = Notice.objects.get(replaces=first)
    assert (get_state_on(second, today()), get_state_on(second, begins)) == ("not_yet", "valid")


# ------------------------------------------------------------ a city whose points have no periods


@pytest.fixture
def town() -> Town:
    return Town()


def again(first: Decision, **more: Any) -> Decision:
    """Another application of the same person, decided a year later."""
    case = first.application
    case.pk, case.key = None, uuid4()
    case.number, case.received_on = f"{case.number}9", date(2025, 3, 3)
    case.save()
    made = Decision.objects.get(pk=first.pk)
    made.pk, made.application, made.on = None, case, date(2025, 3, 3)
    made.signed_at = timezone.now()
    for name, value in more.items():
        setattr(made, name, value)
    made.save()
    return made


def papers_of(*decisions: Decision) -> list[Notice]:
    """Their papers, as the worker makes them."""
    for decision in decisions:
        Event.objects.get_or_create(application=decision.application, act="decided")
    events.issue_for_case_events()
    return [Notice.objects.get(decision=one, kind="notice") for one in decisions]


def test_a_later_decision_of_the_person_ends_the_older_paper(town: Town) -> None:
    first = town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    (old,) = papers_of(Decision.objects.get(pk=first.pk))
    other = town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    (others,) = papers_of(other)
    new = again(first, outcome="below", total=40)
    (newer,) = papers_of(new)
    old = Notice.objects.get(pk=old.pk)
    assert (old.revocation.why, old.revocation.on) == ("replaced", today())
    assert get_state_on(newer, today()) == "valid"
    assert get_state_on(Notice.objects.get(pk=others.pk), today()) == "valid"


def test_a_later_decision_that_was_revoked_ends_nothing(town: Town) -> None:
    first = town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    (old,) = papers_of(Decision.objects.get(pk=first.pk))
    again(first, outcome="below", total=40, revoked_at=timezone.now(), revoked_why="x")
    assert amend_due_notices(today()) == 0
    assert get_state_on(old, today()) == "valid"


def test_a_place_on_the_list_keeps_the_paper_until_the_place_ends(town: Town) -> None:
    first = town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    enter_due_decisions(date(2024, 3, 1))
    (old,) = papers_of(Decision.objects.get(pk=first.pk))
    papers_of(again(first, outcome="below", total=40))
    assert amend_due_notices(today()) == 0
    assert get_state_on(Notice.objects.get(pk=old.pk), today()) == "valid"
    Entry.objects.filter(decision__notices=old).update(
        state="lapsed", ended_on=today(), why="permit"
    )
    assert amend_due_notices(today()) == 1
    assert get_state_on(Notice.objects.get(pk=old.pk), today()) == "revoked"


def test_a_slip_for_settlement_keeps_itself_and_the_paper_behind_it(town: Town) -> None:
    first = town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    standing = Decision.objects.get(pk=first.pk)
    (old,) = papers_of(standing)
    slip = issue_settlement(standing, today() + timedelta(days=30))
    papers_of(again(first, outcome="below", total=40))
    assert amend_due_notices(today()) == 0
    assert slip is not None
    for paper in (old, slip):
        assert get_state_on(Notice.objects.get(pk=paper.pk), today()) == "valid"
