"""SMS through a public gateway, tested against a server that checks the documented signature."""

import base64
import hashlib
import hmac
import importlib
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from pytest_django import Settings

from jifen.office.messages import delivery
from jifen.office.messages.channels import OutgoingMessage, get_channel, providers
from jifen.office.messages.channels.aliyun import build_fields, sign_fields
from jifen.office.messages.channels.sms_templates import read_templates
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.models import Message
from jifen.office.operate.doctor import services
from jifen.office.site.settings import sending
from tests.world.clock import Clock
from tests.world.messages import PHONE, at
from tests.world.office import person

pytestmark = pytest.mark.django_db
USER, SECRET = "testId", "testSecret"
TEMPLATES = """
language: 1
sign_name: 居住证积分
templates:
  - {kind: submitted, code: SMS_1, variables: {number: number, day: due_on}}
  - {kind: submitted, lang: en, code: SMS_2, variables: {words: text}}
"""


class Gateway:
    """Checks the signature of every request as the documentation says, apart from our code."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.answer: tuple[int, Any] = (200, {"Code": "OK", "BizId": "biz^0", "Message": "OK"})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fields = dict(parse_qsl(raw, keep_blank_values=True))
                status, content = outer.judge(fields)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(content).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def judge(self, fields: dict[str, str]) -> tuple[int, Any]:
        given = fields.pop("Signature", "")
        canonical = "&".join(
            f"{quote(name, safe='~')}={quote(fields[name], safe='~')}" for name in sorted(fields)
        )
        text = f"POST&%2F&{quote(canonical, safe='~')}".encode()
        expected = base64.b64encode(hmac.digest(f"{SECRET}&".encode(), text, hashlib.sha1))
        if given.encode() != expected or fields["AccessKeyId"] != USER:
            return 400, {"Code": "SignatureDoesNotMatch"}
        self.taken.append(fields)
        return self.answer

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def gateway(settings: Settings, tmp_path: Path) -> Iterator[Gateway]:
    made = Gateway()
    path = tmp_path / "templates.yaml"
    path.write_text(TEMPLATES, encoding="utf-8")
    settings.JIFEN_SMS_GATEWAY, settings.JIFEN_SMS_URL = "aliyun", made.address
    settings.JIFEN_SMS_USER, settings.JIFEN_SMS_SECRET = USER, SECRET
    settings.JIFEN_SMS_TEMPLATES = str(path)
    providers._build_channels.cache_clear()
    read_templates.cache_clear()
    yield made
    made.close()
    providers._build_channels.cache_clear()


def message(**changes: Any) -> OutgoingMessage:
    params = {"number": "SH2026000000001", "due_on": "2026-12-30 & +*~"}
    fields = {"kind": "submitted", "params": params} | changes
    return OutgoingMessage("reference", PHONE, "", "整段文字", **fields)


def test_the_signature_is_that_of_the_documentation() -> None:
    """The worked examples of the gateway's documentation: SendSms, and an action of another
    service with the same signature."""
    at_documented = datetime(2017, 7, 12, 2, 42, 19, tzinfo=UTC)
    fields = {
        "Format": "XML",
        "PhoneNumbers": "15300000001",
        "SignName": "阿里云短信测试专用",
        "TemplateParam": '{"customer":"test"}',
        "TemplateCode": "SMS_71390007",
        "OutId": "123",
    }
    nonce = "45e25e9b-0a6f-4070-8c85-2956eda1b466"
    whole = build_fields("testId", fields, nonce, at_documented)
    assert sign_fields(whole, "testSecret", "GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="
    other = {
        "AccessKeyId": "testid",
        "Action": "DescribeRegions",
        "Format": "XML",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "SignatureVersion": "1.0",
        "Timestamp": "2016-02-23T12:46:24Z",
        "Version": "2014-05-26",
    }
    assert sign_fields(other, "testsecret", "GET") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_a_message_goes_out_as_an_approved_template(gateway: Gateway) -> None:
    sent = get_channel("sms").send(message())
    assert (sent.outcome, sent.provider_reference) == ("accepted", "biz^0")
    (fields,) = gateway.taken
    assert fields["PhoneNumbers"] == PHONE
    assert (fields["SignName"], fields["TemplateCode"]) == ("居住证积分", "SMS_1")
    assert fields["OutId"] == "reference", "reports name it"
    variables = {"number": "SH2026000000001", "day": "2026-12-30 & +*~"}
    assert json.loads(fields["TemplateParam"]) == variables


def test_a_template_may_take_the_whole_text(gateway: Gateway) -> None:
    get_channel("sms").send(message(lang="en"))
    assert json.loads(gateway.taken[0]["TemplateParam"]) == {"words": "整段文字"}


def test_a_kind_without_a_template_is_refused(gateway: Gateway) -> None:
    sent = get_channel("sms").send(message(kind="lapsed"))
    assert (sent.outcome, sent.words) == ("refused", "no template: lapsed")
    assert gateway.taken == []


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        ((200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), "refused", "isv.MOBILE_NUMBER_ILLEGAL"),
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), "unsure", "isv.BUSINESS_LIMIT_CONTROL"),
        ((200, {"Code": "isv.AMOUNT_NOT_ENOUGH"}), "unsure", "isv.AMOUNT_NOT_ENOUGH"),
        ((503, {"Code": "ServiceUnavailable"}), "unsure", "ServiceUnavailable"),
        ((200, []), "unsure", "no answer"),
        ((200, {}), "unsure", "no code"),
    ],
)
def test_what_the_gateway_answers_is_told_apart(
    gateway: Gateway, answer: tuple[int, Any], outcome: str, words: str
) -> None:
    gateway.answer = answer
    sent = get_channel("sms").send(message())
    assert (sent.outcome, sent.words) == (outcome, words)


def test_a_wrong_secret_is_tried_again_when_it_is_mended(
    gateway: Gateway, settings: Settings
) -> None:
    settings.JIFEN_SMS_SECRET = "another"
    providers._build_channels.cache_clear()
    sent = get_channel("sms").send(message())
    assert (sent.outcome, sent.words) == ("unsure", "SignatureDoesNotMatch")


def test_the_ledger_hands_over_kind_and_parameters(gateway: Gateway, clock: Clock) -> None:
    clock.at = at(timezone.localdate(), 12)
    somebody = person(1, phone=PHONE)
    params = {"number": "SH1", "due_on": "2026-12-30"}
    enter_messages([PlannedMessage("told", "submitted", params, person=somebody)], clock.at)
    delivery.deliver_due_messages()
    assert Message.objects.get().state == "sent"
    variables = {"number": "SH1", "day": "2026-12-30"}
    assert json.loads(gateway.taken[0]["TemplateParam"]) == variables


def test_the_doctor_names_kinds_without_a_template(gateway: Gateway, settings: Settings) -> None:
    finding = services.check_sms_gateway()
    assert finding.state == "warning"
    assert "lapsed" in finding.words.en
    assert "activation_code" in finding.words.zh
    assert "submitted" not in finding.words.en
    path = Path(settings.JIFEN_SMS_TEMPLATES)
    path.write_text(TEMPLATES.replace("sign_name", "signname"), encoding="utf-8")
    read_templates.cache_clear()
    finding = services.check_sms_gateway()
    assert finding.state == "fault"
    assert "templates.yaml:3:1" in finding.words.zh
    assert "sign_name" in finding.words.en
    settings.JIFEN_SMS_TEMPLATES = "/gone.yaml"
    assert "No such file" in services.check_sms_gateway().words.en


@pytest.mark.parametrize("missing", ["JIFEN_SMS_USER", "JIFEN_SMS_SECRET", "JIFEN_SMS_TEMPLATES"])
def test_a_setting_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setenv("JIFEN_SMS_GATEWAY", "aliyun")
    for name in ("JIFEN_SMS_USER", "JIFEN_SMS_SECRET", "JIFEN_SMS_TEMPLATES"):
        monkeypatch.setenv(name, "" if name == missing else "something")
    with pytest.raises(ImproperlyConfigured, match=f"aliyun and {missing} is not set"):
        importlib.reload(sending)
    monkeypatch.setenv("JIFEN_SMS_GATEWAY", "aliyunn")
    with pytest.raises(ImproperlyConfigured, match="write one of: jifen, aliyun"):
        importlib.reload(sending)
    monkeypatch.undo()
    importlib.reload(sending)
