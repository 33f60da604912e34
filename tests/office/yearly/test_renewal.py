"""Renewal of points: only what changed is looked at again, and nothing at all where nothing did."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.audit.verification import verify_log
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions, drafts, materials, registers, review
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.periods import find_points_on
from jifen.office.casework.case_policy import policy_on
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.event_calendar import list_person_entries
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Finding, PointsPeriod
from jifen.office.casework.renewal import creation, straight_through
from jifen.office.casework.renewal.difference import list_changed_facts
from jifen.office.casework.renewal.forecast import forecast_renewal
from jifen.office.casework.renewal.official_facts import make_case_of_period
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.models import Permit
from jifen.planning.planner import plan
from tests.world.office import finding, typed, unit
from tests.world.year import END, ENDORSED, FILED, INSURANCE, POLICE, RENEWED, City, renewal

pytestmark = pytest.mark.django_db


def test_the_first_period_ends_with_the_permit(city: City) -> None:
    case = city.first()
    period = PointsPeriod.objects.get()
    assert (period.since, period.until) == (FILED, END)
    assert period.decision.application == case
    assert find_points_on(city.person, "shanghai", END) == period
    assert find_points_on(city.person, "shanghai", END + timedelta(days=1)) is None


def test_nothing_changed_it_is_renewed_straight_through(city: City) -> None:
    city.first()
    city.say("insurance", INSURANCE | {"insured_months": 88})
    assert creation.renew_due_points(date(2025, 9, 29)) == 0
    automatic_endorsement.endorse_due_permits(ENDORSED)
    assert creation.renew_due_points(date(2025, 10, 10)) == 0  # data need three working days
    assert creation.renew_due_points(RENEWED) == 1
    assert creation.renew_due_points(RENEWED) == 0
    registers.ask_due_registers()
    case = renewal()
    assert case.state == "decided"
    decision = case.decisions.get()
    assert (decision.automatic, decision.proposed_by, decision.signed_by) == (True, None, None)
    assert decisions.replay_decision(decision).same
    periods = PointsPeriod.objects.order_by("id")
    assert [(p.since, p.until, p.renewed) for p in periods] == [
        (FILED, END, True),
        (END + timedelta(days=1), date(2026, 10, 20), False),
    ]
    assert not case.reviews.filter(by__isnull=False).exists()
    assert case.items.get(fact="education").carried_from is not None
    assert case.items.get(fact="insured_months").source == "register:insurance"
    assert case.items.get(fact="insured_months").found == [88]
    assert list(check_cases()) == []
    assert verify_log()[1] == []


def test_a_renewal_by_itself_needs_the_wish_of_employer_or_person(city: City) -> None:
    case = city.first(itself=False)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    assert creation.renew_due_points(RENEWED) == 0
    drafts.choose_renewal(access_case(city.person_user, case.key), automatically=True)
    assert creation.renew_due_points(RENEWED) == 1


def test_a_new_deduction_is_for_the_police_and_the_reason_is_said(city: City) -> None:
    city.first()
    city.say("police", POLICE | {"detention_dates": ["2025-08-01"]})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    case = renewal()
    item = case.items.get(fact="detention_dates")
    assert (case.state, item.why, item.finding) == ("review", "new_deduction", Finding.OPEN)
    assert list_open_facts(case, "office") == []
    assert list_open_facts(case, "police") == ["detention_dates"]
    found = review.FactFinding(
        "detention_dates", "corrected", [["2025-08-01"]], "not_matching", "属实"
    )
    review.record_finding(access_case(city.police, case.key, "find"), found)
    assert renewal().state == "deciding"  # a clerk proposes, and another person signs
    assert straight_through.decide_due_renewals() == 1
    assert renewal().state == "deciding"
    assert renewal().events.filter(act="renewal_to_clerk").exists()


def test_what_no_register_tells_is_looked_at_and_only_that(city: City) -> None:
    city.first(public_service_months=61)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    case = renewal()
    assert case.state == "review"
    assert list_open_facts(case, "office") == ["public_service_months"]
    assert list_open_facts(case, "police") == []
    case_ = access_case(city.clerk, case.key, "find")
    review.record_finding(case_, finding("public_service_months", {}))
    decisions.propose_decision(access_case(city.clerk, case.key))
    decisions.countersign_decision(access_case(city.senior, case.key))
    assert PointsPeriod.objects.count() == 2


def test_a_register_that_says_something_else_opens_what_was_carried(city: City) -> None:
    city.first()
    city.say("education", {"education": "college"})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    item = renewal().items.get(fact="education")
    assert (item.finding, item.why, item.carried_from) == (Finding.OPEN, "register_differs", None)
    assert item.conflict[0]["value"] == "college"
    assert renewal().state == "review"


def test_an_expired_document_a_changed_employer_an_edit(city: City) -> None:
    case = city.first(shortage_major=True)
    case.items.filter(fact="title").update(proof_until=date(2025, 9, 1))
    other = unit(5, city.operator)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    draft = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=other, on=RENEWED
    )
    why = dict(renewal().items.values_list("fact", "why"))
    assert why["title"] == "expired"
    assert why["shortage_major"] == "employer_changed"
    assert why["education"] == ""
    assert renewal().consent_at is None  # another employer asks again
    drafts.save_draft(draft, typed({"education": "master"}), seen=0)
    item = renewal().items.get(fact="education")
    assert (item.finding, item.why, item.carried_from) == (Finding.OPEN, "changed", None)


def test_documents_are_not_asked_for_twice(city: City) -> None:
    city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.begin_renewal(city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED)
    assert materials.list_missing_materials(renewal()) == []


def test_a_rule_that_changed_is_found() -> None:
    """The outer-suburb item of Shanghai was changed for Lin-gang on 2024-08-21."""
    before = policy_on("shanghai", date(2024, 6, 1)).rules_on(date(2024, 6, 1))
    after = policy_on("shanghai", FILED).rules_on(FILED)
    changed = set(list_changed_facts(before, after))
    assert "outer_suburb_months" in changed
    assert not changed & {"education", "insured_months", "birth_date"}


def test_the_endorsement_comes_first(city: City) -> None:
    city.first()
    period = PointsPeriod.objects.get()
    with pytest.raises(CaseFault) as fault:
        creation.begin_renewal(city.operator, period, unit=city.unit, on=RENEWED)
    assert "签注" in fault.value.words.zh
    automatic_endorsement.endorse_due_permits(ENDORSED)
    period = PointsPeriod.objects.get()
    with pytest.raises(CaseFault) as fault:
        creation.begin_renewal(city.operator, period, unit=city.unit, on=date(2025, 10, 10))
    assert "2025-10-11" in fault.value.words.zh
    creation.begin_renewal(city.operator, period, unit=city.unit, on=RENEWED)
    with pytest.raises(CaseFault) as fault:
        creation.begin_renewal(city.operator, period, unit=city.unit, on=RENEWED)
    assert fault.value.code == "JF-K092"


def test_what_is_lacking_leaves_a_draft_and_says_so(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    monkeypatch.setattr(
        "jifen.office.casework.actions.submission.list_missing_materials",
        lambda _: materials_missing(),
    )
    assert creation.renew_due_points(RENEWED) == 1
    case = renewal()
    assert case.state == "draft"
    assert case.events.get(act="renewal_waits").words["details"] == {"code": "JF-K022"}
    assert creation.renew_due_points(RENEWED) == 0


def materials_missing() -> list[Any]:
    """The diploma is lacking."""
    from jifen.process import RequiredMaterial, find_process

    material = find_process("shanghai", FILED).find_material("diploma")
    assert material is not None
    return [RequiredMaterial(material, ())]


def test_an_answer_that_came_while_the_worker_was_stopped_is_taken_up(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    monkeypatch.setattr(registers, "decide_straight_through", lambda _: 0)
    registers.ask_due_registers()
    assert renewal().state == "deciding"
    assert straight_through.decide_due_renewals() == 1
    assert renewal().state == "decided"
    assert straight_through.decide_due_renewals() == 0


def test_points_lapse_with_the_permit_and_begin_anew(city: City) -> None:
    city.first()
    Permit.objects.update(dwelling="other")
    automatic_endorsement.endorse_due_permits(ENDORSED)
    late = END + timedelta(days=61)
    permits.endorse_permit(city.clerk, city.permit, late, anew=True)
    assert (
        creation.renew_due_points(late + timedelta(days=7)) == 0
    )  # more than 60 days: a new application
    assert find_points_on(city.person, "shanghai", late) is None


def test_what_it_will_give_is_told_before(city: City) -> None:
    spells = [{"from": "2019-01", "to": "2025-08", "base": 12_000, "status": "paid"}]
    city.first()
    city.say("insurance", {"contributions": spells, "employed_and_insured": True})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    found = forecast_renewal(PointsPeriod.objects.get(), date(2025, 10, 1))
    assert found is not None
    assert found.on == RENEWED
    assert found.reached is True
    assert found.goes_on
    falls = [change for change in found.later if change.is_loss]
    assert all(change.on > found.on for change in falls)
    years = {c.line: (c.before, c.after) for c in found.later if not c.is_loss}
    assert "insurance_years" in years


def test_the_facts_behind_a_fall_are_told(city: City) -> None:
    """Raised contributions end: month by month fewer of the last 48 are at 0.8 times the wage."""
    spells = [
        {"from": "2019-01", "to": "2025-01", "base": 12_000, "status": "paid"},
        {"from": "2025-02", "to": "2025-08", "base": 8_000, "status": "paid"},
    ]
    city.first()
    city.say("insurance", {"contributions": spells, "employed_and_insured": True})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    found = forecast_renewal(PointsPeriod.objects.get(), date(2025, 10, 1))
    assert found is not None
    fall = next(change for change in found.later if change.is_loss)
    assert (fall.on, fall.line) == (date(2026, 3, 1), "contribution_base")
    assert (int(fall.before), int(fall.after)) == (25, 0)
    counts = {fact.label.en: (fact.before, fact.after) for fact in fall.facts}
    assert counts["Months at 0.8× the average wage in the last 48"] == ((36, 36), (35, 35))
    words = [day.words for day in list_person_entries(city.person, date(2025, 10, 1))]
    assert any("25 分降为 0 分" in said.zh and "36→35" in said.zh for said in words)
    [english] = [said.en for said in words if "from 25 to 0 points" in said.en]
    assert english.startswith(f"{fall.label.en}: from 25 to 0 points (")
    assert "Months at 0.8× the average wage in the last 48 36→35" in english


def test_the_years_ahead_are_told_right_after_an_early_endorsement(city: City) -> None:
    city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    case = make_case_of_period(PointsPeriod.objects.get(), ENDORSED, years=2)
    assert case.given["permit"]["endorsements"] == [ENDORSED]
    answer = plan(case)
    assert answer.risks is not None
    assert answer.risks.without_endorsement.lost_on == Permit.objects.get().valid_until + timedelta(
        days=1
    )


def test_the_years_ahead_know_the_permit_on_record(city: City) -> None:
    city.first()
    Permit.objects.update(anchor=date(2019, 10, 20), issued_on=date(2019, 10, 20), years=6)
    case = make_case_of_period(PointsPeriod.objects.get(), date(2025, 10, 1), years=2)
    assert case.given["permit"]["endorsements"][-1] == date(2024, 10, 20)
    assert case.get_initial_state(case.rules).permit_valid is True
    answer = plan(case)
    assert answer.risks is not None
    assert answer.risks.permit_known
    assert answer.risks.without_endorsement.lost_on == date(2025, 10, 21)  # the day after it ends
