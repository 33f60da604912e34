"""Rechecks and false material: each touches its own points, and what rests on the same finding."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    corrections,
    decisions,
    post_decision,
    registers,
    submission,
)
from jifen.office.casework.actions.periods import find_points_on
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, FalseRecord, Outcome, PointsPeriod
from jifen.office.casework.renewal import creation
from jifen.office.notices.actions import events
from jifen.office.notices.models import Notice, Revocation
from jifen.office.registry.actions import automatic_endorsement
from tests.world.office import GOOD, tell
from tests.world.year import END, ENDORSED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db
BELOW: dict[str, Any] = {
    "base_08x_months_last_48": 0,
    "base_1x_months_last_12": 0,
    "education": "college",
}
DAY = END + timedelta(days=20)


def _renewed(city: City) -> Application:
    """First points, and a renewal of them by itself."""
    first = city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    assert renewal().state == "decided"
    return first


def _asked(city: City, case: Application) -> None:
    told = [{"line": "education", "words": "请复核"}]
    post_decision.ask_recheck(access_case(city.person_user, case.key), told)


def _waiting_for_signature(
    city: City, monkeypatch: pytest.MonkeyPatch, corrected: dict[str, Any]
) -> Application:
    """The first case; the recheck of its renewal, made by nobody, has to be signed."""
    first = _renewed(city)
    set_day(monkeypatch, DAY)
    events.issue_for_case_events()
    _asked(city, renewal())
    post_decision.decide_recheck(access_case(city.senior2, renewal().key), "复核", corrected)
    assert renewal().state == "countersign"
    events.issue_for_case_events()
    return first


def _false(city: City, case: Application, fact: str, on: date) -> None:
    record = post_decision.report_false_material(access_case(city.clerk, case.key), fact, "伪造")
    post_decision.answer_false_material(access_case(city.person_user, case.key), record, "没有")
    senior = access_case(city.senior, case.key)
    post_decision.decide_false_material(senior, record, stands=True, words="伪造", on=on)
    events.issue_for_case_events()


def _holds(case: Application) -> bool:
    """Whether its paper was issued and not revoked (from whatever day)."""
    paper = Notice.objects.get(kind="notice", application=case)
    return not Revocation.objects.filter(notice=paper).exists()


@pytest.mark.parametrize("corrected", [{"title": "none"}, {"education": "bachelor_with_degree"}])
def test_a_recheck_of_an_older_application_touches_no_newer_points(
    city: City, monkeypatch: pytest.MonkeyPatch, corrected: dict[str, Any]
) -> None:
    first = city.first(**BELOW)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    day = date(2025, 10, 2)
    set_day(monkeypatch, day)
    _asked(city, first)
    again = submission.submit_case(city.with_documents(city.draft(GOOD)), "again", on=day)
    newer = city.decided(again)
    later = day + timedelta(days=5)
    set_day(monkeypatch, later)
    post_decision.decide_recheck(access_case(city.senior2, first.key), "复核", corrected)
    events.issue_for_case_events()
    points = find_points_on(city.person, "shanghai", later)
    assert points
    assert (points.decision.application, points.decision.outcome) == (newer, Outcome.REACHED)
    assert PointsPeriod.objects.filter(ended_on__isnull=True).get() == points
    assert _holds(newer)


def test_a_recheck_is_not_escaped_from_by_withdrawing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    _waiting_for_signature(city, monkeypatch, BELOW)
    with pytest.raises(CaseFault, match="JF-K054"):
        post_decision.withdraw_case(access_case(city.operator, renewal().key), "不办了")
    assert renewal().state == "countersign"


def test_a_recheck_is_not_escaped_from_by_letting_a_correction_lapse(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    _waiting_for_signature(city, monkeypatch, BELOW)
    decisions.send_back(access_case(city.supervisor, renewal().key), "再看", ("education",))
    reason = next(r.id for r in process_of(renewal()).reasons if "correct" in r.use)
    asked = [corrections.RequestedItem("fact", "education", reason)]
    corrections.ask_correction(access_case(city.clerk, renewal().key), asked, "请补充")
    corrections.lapse_overdue_cases(DAY + timedelta(days=90))
    assert renewal().state == "review"
    assert renewal().corrections.get().state == "lapsed"


def test_false_material_reaches_a_renewal_whose_recheck_waits_for_its_signature(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _waiting_for_signature(city, monkeypatch, {"title": "none"})
    assert _holds(renewal())
    _false(city, first, "education", DAY)
    assert not _holds(renewal())
    assert find_points_on(city.person, "shanghai", DAY) is None
    assert renewal().items.get(fact="education").why == "false_before"


def test_false_material_found_in_a_renewal_reaches_the_year_it_was_taken_over_from(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _renewed(city)
    set_day(monkeypatch, RENEWED)
    events.issue_for_case_events()
    _false(city, renewal(), "education", RENEWED)
    assert not _holds(first)
    assert find_points_on(city.person, "shanghai", RENEWED) is None


def test_a_second_finding_on_a_revoked_case_is_decided_too(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first()
    for fact in ("education", "title"):
        tell(post_decision.report_false_material(access_case(city.clerk, first.key), fact, "伪造"))
    day = date(2025, 9, 1)
    set_day(monkeypatch, day)
    for record in FalseRecord.objects.order_by("id"):
        senior = access_case(city.senior, first.key)
        post_decision.decide_false_material(senior, record, stands=True, words="伪造", on=day)
    assert set(FalseRecord.objects.values_list("state", flat=True)) == {"effective"}
    first.refresh_from_db()
    assert first.state == "revoked"
