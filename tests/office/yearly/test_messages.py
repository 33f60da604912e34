"""Messages: once for each event, recipient and channel; true when they are sent; kept."""

import importlib
import json
import smtplib
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections
from jifen.office.casework.models import Application
from jifen.office.casework.waiting_rows import store_case_waits
from jifen.office.messages import delivery, plan
from jifen.office.messages.channels import OutgoingMessage, SendResult, get_channel, providers
from jifen.office.messages.groups import add_group, parse_robot_address
from jifen.office.messages.ledger import PlannedMessage, enter_messages, find_sending_time
from jifen.office.messages.models import Attempt, Cursor, GroupAddress, Language, Message, OptOut
from jifen.office.messages.plan.brackets import find_bracket
from jifen.office.messages.plan.daily_runs import run_once_a_day
from jifen.office.messages.plan.points import reaches_school_age
from jifen.office.messages.templates import load_templates, render_text
from jifen.office.registry.actions import automatic_endorsement, permits
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person
from jifen.office.site.settings import sending
from tests.world.messages import PHONE, at, sent, with_phone
from tests.world.office import Office, staff
from tests.world.permits import END, permit

pytestmark = pytest.mark.django_db


def test_every_kind_has_words_in_both_languages_with_the_same_parameters() -> None:
    import re

    for one in load_templates().values():
        for edition in one.editions:
            zh, en = (set(re.findall(r"{(\w+)}", words)) for words in (edition.zh, edition.en))
            assert zh == en, one.kind


def test_any_text_can_be_built_again() -> None:
    said = render_text(
        "permit_ends", 1, "zh", {"until": "2026-10-20", "days": 7, "what": {"zh": "甲"}}
    )
    assert said == "您的居住证将在 2026-10-20 到期（还有 7 天）。甲"


def test_planned_twice_it_is_told_once() -> None:
    made = with_phone(permit())
    told = PlannedMessage(
        "e1", "permit_endorsed", {"until": "2026-10-20"}, person=made.person, permit=made
    )
    told.person.refresh_from_db()  # type: ignore[union-attr]
    for _ in range(3):
        enter_messages([told], at(END))
    assert Message.objects.count() == 1
    for _ in range(3):
        delivery.deliver_due_messages(at(END))
    assert sent() == [
        "【居住证积分】您的居住证已自动签注，有效期延长到 2026-10-20，不需要办理任何手续。"
    ]
    assert Attempt.objects.get().outcome == "accepted"


def test_endorsed_or_not_the_holder_is_told() -> None:
    with_phone(permit(1))
    with_phone(permit(2, permits.RegisteredHome("pudong", "registered_rental", date(2025, 10, 1))))
    automatic_endorsement.endorse_due_permits(date(2025, 9, 30))
    plan.plan_for_permit_events(at(date(2025, 9, 30)))
    plan.plan_for_permit_events(at(date(2025, 9, 30)))
    delivery.deliver_due_messages(at(date(2025, 9, 30)))
    first, second = sorted(sent())
    assert "已自动签注，有效期延长到 2026-10-20" in first
    assert "未能自动签注：租赁备案到 2025-10-01" in second


@pytest.mark.parametrize(
    ("days", "within"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_brackets(days: int, within: int | None) -> None:
    assert find_bracket(days) == within


def test_a_year_of_days_reminds_at_sixty_thirty_and_seven() -> None:
    with_phone(permit(1, permits.RegisteredHome("pudong", "other")))
    day = date(2025, 7, 1)
    while day <= END + timedelta(days=10):
        plan.plan_reminders(at(day))
        plan.plan_reminders(at(day))
        delivery.deliver_due_messages(at(day))
        day += timedelta(days=1)
    days = [m.params["days"] for m in Message.objects.filter(kind="permit_ends").order_by("id")]
    assert days == [60, 30, 7]
    assert [m.state for m in Message.objects.order_by("id")] == ["sent"] * 4
    assert "请在 2025-12-19 前（含当日）补办签注" in sent()[-1]


def test_three_weeks_without_a_worker_bring_no_old_reminders() -> None:
    with_phone(permit(1, permits.RegisteredHome("pudong", "other")))
    plan.plan_reminders(at(END - timedelta(days=61)))
    plan.plan_reminders(at(END - timedelta(days=25)))
    delivery.deliver_due_messages(at(END - timedelta(days=25)))
    assert [m.params["days"] for m in Message.objects.all()] == [25]
    # entered, but the worker stopped before sending: by then the next one is due
    plan.plan_reminders(at(END - timedelta(days=7)))
    delivery.deliver_due_messages(at(END + timedelta(days=20)))
    last = Message.objects.latest("id")
    assert (last.state, last.why) == ("dropped", "stale")


def test_what_is_no_longer_so_is_not_sent() -> None:
    made = with_phone(permit())
    plan.plan_reminders(at(END - timedelta(days=30)))
    automatic_endorsement.endorse_due_permits(date(2025, 9, 30))
    delivery.deliver_due_messages(at(date(2025, 10, 1)))
    message = Message.objects.get(kind="permit_ends")
    assert (message.state, message.why) == ("dropped", "no_longer_so")
    assert made.person_id


def test_nobody_is_woken_and_what_has_time_is_spread() -> None:
    day = date(2025, 9, 30)
    assert find_sending_time(at(day, 23)) == at(day + timedelta(days=1), 8)
    assert find_sending_time(at(day, 3)) == at(day, 8)
    assert find_sending_time(at(day, 12)) == at(day, 12)
    spread = {find_sending_time(at(day, 3), f"person:{n}").hour for n in range(400)}
    assert len(spread) >= 9
    made = with_phone(permit())
    person = Person.objects.get(pk=made.person_id)
    enter_messages(
        [PlannedMessage("e", "permit_endorsed", {"until": "x"}, person=person)], at(day, 12)
    )
    Message.objects.update(due_at=at(day, 1))
    delivery.deliver_due_messages(at(day, 22))
    assert sent() == []
    delivery.deliver_due_messages(at(day + timedelta(days=1), 9))
    assert len(sent()) == 1


def test_an_opt_out_holds_but_not_for_what_the_law_requires() -> None:
    made = with_phone(permit(1, permits.RegisteredHome("pudong", "other")))
    person = Person.objects.get(pk=made.person_id)
    OptOut.objects.create(person=person, group="service", channel="sms")
    plan.plan_reminders(at(END - timedelta(days=30)))
    automatic_endorsement.endorse_due_permits(date(2025, 9, 30))
    plan.plan_for_permit_events(at(date(2025, 9, 30)))
    delivery.deliver_due_messages(at(date(2025, 9, 30)))
    states = dict(Message.objects.values_list("kind", "state"))
    assert states == {"permit_ends": "dropped", "permit_not_automatic": "sent"}


class _Gateway(BaseHTTPRequestHandler):
    """A gateway that can be slow, broken or fussy."""

    got: list[tuple[dict[str, Any], str]]
    answers: list[int]

    def do_POST(self) -> None:
        """One message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((json.loads(body), self.headers["X-Jifen-Signature"]))
        assert self.headers["X-Jifen-Signature"] == providers.sign_body("s3cret", body)
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.end_headers()
        if status == 200:
            self.wfile.write(b'{"id": "gw-1"}')

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[_Gateway]]:
    """A local SMS gateway."""
    _Gateway.got, _Gateway.answers = [], []
    server = HTTPServer(("127.0.0.1", 0), _Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.JIFEN_SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.JIFEN_SMS_SECRET = "s3cret"
    providers._build_channels.cache_clear()
    yield _Gateway
    server.shutdown()
    providers._build_channels.cache_clear()


def _one_message() -> Message:
    made = with_phone(permit())
    person = Person.objects.get(pk=made.person_id)
    enter_messages(
        [PlannedMessage("e", "permit_endorsed", {"until": "2026-10-20"}, person=person)],
        at(END, 12),
    )
    return Message.objects.get()


def _three_messages() -> None:
    person = _one_message().person
    enter_messages(
        [
            PlannedMessage(f"e{n}", "permit_endorsed", {"until": "2026-10-20"}, person=person)
            for n in "12"
        ],
        at(END, 12),
    )


def test_a_time_out_is_not_a_failure(gateway: type[_Gateway]) -> None:
    message = _one_message()
    gateway.answers = [0, 503, 200]
    states = []
    for hours in (0, 1, 2, 3):
        delivery.deliver_due_messages(at(END, 12 + hours))
        message.refresh_from_db()
        states.append(message.state)
    assert states == ["unsure", "unsure", "sent", "sent"]
    references = {said["reference"] for said, _ in gateway.got}
    assert references == {str(message.reference)}
    assert [a.outcome for a in message.tries.all()] == ["unsure", "unsure", "accepted"]
    assert message.provider_reference == "gw-1"


def test_a_refusal_is_final(gateway: type[_Gateway]) -> None:
    message = _one_message()
    gateway.answers = [422]
    delivery.deliver_due_messages(at(END, 12))
    delivery.deliver_due_messages(at(END, 18))
    message.refresh_from_db()
    assert (message.state, message.why, len(gateway.got)) == ("failed", "HTTP 422", 1)


def test_reports_of_a_gateway_are_signed_and_change_nothing_the_second_time(
    gateway: type[_Gateway], client: Any
) -> None:
    del gateway
    message = _one_message()
    delivery.deliver_due_messages(at(END, 12))

    def tell(outcome: str, secret: str = "s3cret") -> int:
        body = json.dumps({"reference": str(message.reference), "outcome": outcome}).encode()
        answer = client.post(
            "/api/v1/messages/report",
            body,
            content_type="application/json",
            headers={"X-Jifen-Signature": providers.sign_body(secret, body)},
        )
        return int(answer.status_code)

    assert tell("delivered", "other") == 401
    message.refresh_from_db()
    assert message.state == "sent"
    for _ in range(2):
        assert tell("delivered") == 200
        message.refresh_from_db()
        assert message.state == "delivered"
    assert tell("failed") == 200  # came late: it was delivered
    message.refresh_from_db()
    assert message.state == "delivered"
    assert tell("unsubscribed") == 200
    assert OptOut.objects.filter(person=message.person_id).count() == 2


def test_a_report_may_come_before_we_know_that_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _one_message()

    class Fast:
        """Delivered before it answers."""

        knows_again = True

        def send(self, outgoing: OutgoingMessage) -> SendResult:
            """Tell at once."""
            delivery.record_report(outgoing.reference, "delivered")
            return SendResult("accepted", "x")

    monkeypatch.setattr(delivery, "get_channel", lambda _: Fast())
    delivery.deliver_due_messages(at(END, 12))
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("delivered", 1)


def test_a_worker_killed_after_sending_sends_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _one_message()
    monkeypatch.setattr(
        delivery, "_store_outcomes", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver_due_messages(at(END, 12))
    monkeypatch.undo()
    assert delivery.deliver_due_messages(at(END, 13)) == 0  # leased
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    delivery.deliver_due_messages(at(END, 13))
    message.refresh_from_db()
    assert message.state == "sent"
    assert len(sent()) == 1


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
@pytest.mark.parametrize(("knows_again", "again"), [(True, 3), (False, 1)])
def test_killed_in_a_batch_doubles_one_at_most_where_the_provider_does_not_know_it_again(
    monkeypatch: pytest.MonkeyPatch, knows_again: bool, again: int
) -> None:
    _three_messages()
    tried: list[str] = []

    class Slow:
        """Killed at the third message."""

        def send(self, outgoing: OutgoingMessage) -> SendResult:
            """Take it."""
            tried.append(outgoing.reference)
            if len(tried) == 3:
                raise KeyboardInterrupt
            return SendResult("accepted", "x")

    Slow.knows_again = knows_again  # type: ignore[attr-defined]
    monkeypatch.setattr(delivery, "get_channel", lambda _: Slow())
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver_due_messages(at(END, 12))
    Message.objects.update(lease_until=None)
    delivery.deliver_due_messages(at(END, 13))
    assert len(tried) - 3 == again
    assert len(set(tried)) == 3


def test_nothing_is_sent_on_a_lease_that_has_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    _three_messages()
    moments = iter(range(0, 10_000, 100))  # a provider that takes a hundred seconds for each
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    assert delivery.deliver_due_messages(at(END, 12), most=1) == 3
    assert sorted(Message.objects.values_list("state", flat=True)) == ["due", "due", "sent"]
    assert Message.objects.filter(lease_until__isnull=False).count() == 0


def test_a_case_tells_person_and_employer_in_their_channels(settings: Any) -> None:
    settings.JIFEN_GROUP_SERVICES = ("json",)
    office = Office()
    Person.objects.filter(pk=office.person.pk).update(phone=PHONE)
    office.admin.email = "hr@example.org"
    office.admin.save()
    GroupAddress.objects.create(
        unit=office.unit, url="json://127.0.0.1:9/x", label="群", made_by=office.admin
    )
    case = office.submitted()
    asked = corrections.RequestedItem("fact", "education", "register_differs", "请核对")
    corrections.ask_correction(access_case(office.clerk, case.key), [asked], "")
    plan.plan_for_case_events()
    told = set(Message.objects.filter(kind="correction_asked").values_list("recipient", "channel"))
    assert told == {
        (f"person:{office.person.pk}", "sms"),
        (f"user:{office.person_user.pk}", "inbox"),
        (f"user:{office.admin.pk}", "inbox"),
        (f"user:{office.admin.pk}", "email"),
        (f"user:{office.operator.pk}", "inbox"),
        (f"group:{GroupAddress.objects.get().pk}", "group"),
    }
    delivery.deliver_due_messages(find_sending_time(timezone.now()))
    assert len(mail.outbox) == 1
    assert "需要补正" in mail.outbox[0].body
    assert Message.objects.get(kind="correction_asked", channel="group").state == "unsure"
    assert "需要补正" in sent()[-1]


def test_a_correction_that_was_answered_is_not_reminded_of() -> None:
    office = Office()
    Person.objects.filter(pk=office.person.pk).update(phone=PHONE)
    case = office.submitted()
    asked = corrections.RequestedItem("fact", "education", "register_differs", "请核对")
    corrections.ask_correction(access_case(office.clerk, case.key), [asked], "")
    row = case.corrections.get()
    row.due_on = END
    row.save()
    store_case_waits(Application.objects.get(pk=case.pk))
    plan.plan_reminders(at(END - timedelta(days=2)))
    assert Message.objects.filter(kind="correction_due").exists()
    corrections.resubmit_case(access_case(office.operator, case.key))
    delivery.deliver_due_messages(at(END - timedelta(days=1)))
    told = Message.objects.filter(kind="correction_due", channel="sms").get()
    assert (told.state, told.why) == ("dropped", "no_longer_so")


def test_one_digest_a_day() -> None:
    office = Office()
    office.submitted()
    monday = date(2025, 9, 29)
    assert plan.plan_digests(at(monday, 7)) == 0
    for hour in (8, 12, 20):
        plan.plan_digests(at(monday, hour))
    assert Message.objects.filter(kind="desk_digest", user=office.clerk).count() == 1
    plan.plan_digests(at(date(2025, 10, 1), 12))  # National Day
    assert Message.objects.filter(kind="desk_digest", user=office.clerk).count() == 1


def test_school_age() -> None:
    assert reaches_school_age("2019-09-01", 2026)
    assert reaches_school_age("2020-08-31", 2026)
    assert not reaches_school_age("2020-09-01", 2026)
    assert not reaches_school_age("", 2026)
    for typed in ("2020-3-4", "2019.9.1", "2019年9月1日", "2020/3/4", "20200304"):
        assert reaches_school_age(typed, 2026), typed


def test_the_ways_out_are_ports() -> None:
    for name in ("sms", "email", "group"):
        assert callable(get_channel(name).send)
    assert (
        providers.GroupChannel().send(OutgoingMessage("r", "no address", "s", "t")).outcome
        == "refused"
    )


def test_what_goes_once_a_day_is_done_by_one_and_taken_up_by_another() -> None:
    def broken(_: int) -> int:
        raise KeyboardInterrupt

    day = END.toordinal()
    with pytest.raises(KeyboardInterrupt):
        run_once_a_day("test", END, broken)
    assert run_once_a_day("test", END, lambda _: 1) == 0  # somebody has it
    Cursor.objects.filter(pk="test").update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run_once_a_day("test", END, lambda last: 7 - last) == 7
    assert run_once_a_day("test", END, lambda _: 1) == 0  # the day is done
    assert run_once_a_day("test", END + timedelta(days=3), lambda last: last - day + 2) == 2


def test_an_administrator_names_group_chats_by_their_native_addresses(client: Client) -> None:
    office = Office()
    address = f"/units/{office.unit.pk}/groups"
    client.force_login(office.operator)
    assert client.get(address).status_code == 404
    client.force_login(office.admin)
    for native in (
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a-6aoc",
        "https://oapi.dingtalk.com/robot/send?access_token=abc123",
        "https://open.feishu.cn/open-apis/bot/v2/hook/02a18d7b-12",
    ):
        client.post(address, {"label": "人事群", "address": native, "secret": ""})
    urls = [row.url for row in GroupAddress.objects.order_by("id")]
    assert urls == ["wecombot://693a-6aoc", "dingtalk://abc123", "feishu://02a18d7b-12"]
    for wrong in ("https://example.org/hook/x", "http://open.feishu.cn/hook/x", "", "json://x"):
        said = client.post(address, {"label": "群", "address": wrong}, follow=True)
        assert "不是企业微信、钉钉或飞书群机器人的地址" in said.content.decode()
    page = client.get(address).content.decode()
    assert "人事群" in page
    assert "abc123" not in page  # an address is a key
    client.post(address, {"which": GroupAddress.objects.earliest("id").pk})
    assert GroupAddress.objects.filter(ended_at__isnull=True).count() == 2


def test_a_signed_robot_takes_its_secret_along() -> None:
    native = "https://oapi.dingtalk.com/robot/send?access_token=abc"
    assert parse_robot_address(native, "SEC12") == "dingtalk://SEC12@abc"
    with pytest.raises(RegistryFault, match="JF-M003"):
        parse_robot_address(native, "a/b")


def test_a_dead_robot_sends_the_others_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    office, got = Office(), list[str]()
    for token in ("good", "dead"):
        native = f"https://oapi.dingtalk.com/robot/send?access_token={token}"
        add_group(office.admin, office.unit, token, native)

    class Robots:
        """One answers, one does not."""

        knows_again = False

        def send(self, outgoing: OutgoingMessage) -> SendResult:
            """Take it, or not."""
            got.append(outgoing.to)
            return SendResult("accepted" if "good" in outgoing.to else "unsure")

    monkeypatch.setattr(delivery, "get_channel", lambda _: Robots())
    enter_messages([PlannedMessage("e", "lapsed", {"number": "1"}, unit=office.unit)], at(END, 9))
    Message.objects.exclude(channel="group").delete()
    for hours in range(0, 140, 7):
        delivery.deliver_due_messages(at(END, 9) + timedelta(hours=hours))
    assert got.count("dingtalk://good") == 1
    assert got.count("dingtalk://dead") == 10
    assert sorted(Message.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_a_fault_of_a_backend_is_an_outcome_of_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    for user, email in ((office.admin, "a@x.invalid"), (office.operator, "b@x.invalid")):
        user.email = email
        user.save()

    def send(said: mail.EmailMessage, *_: Any, **__: Any) -> int:
        if "a@x.invalid" in said.to:
            raise ValueError
        if "b@x.invalid" in said.to:
            raise smtplib.SMTPRecipientsRefused({})
        return 1

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    enter_messages([PlannedMessage("e", "lapsed", {"number": "1"}, unit=office.unit)], at(END, 12))
    delivery.deliver_due_messages(at(END, 12))
    rows = Message.objects.filter(channel="email").order_by("id")
    assert list(rows.values_list("state", "attempts")) == [("unsure", 1), ("failed", 1)]


def test_the_inbox_keeps_nothing_that_is_not_wanted() -> None:
    office = Office()
    OptOut.objects.create(user=office.person_user, group="service", channel="inbox")
    tellings = [
        PlannedMessage(
            "a", "school_age", {"until": "2026-10-20", "period": 1}, person=office.person
        ),
        PlannedMessage("b", "decided", {"number": "1"}, person=office.person),
    ]
    enter_messages(tellings, at(END))
    kinds = Message.objects.filter(channel="inbox").values_list("kind", flat=True)
    assert list(kinds) == ["decided"]


def test_who_can_be_told_in_no_way_stands_in_the_ledger() -> None:
    made = permit()
    enter_messages(
        [PlannedMessage("e", "permit_endorsed", {"until": "x"}, person=made.person)], at(END)
    )
    row = Message.objects.get()
    assert (row.channel, row.state, row.why) == ("sms", "failed", "no address")


def test_everybody_is_written_to_in_their_language() -> None:
    office = Office()
    Person.objects.filter(pk=office.person.pk).update(phone=PHONE)
    Language.objects.create(user=office.person_user, lang="en")
    office.person.refresh_from_db()
    enter_messages(
        [PlannedMessage("e", "decided", {"number": "SH1"}, person=office.person)], at(END, 12)
    )
    delivery.deliver_due_messages(at(END, 12))
    assert sent() == [
        "[Residence points] Your application (SH1) has been decided: sign in to see the result."
    ]


def test_news_grows_old_but_what_the_law_requires_is_told() -> None:
    made = with_phone(permit())
    clerk = staff("fenster", "clerk", district="pudong")
    day = date(2025, 9, 22)
    permits.endorse_permit(clerk, made, day)
    permits.cancel_permit(clerk, made, day, "left")
    later = at(day + timedelta(days=40))
    plan.plan_for_permit_events(later)
    delivery.deliver_due_messages(later)
    rows = Message.objects.filter(channel="sms").order_by("id")
    assert list(rows.values_list("kind", "state", "why")) == [
        ("permit_endorsed_by", "dropped", "stale"),
        ("permit_cancelled", "sent", ""),
    ]


def test_refused_in_the_morning_and_endorsed_at_noon_only_the_last_is_told() -> None:
    made = with_phone(permit(1, permits.RegisteredHome("pudong", "other")))
    day = END - timedelta(days=20)
    automatic_endorsement.endorse_due_permits(day)
    plan.plan_for_permit_events(at(day, 6))
    permits.endorse_permit(staff("fenster", "clerk", district="pudong"), made, day)
    plan.plan_for_permit_events(at(day, 12))
    delivery.deliver_due_messages(at(day, 20))
    assert len(sent()) == 1
    assert "已签注" in sent()[0]


def test_without_a_secret_a_gateway_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_SMS_URL", "https://sms.example.org")
    with pytest.raises(ImproperlyConfigured, match="JIFEN_SMS_SECRET"):
        importlib.reload(sending)
    monkeypatch.undo()
    importlib.reload(sending)
