"""Points are valid exactly as long as the permit: none by one that is over, none without an end."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions, post_decision, registers, review, submission
from jifen.office.casework.actions.periods import find_points_on, list_running_periods
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, PointsPeriod
from jifen.office.casework.renewal import creation, opening
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.models import Permit
from tests.world.office import GOOD, Office, finding
from tests.world.waiting import waiting
from tests.world.year import END, ENDORSED, FILED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
FAR = date(2040, 1, 1)
YEARLY: dict[str, Any] = {"public_service_months": 61}
"""A fact that no register tells: a renewal waits for a clerk."""


def _renewed(city: City, *, answered: bool = True) -> Application:
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    if answered:
        registers.ask_due_registers()
    return renewal()


def _decided(city: City, case: Application) -> None:
    review.record_finding(
        access_case(city.clerk, case.key, "find"), finding("public_service_months", {})
    )
    decisions.propose_decision(access_case(city.clerk, case.key))
    decisions.countersign_decision(access_case(city.senior, case.key))


def test_a_permit_cancelled_before_registers_answer_is_for_a_clerk(city: City) -> None:
    city.first()
    case = _renewed(city, answered=False)
    permits.cancel_permit(city.clerk, city.permit, RENEWED, "left the city")
    registers.ask_due_registers()
    case.refresh_from_db()
    assert case.state == "deciding"
    assert not Decision.objects.filter(application=case).exists()
    event = case.events.get(act="renewal_to_clerk")
    assert "已注销" in event.words["zh"]


def test_a_permit_cancelled_in_review_gives_no_points(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(**YEARLY)
    case = _renewed(city)
    permits.cancel_permit(city.clerk, city.permit, date(2025, 10, 14), "left the city")
    set_day(monkeypatch, date(2025, 10, 15))
    with pytest.raises(CaseFault, match="JF-K053"):
        _decided(city, case)
    assert not Decision.objects.filter(application=case).exists()
    found = access_case(city.clerk, case.key, "find")
    review.record_finding(found, finding("permit_valid", {"permit_valid": False}))
    decisions.propose_decision(access_case(city.clerk, case.key))
    decisions.countersign_decision(access_case(city.senior, case.key))
    assert find_points_on(city.person, "shanghai", FAR) is None


def test_a_permit_cancelled_between_proposal_and_signature_stops_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(**YEARLY)
    case = _renewed(city)
    set_day(monkeypatch, date(2025, 10, 14))
    review.record_finding(
        access_case(city.clerk, case.key, "find"), finding("public_service_months", {})
    )
    decisions.propose_decision(access_case(city.clerk, case.key))
    permits.cancel_permit(city.clerk, city.permit, date(2025, 10, 14), "left the city")
    with pytest.raises(CaseFault, match="JF-K053"):
        decisions.countersign_decision(access_case(city.senior, case.key))
    assert Decision.objects.get(application=case).signed_at is None


def test_a_draft_is_not_filed_once_the_permit_is_gone(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    draft = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED
    )
    permits.cancel_permit(city.clerk, city.permit, RENEWED, "hukou")
    with pytest.raises(CaseFault, match="JF-K091"):
        submission.submit_case(draft, "x", on=RENEWED)
    assert renewal().state == "draft"


def test_a_draft_left_for_a_year_asks_for_the_endorsement_first(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    draft = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED
    )
    late = date(2027, 3, 1)
    set_day(monkeypatch, late)
    with pytest.raises(CaseFault, match="JF-K091"):
        submission.submit_case(draft, "x", on=late)
    assert find_points_on(city.person, "shanghai", late) is None


def test_first_points_are_not_given_by_a_permit_that_ended_in_review(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = city.with_documents(city.draft(GOOD))
    Permit.objects.update(dwelling="other")
    set_day(monkeypatch, date(2025, 10, 10))
    filed = submission.submit_case(case, "first", on=date(2025, 10, 10))
    set_day(monkeypatch, date(2025, 11, 5))
    with pytest.raises(CaseFault, match="JF-K053"):
        city.decided(filed)
    permits.endorse_permit(city.clerk, Permit.objects.get(), date(2025, 11, 6))
    set_day(monkeypatch, date(2025, 11, 6))
    decisions.propose_decision(access_case(city.clerk, filed.key))
    decisions.countersign_decision(access_case(city.senior, filed.key))
    period = PointsPeriod.objects.get()
    assert (period.since, period.until) == (date(2025, 11, 6), date(2026, 10, 20))


def test_points_given_before_the_permit_was_on_record_end_with_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, FILED)
    office = Office()
    office.decided(office.submitted(GOOD))
    assert PointsPeriod.objects.get().until is None
    home = permits.RegisteredHome("pudong", "other")
    issued = {"registered_on": date(2023, 1, 1), "ground": "stable_job", "on": date(2024, 10, 20)}
    permits.issue_permit(None, office.person, "shanghai", home, **issued)  # type: ignore[arg-type]
    creation.renew_due_points(FILED)
    assert PointsPeriod.objects.get().until == END
    assert find_points_on(office.person, "shanghai", FAR) is None


def test_filed_in_time_there_is_no_day_without_points(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(**YEARLY)
    case = _renewed(city)
    set_day(monkeypatch, date(2025, 11, 5))
    _decided(city, case)
    assert PointsPeriod.objects.latest("id").since == END + ONE_DAY
    assert find_points_on(city.person, "shanghai", date(2025, 10, 25)) is not None


def test_a_worker_that_was_off_leaves_no_day_without_points(city: City) -> None:
    city.first()
    back = END + timedelta(days=2)
    automatic_endorsement.endorse_due_permits(back)
    for day in range(6):
        creation.renew_due_points(back + timedelta(days=day))
    registers.ask_due_registers()
    assert PointsPeriod.objects.latest("id").since == END + ONE_DAY


def test_filed_late_by_hand_points_begin_with_the_filing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    late = END + timedelta(days=20)
    set_day(monkeypatch, late)
    draft = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=city.unit, on=late
    )
    submission.submit_case(draft, "x", on=late)
    registers.ask_due_registers()
    assert PointsPeriod.objects.latest("id").since == late
    assert find_points_on(city.person, "shanghai", late - ONE_DAY) is None


def test_a_veto_reversed_on_recheck_gives_points_that_are_renewed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.say("police", {"detention_dates": []})
    case = city.with_documents(city.draft(GOOD))
    filed = city.decided(submission.submit_case(case, "first", on=FILED), serious_crime=True)
    assert not list_running_periods().exists()
    asked = [{"line": "serious_crime", "words": "同名"}]
    post_decision.ask_recheck(access_case(city.person_user, filed.key), asked)
    decider = access_case(city.senior2, filed.key)
    post_decision.decide_recheck(decider, "同名，并非本人", {"serious_crime": False})
    assert list_running_periods().get().until == END


def test_a_renewal_given_up_after_a_recheck_of_the_first_year_waits_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first(**YEARLY)
    case = _renewed(city)
    assert case.state == "review"
    set_day(monkeypatch, date(2025, 10, 14))
    asked = [{"line": "title", "words": "少算"}]
    post_decision.ask_recheck(access_case(city.person_user, first.key), asked)
    decider = access_case(city.senior2, first.key)
    post_decision.decide_recheck(decider, "证书不符", {"title": "none"})
    assert waiting(kind="renewal") == [], "it is filed"
    post_decision.withdraw_case(access_case(city.operator, case.key), "不办了")
    assert waiting(kind="renewal") == ["renewal"]
    assert list(check_cases()) == []


def test_a_year_is_renewed_once_whatever_a_recheck_changes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first()
    assert _renewed(city).state == "decided"
    set_day(monkeypatch, date(2025, 10, 14))
    asked = [{"line": "title", "words": "少算"}]
    post_decision.ask_recheck(access_case(city.person_user, first.key), asked)
    post_decision.decide_recheck(
        access_case(city.senior2, first.key), "证书不符", {"title": "none"}
    )
    replaced = PointsPeriod.objects.latest("id")
    with pytest.raises(CaseFault, match="JF-K090"):
        creation.begin_renewal(city.operator, replaced, unit=city.unit, on=date(2025, 10, 14))
    with pytest.raises(CaseFault, match="JF-K090"):
        opening.refuse_early_renewal(replaced, date(2025, 10, 14))
    assert find_points_on(city.person, "shanghai", date(2026, 1, 1)) is not None
