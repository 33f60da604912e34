"""What people are told is true when they read it: days, reasons, totals, and whether it still
holds."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections, post_decision, registers, submission
from jifen.office.casework.models import Application, Event, PointsPeriod
from jifen.office.casework.renewal import creation
from jifen.office.messages import delivery, plan
from jifen.office.messages.channels import OutgoingMessage, SendResult
from jifen.office.messages.delivery import deliver_due_messages
from jifen.office.messages.models import Attempt, Message, OptOut
from jifen.office.messages.templates import render_text
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.models import Permit, Person
from jifen.permits import PermitState
from jifen.permits.card import find_permit_status
from tests.world.messages import PHONE, at, sent, with_phone
from tests.world.office import GOOD, person, staff
from tests.world.permits import END, permit
from tests.world.year import ENDORSED, FILED, INSURANCE, RENEWED, City, renewal, set_day

pytestmark = pytest.mark.django_db
OTHER = permits.RegisteredHome("pudong", "other")
EARLIER = END - timedelta(days=7)


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """In June 2025; its person has a phone."""
    del db
    set_day(monkeypatch, FILED)
    made = City()
    Person.objects.filter(pk=made.person.pk).update(phone=PHONE)
    made.person.refresh_from_db()
    return made


def test_the_days_that_are_left_are_those_of_the_day_of_sending() -> None:
    with_phone(permit(1, OTHER))
    plan.plan_reminders(at(EARLIER, 22))
    deliver_due_messages(at(EARLIER, 22))
    deliver_due_messages(at(EARLIER + timedelta(days=1), 19))
    assert "还有 6 天" in sent()[0]
    row = Message.objects.get()
    assert sent()[0].endswith(render_text(row.kind, row.edition, "zh", row.params))
    assert Attempt.objects.get().said == row.params


def test_on_the_last_day_itself_no_day_is_left(city: City) -> None:
    case = city.submitted()
    asked = corrections.RequestedItem("fact", "education", "register_differs", "请核对")
    corrections.ask_correction(access_case(city.clerk, case.key), [asked], "")
    last = case.corrections.get().due_on
    plan.plan_reminders(at(last - timedelta(days=1), 21))
    deliver_due_messages(at(last, 9))
    assert "今天是最后一天" in sent()[-1]
    assert "还有" not in sent()[-1]


def test_of_two_tries_on_two_days_both_texts_can_be_built_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts: list[str] = []

    class Slow:
        """Never answers."""

        knows_again = True

        def send(self, outgoing: OutgoingMessage) -> SendResult:
            """Perhaps."""
            texts.append(outgoing.text)
            return SendResult("unsure")

    monkeypatch.setattr(delivery, "get_channel", lambda _: Slow())
    with_phone(permit(1, OTHER))
    plan.plan_reminders(at(EARLIER, 9))
    deliver_due_messages(at(EARLIER, 20))
    deliver_due_messages(at(EARLIER + timedelta(days=1), 20))
    row = Message.objects.get()
    built = [render_text(row.kind, row.edition, "zh", one.said) for one in row.tries.all()]
    assert [text.partition("】")[2] for text in texts] == built
    assert len(set(built)) == 2


def test_who_told_of_a_move_is_not_told_that_nothing_is_needed(city: City) -> None:
    month = END - timedelta(days=30)
    plan.plan_reminders(at(month, 0))
    permits.report_address_change(city.person_user, Permit.objects.get(), month)
    deliver_due_messages(at(month, 19))
    assert len(sent()) == 1
    assert "无需办理" not in sent()[0]
    assert "居住地址有变动" in sent()[0]


def _in_chengdu() -> Permit:
    """A permit of a city that knows no days of grace."""
    holder = person(1, phone=PHONE)
    return permits.issue_permit(
        None,
        holder,
        "chengdu",
        permits.RegisteredHome("jinjiang", "other"),
        registered_on=date(2024, 1, 1),
        ground="stable_job",
        on=date(2024, 10, 20),
    )


def test_over_is_not_told_once_it_was_endorsed() -> None:
    made, late = _in_chengdu(), END + timedelta(days=1)
    plan.plan_reminders(at(late, 1))
    clerk = staff("chengdu", "clerk", "chengdu", district="jinjiang")
    permits.endorse_permit(clerk, made, late, anew=True)
    deliver_due_messages(at(late, 9))
    assert sent() == []
    assert Message.objects.get(kind="permit_over", channel="sms").why == "no_longer_so"


def test_a_day_late_in_a_city_without_grace_the_permit_has_lapsed_and_so_it_is_told() -> None:
    made, late = _in_chengdu(), END + timedelta(days=1)
    now = find_permit_status(permits.rules_for("chengdu", late), made.card, late)
    assert (now.state, now.counted_months) == (PermitState.LAPSED, 0)
    plan.plan_reminders(at(late, 9))
    deliver_due_messages(at(late, 20))
    assert "已失效" in sent()[0]
    assert "重新计算" in sent()[0]
    assert "暂停" not in sent()[0]


@pytest.mark.parametrize(
    ("reading", "said", "other"),
    [
        ("years_anew", "居住年限自补办之日起重新计算", "申领"),
        ("new_card", "逾期须重新申领居住证", "重新计算"),
        ("register_again", "逾期超过 90 日的，须重新办理居住登记", "逾期须"),
    ],
)
def test_what_follows_late_is_told_by_the_reading_of_the_installation(
    settings: Any, reading: str, said: str, other: str
) -> None:
    settings.JIFEN_PERMIT_READINGS = {"shanghai": reading}
    with_phone(permit(1, OTHER))
    plan.plan_reminders(at(END + timedelta(days=1), 9))
    deliver_due_messages(at(END + timedelta(days=1), 20))
    assert said in sent()[0]
    assert other not in sent()[0]


def test_a_refusal_found_late_has_its_reason_and_a_last_day() -> None:
    with_phone(permit(1, permits.RegisteredHome("pudong", "registered_rental", date(2025, 10, 1))))
    late = END + timedelta(days=5)
    automatic_endorsement.endorse_due_permits(late)
    plan.plan_for_permit_events(at(late))
    deliver_due_messages(at(late))
    assert "租赁备案到 2025-10-01" in sent()[0]
    assert "请在 2025-12-19 前（含当日）补办签注" in sent()[0]
    assert "系统未能按时" not in sent()[0]


def test_after_the_days_of_grace_the_delay_is_the_systems_and_is_said() -> None:
    with_phone(permit())
    late = END + timedelta(days=61)
    automatic_endorsement.endorse_due_permits(late)
    plan.plan_for_permit_events(at(late))
    deliver_due_messages(at(late))
    assert "系统未能按时自动签注" in sent()[0]


@pytest.mark.parametrize(
    ("months", "told"), [(48, "积分 166 分，与上期相同"), (0, "积分由 166 分变为 141 分")]
)
def test_a_renewal_tells_the_total_and_what_it_was(city: City, months: int, told: str) -> None:
    city.first()
    city.say("insurance", INSURANCE | {"base_08x_months_last_48": months})
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    assert renewal().state == "decided"
    plan.plan_for_case_events(at(RENEWED))
    deliver_due_messages(at(RENEWED))
    assert told in sent()[-1]
    assert "没有变化" not in sent()[-1]


def test_missed_is_not_told_once_it_was_restored(city: City) -> None:
    late = END + timedelta(days=61)
    automatic_endorsement.endorse_due_permits(late)
    plan.plan_for_permit_events(at(late, 22))
    permits.restore_permit(city.clerk, Permit.objects.get(), late, "illness")
    deliver_due_messages(at(late + timedelta(days=1), 19))
    assert sent() == []


def _filed(city: City, monkeypatch: pytest.MonkeyPatch, on: date) -> Application:
    """A renewal that the employer filed and a clerk looks at."""
    automatic_endorsement.endorse_due_permits(ENDORSED)
    set_day(monkeypatch, on)
    begun = creation.begin_renewal(city.operator, PointsPeriod.objects.get(), unit=city.unit, on=on)
    submission.submit_case(city.with_documents(begun), "again", on=on)
    return renewal()


def test_filed_and_withdrawn_by_the_employer_the_person_is_told_and_reminded_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first(public_service_months=61, itself=False)
    plan.plan_reminders(at(EARLIER, 0))
    case = _filed(city, monkeypatch, EARLIER)
    deliver_due_messages(at(EARLIER, 19))
    assert not any("积分将在" in text for text in sent())
    post_decision.withdraw_case(access_case(city.operator, case.key), "not yet")
    following = EARLIER + timedelta(days=1)
    plan.plan_for_case_events(at(following, 8))
    for hour in (8, 19):
        plan.plan_reminders(at(following, hour))
        deliver_due_messages(at(following, hour))
    assert any(f"（{case.number}）已由申报单位撤回" in text for text in sent())
    reminded = [text for text in sent() if "积分将在" in text]
    assert len(reminded) == 1
    assert "还有 6 天" in reminded[0]


def test_who_withdraws_needs_no_telling_and_a_draft_is_nobodys_loss(city: City) -> None:
    post_decision.withdraw_case(city.draft(GOOD), "not filed")
    case = city.submitted()
    Person.objects.filter(pk=city.person.pk).update(user=city.operator)  # files for the own firm
    post_decision.withdraw_case(access_case(city.operator, case.key), "mine")
    plan.plan_for_case_events(at(END))
    assert Event.objects.filter(act="withdrawn").count() == 2
    assert not Message.objects.filter(kind="withdrawn").exists()


def test_what_was_dropped_for_another_reason_stays_dropped() -> None:
    made = with_phone(permit(1, OTHER))
    OptOut.objects.create(person_id=made.person_id, group="service", channel="sms")
    for days in range(3):
        plan.plan_reminders(at(EARLIER + timedelta(days=days), 9))
        deliver_due_messages(at(EARLIER + timedelta(days=days), 20))
    assert list(Message.objects.values_list("state", "why")) == [("dropped", "opted_out")]


def test_after_a_recheck_too_nobody_is_reminded_whose_renewal_is_filed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.first(public_service_months=61)
    automatic_endorsement.endorse_due_permits(ENDORSED)
    creation.renew_due_points(RENEWED)
    registers.ask_due_registers()
    assert renewal().state == "review"
    post_decision.ask_recheck(
        access_case(city.person_user, first.key), [{"line": "x", "words": "y"}]
    )
    corrected = {"public_service_months": 80}
    post_decision.decide_recheck(access_case(city.senior2, first.key), "changed", corrected)
    set_day(monkeypatch, EARLIER)
    plan.plan_reminders(at(EARLIER, 9))
    assert not Message.objects.filter(kind="points_end").exists()
