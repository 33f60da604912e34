"""What must not go straight through, must not be lost, and must not stand in the way of others."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from jifen.office.casework import retention
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import decisions, post_decision, registers, review, submission
from jifen.office.casework.actions.batch_import import BatchResult, import_row
from jifen.office.casework.actions.periods import find_points_on
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Finding, PointsPeriod, RegisterCheck
from jifen.office.casework.renewal import creation, opening, straight_through
from jifen.office.casework.renewal.forecast import forecast_renewal
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.notices.actions import events
from jifen.office.notices.lookup import describe_notice_status
from jifen.office.notices.models import Notice
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.registry.models import Permit, Person
from jifen.office.registry.registers import EmbeddedTables, RegisterDown
from jifen.office.sheets.batch_reader import BatchRow
from jifen.permits import list_month_statuses
from tests.world.office import GOOD
from tests.world.office import person as somebody
from tests.world.year import END, ENDORSED, FILED, INSURANCE, RENEWED, City, at, renewal, set_day

pytestmark = pytest.mark.django_db
BELOW: dict[str, Any] = {
    "base_08x_months_last_48": 0,
    "base_1x_months_last_12": 0,
    "education": "college",
}


class _Flaky(EmbeddedTables):
    """Registers of which some are away."""

    down: ClassVar[set[str]] = set()

    def ask(self, name: str, city: str, person: Person) -> Any:
        """As the tables, or not at all."""
        if name in _Flaky.down:
            raise RegisterDown
        return super().ask(name, city, person)


def _begun_without(monkeypatch: pytest.MonkeyPatch, *names: str) -> Callable[[], None]:
    """A renewal for which some registers have not answered; what is given lets them."""
    _Flaky.down = set(names)
    monkeypatch.setattr(registers, "find_register", lambda _: _Flaky())
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()

    def answer() -> None:
        _Flaky.down = set()
        RegisterCheck.objects.update(due_at=timezone.now(), lease_until=None)
        registers.ask_due_registers()

    return answer


def test_a_register_that_answers_late_is_heard(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.first()
    city.say("education", {"education": "college"})
    answer = _begun_without(monkeypatch, "education")
    assert renewal().state == "deciding"
    answer()
    item = renewal().items.get(fact="education")
    assert (item.finding, item.why) == (Finding.OPEN, "register_differs")
    assert renewal().state == "review"
    assert not renewal().decisions.exists()


def test_what_a_clerk_found_is_signed_by_another(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    answer = _begun_without(monkeypatch, "police")
    found = review.FactFinding("education", "corrected", ["master"], "not_matching", "硕士证书")
    review.record_finding(access_case(city.clerk, renewal().key), found)
    answer()
    assert renewal().state == "deciding"
    assert not renewal().decisions.exists()
    assert renewal().items.get(fact="education").carried_from is None


def test_last_years_decision_must_still_stand(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.first()
    answer = _begun_without(monkeypatch, "police")
    set_day(monkeypatch, RENEWED + timedelta(days=1))
    first = Application.objects.get(kind="first")
    record = post_decision.report_false_material(
        access_case(city.clerk, first.key), "education", "学信网查无此证"
    )
    post_decision.answer_false_material(
        access_case(city.person_user, first.key), record, "是学校补发的"
    )
    post_decision.decide_false_material(
        access_case(city.senior, first.key), record, stands=True, words="不实"
    )
    answer()
    # what the renewal took over from it is looked at again, by a clerk
    assert renewal().state == "review"
    item = renewal().items.get(fact="education")
    assert (item.finding, item.why) == (Finding.OPEN, "false_before")
    assert not renewal().decisions.exists()
    assert find_points_on(city.person, "shanghai", END + timedelta(days=3)) is None


def test_nothing_goes_through_while_material_is_in_doubt(city: City) -> None:
    city.first()
    first = Application.objects.get(kind="first")
    post_decision.report_false_material(
        access_case(city.clerk, first.key), "education", "学信网查无此证"
    )
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    assert not renewal().decisions.exists()
    assert "虚假材料" in renewal().events.get(act="renewal_to_clerk").words["zh"]


def test_a_withdrawn_renewal_is_not_begun_again_and_stops_no_other(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(public_service_months=61)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    post_decision.withdraw_case(access_case(city.operator, renewal().key), "换了单位")
    assert creation.renew_due_points(RENEWED + timedelta(days=1)) == 0
    assert Application.objects.filter(kind="renewal").count() == 1
    case = creation.begin_renewal(
        city.operator, PointsPeriod.objects.get(), unit=city.unit, on=RENEWED
    )
    assert case.application.state == "draft"  # by hand it goes on

    tried = []

    def fails_once(pk: int, on: date) -> int:
        tried.append((pk, on))
        if len(tried) == 1:
            raise RuntimeError
        return 1

    monkeypatch.setattr(creation, "_list_due_points", lambda _: [1, 2])
    monkeypatch.setattr(creation, "_renew_points", fails_once)
    assert creation.renew_due_points(RENEWED) == 1
    assert [pk for pk, _ in tried] == [1, 2]


def test_after_the_days_of_grace_points_are_applied_for_anew(city: City) -> None:
    city.first()
    Permit.objects.update(dwelling="other")
    automatic_endorsement.endorse_due_permits(ENDORSED)
    late = END + timedelta(days=200)
    permits.endorse_permit(city.clerk, city.permit, late, anew=True)
    period = PointsPeriod.objects.get()
    assert opening.find_opening(period).first is None
    with pytest.raises(CaseFault, match="JF-K09"):
        creation.begin_renewal(city.operator, period, unit=city.unit, on=late + timedelta(days=10))


def test_a_value_that_cannot_be_read_is_for_a_clerk(city: City) -> None:
    city.first()
    city.say("insurance", INSURANCE | {"insured_months": 99_999})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    item = renewal().items.get(fact="insured_months")
    assert (item.finding, item.conflict[0]["value"]) == (Finding.OPEN, 99_999)
    assert renewal().state == "review"
    assert straight_through.decide_due_renewals() == 0


def test_a_recheck_of_an_automatic_renewal_takes_no_points_away_meanwhile(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    day = END + timedelta(days=20)
    set_day(monkeypatch, day)
    events.issue_for_case_events()
    paper = Notice.objects.get(kind="notice", application=renewal())
    said = [{"line": "education", "words": "已取得硕士"}]
    post_decision.ask_recheck(access_case(city.person_user, renewal().key), said)
    post_decision.decide_recheck(
        access_case(city.senior2, renewal().key), "属实", {"education": "master"}
    )
    assert find_points_on(city.person, "shanghai", day) is not None
    events.issue_for_case_events()
    assert describe_notice_status(paper, day).state == "valid"
    decisions.countersign_decision(access_case(city.senior, renewal().key))
    events.issue_for_case_events()
    assert describe_notice_status(Notice.objects.get(pk=paper.pk), day).why == "replaced"
    now = find_points_on(city.person, "shanghai", day)
    assert now is not None
    assert (int(now.decision.total), now.until) == (176, date(2026, 10, 20))


def test_a_recheck_of_last_year_leaves_this_year(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    day = END + timedelta(days=20)
    set_day(monkeypatch, day)
    first = Application.objects.get(kind="first")
    said = [{"line": "education", "words": "x"}]
    post_decision.ask_recheck(access_case(city.person_user, first.key), said)
    post_decision.decide_recheck(
        access_case(city.senior2, first.key), "大专", {"education": "college"}
    )
    now, then = (find_points_on(city.person, "shanghai", d) for d in (day, END))
    assert now is not None
    assert then is not None
    assert (now.decision.application.kind, int(now.decision.total)) == ("renewal", 166)
    assert (then.decision.application.kind, int(then.decision.total)) == ("first", 126)


def test_a_better_application_counts_at_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.first(**BELOW)
    assert PointsPeriod.objects.get().decision.outcome == "below"
    automatic_endorsement.endorse_due_permits(ENDORSED)
    day = date(2025, 10, 2)
    set_day(monkeypatch, day)
    city.decided(submission.submit_case(city.with_documents(city.draft(GOOD)), "again", on=day))
    now = find_points_on(city.person, "shanghai", day)
    assert now is not None
    assert (now.decision.outcome, now.since, now.until) == ("reached", day, date(2026, 10, 20))


def test_whoever_is_below_the_line_files_anew_by_workbook(city: City) -> None:
    city.first(**BELOW)
    row = BatchRow(2, city.person.name, city.person.identity, "", GOOD)
    taken = BatchResult()
    import_row(city.operator, city.unit, None, row, lambda v: {"text": str(v)}, taken, FILED)
    assert (taken.created, taken.refused) == (1, {})
    assert Application.objects.get(state="draft").kind == "first"


def test_a_cancelled_permit_is_told_and_reminded_of_no_more(city: City) -> None:
    city.first()
    Person.objects.filter(pk=city.person.pk).update(phone="13900000000")
    permits.cancel_permit(city.clerk, city.permit, date(2025, 8, 1), "died")
    plan.plan_for_permit_events(at(date(2025, 8, 1)))
    plan.plan_reminders(at(END - timedelta(days=60)))
    assert set(Message.objects.values_list("kind", flat=True)) == {"permit_cancelled"}
    history = list_month_statuses(
        permits.rules_for("shanghai", FILED),
        permits.list_history(Permit.objects.get()),
        date(2025, 9, 2),
    )
    assert [str(m.state) for m in history[-3:]] == ["valid", "cancelled", "cancelled"]


def test_whoever_is_late_is_not_endorsed_by_the_system(city: City) -> None:
    city.first()
    Permit.objects.update(dwelling="other")
    automatic_endorsement.endorse_due_permits(ENDORSED)
    day = END + timedelta(days=40)
    permits.update_address(
        city.clerk, city.permit, permits.RegisteredHome("pudong", "own_home"), day
    )
    assert automatic_endorsement.endorse_due_permits(day) == 0
    permits.endorse_permit(
        city.person_user, city.permit, day
    )  # in the days of grace, by themselves
    event = city.permit.events.last()
    assert event is not None
    assert (event.kind, event.on) == ("endorsed", day)


def test_years_begin_anew_only_where_somebody_says_so(city: City) -> None:
    late = END + timedelta(days=61)
    Permit.objects.update(look_on=None)
    for who, anew in ((city.person_user, False), (city.person_user, True), (city.clerk, False)):
        with pytest.raises(RegistryFault, match="JF-G047"):
            permits.endorse_permit(who, city.permit, late, anew=anew)
    restored = permits.restore_permit(city.clerk, city.permit, late, "illness")
    assert restored.anchor == date(2024, 10, 20)


def test_nobody_issues_a_permit_to_themselves(city: City) -> None:
    me = somebody(77, name="经办人", user=city.clerk)
    home = permits.RegisteredHome("pudong", "own_home")
    with pytest.raises(NoSuchUnit):
        permits.issue_permit(
            city.clerk,
            me,
            "shanghai",
            home,
            registered_on=date(2020, 1, 1),
            ground="stable_job",
            on=FILED,
        )


@pytest.mark.parametrize("insured", [False, True])
def test_contributions_that_ended_are_not_taken_to_have_gone_on(city: City, insured: bool) -> None:
    """Of somebody who is insured today nobody knows what was paid since; they pay from now on."""
    spells = [{"from": "2019-01", "to": "2023-12", "base": 12_000, "status": "paid"}]
    city.first()
    city.say("insurance", {"contributions": spells, "employed_and_insured": insured})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    found = forecast_renewal(PointsPeriod.objects.get(), date(2025, 10, 1))
    assert found is not None
    assert found.goes_on == insured
    assert found.reached is not True
    assert "base_level" not in {c.line for c in found.changes if not c.is_loss}


def test_a_case_past_its_years_takes_its_messages_along(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    plan.plan_for_case_events(at(FILED))
    assert Message.objects.filter(application__isnull=False).exists()
    set_day(monkeypatch, date(2060, 1, 1))
    for found in list(retention.list_expired_cases()):
        retention.remove_case(found)
    assert not Application.objects.exists()
    assert not Message.objects.filter(application__isnull=False).exists()
