"""The channels: those that the settings name, and the embedded SMS channel otherwise."""

import hashlib
import hmac
import json
from functools import cache
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from jifen.office.messages.channels.aliyun import ADDRESS, AliyunSms
from jifen.office.messages.channels.port import Channel, OutgoingMessage, SendResult
from jifen.office.messages.channels.redirects import NoRedirect
from jifen.office.messages.models import OutboxSms
from jifen.office.vault.seal import blind_index

SECONDS = 10
_CLIENT_ERRORS = range(400, 500)
_TEMPORARY_STATUS = (408, 409, 425, 429)
PHONE = "phone"
_SMTP_FINAL = 500


def get_channel(name: str) -> Channel:
    """The channel of a name ('sms', 'email', 'group')."""
    return _build_channels(settings.JIFEN_SMS_URL)[name]


@cache
def _build_channels(sms_url: str) -> dict[str, Channel]:
    sms: Channel = SmsGateway(sms_url, settings.JIFEN_SMS_SECRET) if sms_url else SmsOutbox()
    if settings.JIFEN_SMS_GATEWAY == "aliyun":
        user, secret = settings.JIFEN_SMS_USER, settings.JIFEN_SMS_SECRET
        sms = AliyunSms(sms_url or ADDRESS, user, secret, settings.JIFEN_SMS_TEMPLATES)
    return {"sms": sms, "email": EmailChannel(), "group": GroupChannel()}


class SmsOutbox:
    """The embedded SMS channel: a table that the sandbox shows as a phone. A second try under the
    same reference is the same message, as with a real gateway."""

    knows_again = True

    def send(self, message: OutgoingMessage) -> SendResult:
        """Keep it."""
        sms = OutboxSms(
            reference=message.reference,
            phone=message.to,
            phone_index=blind_index(message.to, PHONE),
            text=message.text,
            at=timezone.now(),
        )
        OutboxSms.objects.bulk_create([sms], ignore_conflicts=True)
        return SendResult("accepted", "outbox")


def sign_body(secret: str, body: bytes) -> str:
    """The signature header of a body, in both directions (HMAC-SHA256)."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class SmsGateway:
    """An SMS gateway over HTTP: POST {reference, to, text}, signed; it answers 2xx with {"id"} and
    tells the outcome later to /api/v1/messages/report, signed with the same secret. An answer
    without an id accepts nothing."""

    knows_again = True

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._open = build_opener(NoRedirect).open

    def send(self, message: OutgoingMessage) -> SendResult:
        """One try."""
        fields = {"reference": message.reference, "to": message.to, "text": message.text}
        body = json.dumps(fields, ensure_ascii=False).encode()
        head = {"Content-Type": "application/json"}
        head |= {"X-Jifen-Signature": sign_body(self._secret, body)}
        try:
            with self._open(Request(self._url, body, head), timeout=SECONDS) as answer:
                return _read_gateway_answer(json.loads(answer.read(10_000) or b"{}"))
        except HTTPError as error:
            gone = error.code in _CLIENT_ERRORS and error.code not in _TEMPORARY_STATUS
            return SendResult("refused" if gone else "unsure", words=f"HTTP {error.code}")
        except (URLError, TimeoutError, OSError, ValueError) as error:
            return SendResult("unsure", words=type(error).__name__)


def _read_gateway_answer(answer: Any) -> SendResult:
    provider_reference = answer.get("id") if isinstance(answer, dict) else None
    return (
        SendResult("accepted", str(provider_reference)[:80])
        if provider_reference
        else SendResult("unsure", words="no id")
    )


class EmailChannel:
    """Django's own, so that any backend (anymail and others) fits."""

    knows_again = False

    def send(self, message: OutgoingMessage) -> SendResult:
        """One try."""
        head = {"Message-ID": f"<{message.reference}@jifen>"}
        if message.leave:
            head |= {"List-Unsubscribe": f"<{message.leave}>"}
            head |= {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        mail = EmailMessage(message.subject, message.text, to=[message.to], headers=head)
        try:
            mail.send()
        except SMTPRecipientsRefused:
            return SendResult("refused", words="recipient refused")
        except SMTPResponseException as error:
            gone = error.smtp_code >= _SMTP_FINAL
            return SendResult("refused" if gone else "unsure", words=f"SMTP {error.smtp_code}")
        except (SMTPException, OSError) as error:
            return SendResult("unsure", words=type(error).__name__)
        return SendResult("accepted")


class GroupChannel:
    """Group chats (WeCom, DingTalk, Feishu and others) through apprise; `to` is its address."""

    knows_again = False

    def send(self, message: OutgoingMessage) -> SendResult:
        """One try."""
        # it loads every service that it knows: only where one is used
        from apprise import Apprise  # noqa: PLC0415

        apprise = Apprise()
        allowed = message.to.partition("://")[0] in settings.JIFEN_GROUP_SERVICES
        if not allowed or not apprise.add(message.to):
            return SendResult("refused", words="address")
        accepted = apprise.notify(body=message.text, title=message.subject)
        return SendResult(
            "accepted" if accepted else "unsure", words="" if accepted else "not taken"
        )
