"""What a renewal takes over is judged on the day of filing, and falls with what it rests on."""

from datetime import date

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections, drafts, post_decision, registers, submission
from jifen.office.casework.actions.periods import find_points_on
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, FalseRecord, Finding, Item, PointsPeriod
from jifen.office.casework.renewal import creation, difference
from jifen.office.notices.actions import events
from jifen.office.notices.models import Notice
from jifen.office.registry.actions import automatic_endorsement
from tests.world.office import tell, user
from tests.world.office import unit as unit_of
from tests.world.year import ENDORSED, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db
LATER = date(2025, 10, 18)


def _filed_later(city: City, monkeypatch: pytest.MonkeyPatch) -> Item:
    """A draft of the day on which it opens, filed a week later: the education of it."""
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, RENEWED)
    draft = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED
    )
    assert renewal().items.get(fact="education").why == ""
    set_day(monkeypatch, LATER)
    _meanwhile(monkeypatch)
    submission.submit_case(draft, "x", on=LATER)
    registers.ask_due_registers()
    assert renewal().state == "review"
    return renewal().items.get(fact="education")


def _meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch


def test_a_certificate_that_expires_before_the_filing_is_looked_at(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first(itself=False)
    first.items.filter(fact="education").update(proof_until=date(2025, 10, 15))
    item = _filed_later(city, monkeypatch)
    assert (item.finding, item.why, item.carried_from) == (Finding.OPEN, "expired", None)


def test_an_edition_that_comes_before_the_filing_is_looked_at(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    changed = lambda *_: ["education"]  # noqa: E731 - in the place of a comparison of two editions
    monkeypatch.setattr(
        f"{__name__}._meanwhile",
        lambda patch: patch.setattr(difference, "list_changed_facts", changed),
    )
    assert _filed_later(city, monkeypatch).why == "rule_changed"


def test_a_document_too_old_on_the_day_of_filing_is_asked_for_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(itself=False)
    monkeypatch.setattr(
        f"{__name__}._meanwhile",
        lambda patch: patch.setattr(
            "jifen.office.casework.renewal.carry_over._is_still_valid", lambda *_: False
        ),
    )
    with pytest.raises(CaseFault, match="JF-K022"):
        _filed_later(city, monkeypatch)
    assert renewal().state == "draft"


def test_false_material_takes_the_renewals_that_rest_on_it_along(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    assert renewal().state == "decided"
    events.issue_for_case_events()
    set_day(monkeypatch, date(2025, 11, 3))
    tell(
        post_decision.report_false_material(access_case(city.clerk, first.key), "education", "伪造")
    )
    record, day = FalseRecord.objects.get(), date(2026, 1, 5)
    set_day(monkeypatch, day)
    senior = access_case(city.senior, first.key)
    post_decision.decide_false_material(senior, record, stands=True, words="伪造", on=day)
    assert renewal().state == "revoked"
    assert find_points_on(city.person, "shanghai", day) is None
    events.issue_for_case_events()
    papers = Notice.objects.filter(application=renewal(), kind="revocation")
    assert papers.count() == 1


def test_false_material_that_was_proved_anew_leaves_the_renewal(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first(public_service_months=61)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    set_day(monkeypatch, date(2025, 10, 14))
    record = post_decision.report_false_material(
        access_case(city.clerk, first.key), "public_service_months", "不实"
    )
    tell(record)
    day = date(2026, 1, 5)
    set_day(monkeypatch, day)
    post_decision.decide_false_material(
        access_case(city.senior, first.key), record, stands=True, words="不实", on=day
    )
    assert renewal().items.get(fact="public_service_months").why == "yearly"
    assert renewal().state == "review"


def test_a_renewal_that_lapsed_is_not_taken_up_beside_another(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(public_service_months=61)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    lapsed = renewal()
    reason = next(r.id for r in process_of(lapsed).reasons if "correct" in r.use)
    asked = [corrections.RequestedItem("fact", "public_service_months", reason)]
    corrections.ask_correction(access_case(city.clerk, lapsed.key), asked, "看不清")
    corrections.lapse_overdue_cases(date(2025, 12, 1))
    day = date(2025, 12, 2)
    set_day(monkeypatch, day)
    creation.begin_renewal(city.operator, PointsPeriod.objects.get(), unit=city.unit, on=day)
    with pytest.raises(CaseFault, match="JF-K045"):
        corrections.reverse_lapse(access_case(city.supervisor, lapsed.key), "有正当理由")


def test_a_draft_of_somebody_else_in_the_way_is_told_once(city: City) -> None:
    first = city.first()
    stranger = unit_of(5, user("op5"))
    by = stranger.memberships.get().user
    drafts.open_draft(by, "shanghai", city.person, unit=stranger, district="pudong")
    automatic_endorsement.endorse_due_permits(ENDORSED)
    assert [creation.renew_due_points(RENEWED) for _ in range(3)] == [0, 0, 0]
    told = first.events.get(act="renewal_waits")
    assert "未办结的申请" in told.words["zh"]
    post_decision.withdraw_case(access_case(by, Application.objects.get(unit=stranger).key))
    assert creation.renew_due_points(RENEWED) == 1
