"""What could not be delivered is seen by the administrator of its city, and tried again by hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.administration.failed_deliveries import list_failed_deliveries, try_again
from jifen.office.api.models import Delivery, Webhook
from jifen.office.audit.models import Access, Entry
from jifen.office.casework.models import Application, Event
from jifen.office.consultation.models import Mail, MailState, Subscriber
from jifen.office.messages.channels import OutgoingMessage, SendResult, providers
from jifen.office.messages.delivery import deliver_due_messages
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.models import Message, MessageState
from jifen.office.operate.models import Heartbeat
from jifen.office.registry.models import Person
from tests.world.clock import Clock
from tests.world.faults import refused
from tests.world.messages import PHONE, at
from tests.world.office import Office, staff

pytestmark = pytest.mark.django_db
NOT_FAILED = (
    "没有这条发送失败的记录：可能已由他人重发。请刷新页面。",
    "Nothing failed under this number; somebody else may have tried it again. Load the page again.",
)


class Gateway:
    """A gateway that refuses a number until it is mended."""

    knows_again = True

    def __init__(self) -> None:
        self.outcome = SendResult("refused", words="HTTP 400")
        self.references: list[str] = []

    def send(self, message: OutgoingMessage) -> SendResult:
        self.references.append(message.reference)
        return self.outcome


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(providers, "_build_channels", lambda *_: {"sms": made})
    return made


@pytest.fixture
def noon(clock: Clock) -> Clock:
    """An hour at which messages are sent."""
    clock.at = at(timezone.localdate(), 12)
    return clock


def fail_message(office: Office, **fields: object) -> Message:
    """A message about a filed case that the gateway refused."""
    case = office.submitted()
    Person.objects.filter(pk=office.person.pk).update(user=None, phone=PHONE)
    office.person.refresh_from_db()
    params = {"number": case.number, "due_on": "2026-12-30"}
    told = PlannedMessage("case told", "submitted", params, person=office.person, application=case)
    enter_messages([told], timezone.now())
    deliver_due_messages()
    Message.objects.filter(event="case told").update(**fields)
    return Message.objects.get(event="case told")


def test_a_refused_message_is_listed_and_tried_again(
    city_admin: User, gateway: Gateway, noon: Clock
) -> None:
    message = fail_message(Office())
    (failed,) = list_failed_deliveries(["shanghai"])
    assert (failed.source, failed.pk, failed.why) == ("message", message.pk, "HTTP 400")
    assert failed.about == Application.objects.get().number
    assert failed.about in failed.text.zh
    gateway.outcome = SendResult("accepted", "7")
    try_again(city_admin, ["shanghai"], "message", message.pk)
    deliver_due_messages()
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    first, second = gateway.references
    assert first != second, "the gateway has answered for the first reference"
    assert list_failed_deliveries(["shanghai"]) == []
    entry = Entry.objects.get(act="delivery.tried_again")
    assert (entry.actor, entry.city) == (f"user:{city_admin.pk}", "shanghai")
    assert PHONE not in str(entry.details)


def test_those_of_another_city_are_not_there(
    city_admin: User, gateway: Gateway, noon: Clock
) -> None:
    message = fail_message(Office())
    assert list_failed_deliveries(["chengdu"]) == []
    with refused("JF-O010", *NOT_FAILED):
        try_again(city_admin, ["chengdu"], "message", message.pk)
    with refused("JF-O010", *NOT_FAILED):
        try_again(city_admin, ["shanghai"], "letter", message.pk)


def test_a_message_is_tried_again_once(city_admin: User, gateway: Gateway, noon: Clock) -> None:
    message = fail_message(Office())
    try_again(city_admin, ["shanghai"], "message", message.pk)
    with refused("JF-O010", *NOT_FAILED):
        try_again(city_admin, ["shanghai"], "message", message.pk)


def test_a_message_to_nobody_is_not_tried(city_admin: User, gateway: Gateway, noon: Clock) -> None:
    message = fail_message(Office())
    Person.objects.update(phone="")
    with refused(
        "JF-O011",
        "仍没有可用的手机号码、邮箱或群地址，没有重发。请先请本人补充联系方式，或改用书面通知。",
        "There is still no telephone number, mail address or group to send it to, so it was not "
        "tried. Have the address added first, or write a letter.",
    ):
        try_again(city_admin, ["shanghai"], "message", message.pk)
    assert Message.objects.get(pk=message.pk).state == MessageState.FAILED


def test_a_message_about_a_day_that_has_passed_is_not_tried(
    city_admin: User, gateway: Gateway, noon: Clock
) -> None:
    message = fail_message(Office(), stale_on=timezone.localdate() - timedelta(days=1))
    with refused(
        "JF-O012",
        "这条消息所说的日期已过，再发只会误导，没有重发。请改用其他方式联系。",
        "The day that this message is about has passed, and sending it would mislead; it was not "
        "tried. Reach the person in another way.",
    ):
        try_again(city_admin, ["shanghai"], "message", message.pk)


def test_a_webhook_that_was_given_up_begins_anew(city_admin: User) -> None:
    office = Office()
    case = office.submitted()
    hook = Webhook.objects.create(
        unit=office.unit, url="https://x.example", secret="s", since_event=0, made_by=office.admin
    )
    event = Event.objects.filter(application=case)[0]
    row = Delivery.objects.create(webhook=hook, event=event, attempts=12, last_status=500)
    (failed,) = list_failed_deliveries(["shanghai"])
    assert (failed.source, failed.why, failed.tries) == ("webhook", "HTTP 500", 12)
    try_again(city_admin, ["shanghai"], "webhook", row.pk)
    row.refresh_from_db()
    assert row.attempts == 0
    assert row.due_at is not None
    with refused("JF-O010", *NOT_FAILED):
        try_again(city_admin, ["shanghai"], "webhook", row.pk)


def test_a_mail_of_a_consultation_begins_anew(city_admin: User) -> None:
    now = timezone.now()
    reader = Subscriber.objects.create(city="shanghai", email="a@b.example", posted_at=now)
    mail = Mail.objects.create(
        kind="subscriber", subscriber=reader, state=MailState.FAILED, made_at=now, due_at=now
    )
    assert [failed.source for failed in list_failed_deliveries(["shanghai"])] == ["mail"]
    try_again(city_admin, ["shanghai"], "mail", mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.DUE
    with refused("JF-O010", *NOT_FAILED):
        try_again(city_admin, ["shanghai"], "mail", mail.pk)


def test_the_page_shows_processes_queues_and_failures(
    browser: Client, gateway: Gateway, noon: Clock
) -> None:
    message = fail_message(Office())
    Heartbeat.objects.create(
        kind="worker", name="server:7", began_at=noon.at, beat_at=noon.at, failing=["print_notices"]
    )
    shown = browser.get("/administration/work").content.decode()
    assert "server:7" in shown
    assert "print_notices" in shown
    assert "HTTP 400" in shown
    assert "制作文书" in shown
    assert "推送给单位系统" in shown
    assert Access.objects.filter(details__what="failed deliveries").exists()
    answer = browser.post("/administration/work", {"which": f"message:{message.pk}"}, follow=True)
    assert "已排入发送" in answer.content.decode()
    assert Message.objects.get(pk=message.pk).state == MessageState.DUE


def test_without_a_worker_the_page_says_so(browser: Client) -> None:
    assert "没有后台进程在运行" in browser.get("/administration/work").content.decode()


def test_a_clerk_does_not_know_of_it(city_admin: User) -> None:
    del city_admin
    client = Client()
    client.force_login(staff("clerk", "clerk"))
    assert client.get("/administration/work").status_code == 404
