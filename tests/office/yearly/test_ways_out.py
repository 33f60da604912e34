"""The ways out: what an outage, a redirect, a night or a bad row does to a message."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.messages import delivery
from jifen.office.messages.channels import OutgoingMessage, SendResult, providers
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.models import Message
from jifen.office.messages.stuck_channels import find_waiting_channels
from jifen.office.registry.models import Person
from tests.world.messages import at, sent, with_phone
from tests.world.office import Office
from tests.world.permits import END, permit

pytestmark = pytest.mark.django_db


def _holder() -> Person:
    return Person.objects.get(pk=with_phone(permit()).person_id)


def _endorsed(event: str, person: Person, stale_on: date | None = None) -> PlannedMessage:
    params = {"until": "2026-10-20"}
    return PlannedMessage(event, "permit_endorsed", params, person=person, stale_on=stale_on)


class Down:
    """A gateway that does not answer, until it does."""

    knows_again = True
    up = False

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Time out."""
        del outgoing
        return (
            SendResult("accepted", "x") if self.up else SendResult("unsure", words="TimeoutError")
        )


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> Down:
    """Every way out is down."""
    made = Down()
    monkeypatch.setattr(delivery, "get_channel", lambda _: made)
    return made


def test_two_days_of_outage_fail_no_message_that_still_holds(down: Down) -> None:
    person = _holder()
    enter_messages([_endorsed("a", person), _endorsed("b", person, stale_on=END)], at(END, 9))
    for hours in range(48):
        delivery.deliver_due_messages(at(END, 9) + timedelta(hours=hours))
    legal, news = Message.objects.order_by("event")
    assert (legal.state, news.state, news.why) == ("unsure", "dropped", "stale")
    assert legal.attempts < 20, "later each time"
    down.up = True
    delivery.deliver_due_messages(at(END + timedelta(days=2), 15))
    legal.refresh_from_db()
    assert legal.state == "sent"


def test_the_wait_is_bounded_however_often_it_was_tried(down: Down) -> None:
    del down
    enter_messages([_endorsed("a", _holder())], at(END, 9))
    Message.objects.update(attempts=30_000)
    delivery.deliver_due_messages(at(END, 9))
    assert Message.objects.get().due_at == at(END, 9) + delivery.LONGEST_WAIT


def test_that_deliveries_wait_is_told_in_the_log_and_by_the_check(
    down: Down, caplog: pytest.LogCaptureFixture
) -> None:
    enter_messages([_endorsed("a", _holder()), _endorsed("b", Person.objects.get())], at(END, 9))
    assert list(find_waiting_channels(at(END, 12))) == []
    delivery.deliver_due_messages(at(END, 9))
    assert "sms: 2 messages wait to be tried again (TimeoutError)" in caplog.text
    assert list(find_waiting_channels(at(END, 9))) == []
    told = ["sms: 2 messages wait since 2025-10-20 09:00 (TimeoutError)"]
    assert list(find_waiting_channels(at(END, 12))) == told
    check = CliRunner().invoke(app, ["check"])
    assert (check.exit_code, told[0] in check.stdout) == (0, True)
    down.up = True
    delivery.deliver_due_messages(at(END, 13))
    assert list(find_waiting_channels(at(END, 15))) == []


class _Answers(BaseHTTPRequestHandler):
    """A server that answers with a redirect, or with some page."""

    status, body, seen = 302, b"", list[str]()

    def do_POST(self) -> None:
        """As the test says."""
        self._answer(self.status, self.body)

    def do_GET(self) -> None:
        """A page for browsers."""
        self._answer(200, b'{"id": "page"}')

    def _answer(self, status: int, body: bytes) -> None:
        self.seen.append(f"{self.command} {self.path}")
        self.send_response(status)
        self.send_header("Location", "/login")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Its address."""
    _Answers.seen = []
    made = HTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/send"
    made.shutdown()


@pytest.mark.parametrize(
    ("status", "body", "outcome", "words"),
    [
        (301, b"", "unsure", "HTTP 301"),
        (302, b"", "unsure", "HTTP 302"),
        (307, b"", "unsure", "HTTP 307"),
        (200, b"", "unsure", "no id"),
        (200, b"[]", "unsure", "no id"),
        (200, b'{"id": ""}', "unsure", "no id"),
        (200, b"<html>", "unsure", "JSONDecodeError"),
        (202, b'{"id": 7}', "accepted", ""),
    ],
)
def test_only_an_answer_with_an_id_accepts_and_no_redirect_is_followed(
    server: str, status: int, body: bytes, outcome: str, words: str
) -> None:
    _Answers.status, _Answers.body = status, body
    found = providers.SmsGateway(server, "secret").send(OutgoingMessage("r", "1", "s", "t"))
    assert (found.outcome, found.words) == (outcome, words)
    assert _Answers.seen == ["POST /send"]


def test_no_mail_goes_out_at_night() -> None:
    office = Office()
    office.person_user.email = "a@example.org"
    office.person_user.save()
    person = Person.objects.select_related("user").get(pk=office.person.pk)
    enter_messages([_endorsed("a", person)], at(END, 20))
    delivery.deliver_due_messages(at(END, 23))
    assert mail.outbox == []
    delivery.deliver_due_messages(at(END + timedelta(days=1), 9))
    assert len(mail.outbox) == 1


def test_a_row_that_cannot_be_asked_about_stops_no_other() -> None:
    person = _holder()
    wrong = PlannedMessage(
        "a", "points_end", {"until": "2025-10-20"}, person=person
    )  # of no period
    enter_messages([wrong, _endorsed("b", person)], at(END, 9))
    delivery.deliver_due_messages(at(END, 10))
    assert len(sent()) == 1
    rows = Message.objects.order_by("event").values_list("state", "attempts")
    assert list(rows) == [("unsure", 1), ("sent", 1)]
    first = Message.objects.get(event="a")
    assert first.tries.get().words == "not asked: KeyError"
    assert first.due_at > at(END, 10)
