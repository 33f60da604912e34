"""A hearing is the person's: told by every channel there is, by a letter where there is no account;
the days run from the telling, and nobody else answers."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import hearings, post_decision
from jifen.office.casework.actions.post_decision import report_false_material
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.faults import NotAllowed
from jifen.office.casework.models import Application, Event, FalseRecord
from jifen.office.casework.waiting_rows import list_case_waits
from jifen.office.messages import plan
from jifen.office.messages.models import Message
from jifen.office.messages.templates import render_text
from jifen.office.registry.models import Person
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.process.calendar import working_calendar
from tests.world.faults import refused
from tests.world.office import Office, tell, today, user
from tests.world.year import set_day

pytestmark = pytest.mark.django_db
FOUND = "学位证书编号查无记录"
DAY = date(2025, 6, 3)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return Office()


@pytest.fixture
def decided(office: Office) -> Application:
    return office.decided(office.submitted())


def _report(office: Office, decided: Application) -> FalseRecord:
    return report_false_material(access_case(office.clerk, decided.key), "education", FOUND)


def _without_account(office: Office) -> None:
    Person.objects.filter(pk=office.person.pk).update(user=None)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _open_kinds(application: Application) -> list[str]:
    rows = Waiting.objects.filter(application=application, ended_at=None)
    return sorted(rows.exclude(kind="renewal").values_list("kind", flat=True))


def test_the_days_run_from_the_message_in_the_inbox(
    office: Office, decided: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, DAY)
    record = _report(office, decided)
    assert (record.told_by, record.told_on, record.hearing_until) == ("account", None, None)
    assert _open_kinds(decided) == ["answer"], "nobody can decide yet"
    assert plan.record_tellings(_noon(DAY)) == 0, "no message, no telling"
    sent_on = DAY + timedelta(days=1)  # the worker stood still for a day
    plan.plan_for_case_events(_noon(sent_on))
    assert plan.record_tellings(_noon(sent_on)) == 1
    record.refresh_from_db()
    assert (record.told_on, record.hearing_until) == (sent_on, date(2025, 6, 18))
    assert _open_kinds(decided) == ["answer", "finding"]
    message = Message.objects.get(kind="false_found", channel="inbox")
    words = render_text(message.kind, message.edition, "zh", message.params)
    assert "请在 2025-06-18 前登录陈述意见" in words
    assert plan.record_tellings(_noon(sent_on)) == 0
    assert list(check_cases()) == []


def test_each_of_two_findings_has_its_own_telling(office: Office, decided: Application) -> None:
    first = _report(office, decided)
    plan.plan_for_case_events()
    plan.record_tellings(timezone.now())
    second = report_false_material(access_case(office.clerk, decided.key), "title", FOUND)
    assert plan.record_tellings(timezone.now()) == 0, "the message was about the other one"
    plan.plan_for_case_events()
    assert plan.record_tellings(timezone.now()) == 1
    for record in (first, second):
        record.refresh_from_db()
        assert record.told_on == today()


def test_somebody_without_an_account_is_told_by_a_letter(
    office: Office, decided: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_account(office)
    set_day(monkeypatch, DAY)
    record = _report(office, decided)
    assert record.told_by == "letter"
    assert _open_kinds(decided) == ["delivery"]
    plan.plan_for_case_events(_noon(DAY))
    plan.record_tellings(_noon(DAY))
    message = Message.objects.get(kind="false_found")
    assert "从送达之日起算" in render_text(message.kind, message.edition, "zh", message.params)
    FalseRecord.objects.update(found_at=_noon(DAY))
    delivered_on = DAY + timedelta(days=2)
    set_day(monkeypatch, DAY + timedelta(days=6))
    clerk = access_case(office.clerk, decided.key)
    record.refresh_from_db()
    hearings.deliver_finding(clerk, record, delivered_on, "当面签收")
    record.refresh_from_db()
    assert (record.told_on, record.delivered_by) == (delivered_on, office.clerk)
    expected = working_calendar().add_working_days(delivered_on, 10)
    assert record.hearing_until == expected
    assert _open_kinds(decided) == ["answer", "finding"]
    hearings.take_down_answer(access_case(office.clerk, decided.key), record, "证书是真的")
    record.refresh_from_db()
    assert (record.answer, record.taken_down_by) == ("证书是真的", office.clerk)
    assert _open_kinds(decided) == ["finding"]
    acts = Event.objects.filter(application=decided).order_by("-id")[:3]
    assert [row.act for row in acts] == ["answer_taken_down", "finding_delivered", "false_found"]
    assert list(check_cases()) == []


def test_an_account_that_is_gone_before_the_message_leaves_a_letter_to_deliver(
    office: Office, decided: Application
) -> None:
    record = _report(office, decided)
    _without_account(office)
    assert plan.record_tellings(timezone.now()) == 1
    record.refresh_from_db()
    assert record.told_by == "letter"
    assert _open_kinds(decided) == ["delivery"]


def test_the_day_and_the_way_of_a_delivery_are_checked(
    office: Office, decided: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_account(office)
    set_day(monkeypatch, DAY)
    record = _report(office, decided)
    FalseRecord.objects.update(found_at=_noon(DAY))
    record.refresh_from_db()
    clerk = access_case(office.clerk, decided.key)
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with refused(
            "JF-K048",
            f"送达日 {day} 应在发现之日（{DAY}）到今天之间。请核对送达回证。",
            f"The letter was delivered on {day}: a day from that of the finding ({DAY}) to today "
            "is expected. Check the receipt.",
            "delivered_on",
        ):
            hearings.deliver_finding(clerk, record, day, "当面签收")
    with refused(
        "JF-K049",
        "请写明送达方式，如当面签收、邮寄及单号。",
        "Say how it was delivered: by hand and signed for, or by post with its number.",
        "words",
    ):
        hearings.deliver_finding(clerk, record, DAY, " ")
    with refused(
        "JF-K055",
        "本人还没有被告知，不能登记陈述。请先登记书面告知的送达日。",
        "The person was not told yet: record the delivery of the letter first.",
    ):
        hearings.take_down_answer(clerk, record, "没有意见")
    hearings.deliver_finding(clerk, record, DAY, "当面签收")
    with refused(
        "JF-K047",
        "本人已被告知，或者此事项已经决定。请刷新页面查看。",
        "The person was told already, or this was decided. Reload to see it.",
    ):
        hearings.deliver_finding(clerk, record, DAY, "再送一次")


def test_an_answer_has_words_and_is_not_written_over(office: Office, decided: Application) -> None:
    record = tell(_report(office, decided))
    mine = access_case(office.person_user, decided.key)
    with refused(
        "JF-K069",
        "请写下陈述的内容；没有意见也请写明\u201c没有意见\u201d。",
        "Write the answer down; where there is nothing to say, say so.",
    ):
        post_decision.answer_false_material(mine, record, "  ")
    assert _open_kinds(decided) == ["answer", "finding"], "an empty answer ends no hearing"
    post_decision.answer_false_material(mine, record, "是真的")
    with refused(
        "JF-K066",
        "没有待陈述的事项：已经陈述，或者已经决定。请刷新页面查看。",
        "Nothing waits for an answer: it was given, or this was decided already. Reload to see it.",
    ):
        hearings.take_down_answer(access_case(office.clerk, decided.key), record, "认可")
    record.refresh_from_db()
    assert record.answer == "是真的"


def test_nobody_answers_for_the_person(office: Office, decided: Application) -> None:
    record = tell(_report(office, decided))
    for somebody in (office.operator, office.admin):
        with pytest.raises(NotAllowed):
            post_decision.answer_false_material(
                access_case(somebody, decided.key), record, "我们代为陈述"
            )
    record.refresh_from_db()
    assert (record.answer, record.answered_at) == ("", None)


def test_the_employer_reads_neither_the_finding_nor_a_form(
    office: Office, decided: Application
) -> None:
    tell(_report(office, decided))
    page = f"/cases/{decided.key}"
    for somebody, sees in ((office.person_user, True), (office.operator, False)):
        client = Client()
        client.force_login(somebody)
        body = client.get(page).content.decode()
        assert (FOUND in body) == sees
        assert (f"{page}/answer/" in body) == sees


def test_the_clerk_prints_the_letter_and_records_its_delivery(
    office: Office, decided: Application
) -> None:
    _without_account(office)
    record = _report(office, decided)
    client = Client()
    client.force_login(office.clerk)
    desk = f"/desk/{decided.key}"
    assert f"{desk}/letter/{record.pk}" in client.get(desk).content.decode()
    letter = client.get(f"{desk}/letter/{record.pk}")
    assert letter.headers["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")
    form = {"form": f"deliver-{record.pk}", "record": record.pk, "act": "deliver"}
    refused_page = client.post(
        f"{desk}/false", form | {"delivered_on": "昨天", "words": "当面签收"}
    )
    assert refused_page.status_code == 422
    body = refused_page.content.decode()
    assert "请填写送达日期" in body
    assert "当面签收" in body, "what was typed is there"
    client.post(f"{desk}/false", form | {"delivered_on": str(today()), "words": "当面签收"})
    record.refresh_from_db()
    assert record.told_on == today()
    assert client.get(f"{desk}/letter/99999").status_code == 404
    stranger = Client()
    stranger.force_login(user("stranger"))
    assert stranger.get(f"{desk}/letter/{record.pk}").status_code == 404


def test_what_waits_of_an_untold_finding_is_not_its_decision(
    office: Office, decided: Application
) -> None:
    _report(office, decided)
    decided.refresh_from_db()
    kinds = [wait.kind for wait in list_case_waits(decided)]
    assert WaitKind.FINDING not in kinds
