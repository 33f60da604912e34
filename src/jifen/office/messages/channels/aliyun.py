"""SMS through Alibaba Cloud (dysmsapi, SendSms of version 2017-05-25), signed as its documentation
says: signature version 1.0, HMAC-SHA1 over the sorted parameters.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, build_opener
from uuid import uuid4

from jifen.office.messages.channels.port import OutgoingMessage, SendResult
from jifen.office.messages.channels.redirects import NoRedirect
from jifen.office.messages.channels.sms_templates import WHOLE_TEXT, read_templates

ADDRESS = "https://dysmsapi.aliyuncs.com/"
SECONDS = 10
REFUSED = ("isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.INVALID_PARAMETERS")
"""Codes about this number or this message: another try gives the same. All others are of the
account or of the moment (limits, balance, signature), and are tried again."""


class AliyunSms:
    """SendSms. The gateway does not know a message again: a time-out may bring it twice. Reports
    name it by OutId, which is our reference."""

    knows_again = False

    def __init__(self, address: str, user: str, secret: str, templates: str) -> None:
        self._address, self._user, self._secret = address, user, secret
        self._templates = templates
        self._open = build_opener(NoRedirect).open

    def send(self, message: OutgoingMessage) -> SendResult:
        """One try."""
        approved = read_templates(self._templates)
        template = approved.find_template(message.kind, message.lang)
        if template is None:
            return SendResult("refused", words=f"no template: {message.kind}"[:40])
        params = {**message.params, WHOLE_TEXT: message.text}
        variables = {name: params.get(ours, "") for name, ours in template.variables.items()}
        fields = {
            "PhoneNumbers": message.to,
            "SignName": approved.sign_name,
            "TemplateCode": template.code,
            "TemplateParam": json.dumps(variables, ensure_ascii=False),
            "OutId": message.reference,
        }
        return self._post(build_fields(self._user, fields, str(uuid4()), datetime.now(UTC)))

    def _post(self, fields: dict[str, str]) -> SendResult:
        body = urlencode(fields | {"Signature": sign_fields(fields, self._secret)}).encode()
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            with self._open(Request(self._address, body, head), timeout=SECONDS) as answer:
                return read_answer(json.loads(answer.read(100_000)))
        except HTTPError as error:
            return _read_refusal(error)
        except (URLError, TimeoutError, OSError, ValueError) as error:
            return SendResult("unsure", words=type(error).__name__)


def build_fields(user: str, fields: Mapping[str, str], nonce: str, at: datetime) -> dict[str, str]:
    """The fields of a SendSms with those that every request has, without the signature."""
    return {
        "AccessKeyId": user,
        "Action": "SendSms",
        "Format": "JSON",
        "RegionId": "cn-hangzhou",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": nonce,
        "SignatureVersion": "1.0",
        "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2017-05-25",
        **fields,
    }


def sign_fields(fields: Mapping[str, str], secret: str, method: str = "POST") -> str:
    """The signature over all fields: RFC 3986 encoding, sorted by name, the whole encoded again
    after the method."""
    pairs = "&".join(f"{_encode(name)}={_encode(fields[name])}" for name in sorted(fields))
    text = f"{method}&{_encode('/')}&{_encode(pairs)}"
    # the gateway prescribes SHA-1; as an HMAC it is not broken
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def read_answer(answer: Any) -> SendResult:
    """What became of it: the gateway says 'OK' and a number of its own, or a code of the fault."""
    if not isinstance(answer, dict):
        return SendResult("unsure", words="no answer")
    code = str(answer.get("Code", ""))
    if code == "OK":
        return SendResult("accepted", str(answer.get("BizId", ""))[:80])
    return SendResult("refused" if code in REFUSED else "unsure", words=code[:40] or "no code")


def _read_refusal(error: HTTPError) -> SendResult:
    """A status of 4xx or 5xx has the code in its body, as an answer has."""
    try:
        return read_answer(json.loads(error.read(100_000)))
    except (OSError, ValueError):
        return SendResult("unsure", words=f"HTTP {error.code}")
