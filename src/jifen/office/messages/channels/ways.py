"""Which way out is used: as the settings say, the embedded ones otherwise."""

import hashlib
import hmac
import json
from functools import cache
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from jifen.office.messages.channels.port import Channel, Outgoing, Sent
from jifen.office.messages.models import OutboxSms
from jifen.office.vault.seal import blind_index

SECONDS = 10
_REFUSED = range(400, 500)
_TRY_AGAIN = (408, 409, 425, 429)
PHONE = "phone"
_SMTP_FINAL = 500


def channel(name: str) -> Channel:
    """The way out of that name."""
    return _ways(settings.JIFEN_SMS_URL)[name]


@cache
def _ways(sms_url: str) -> dict[str, Channel]:
    sms: Channel = Gateway(sms_url, settings.JIFEN_SMS_SECRET) if sms_url else Outbox()
    return {"sms": sms, "email": Email(), "group": Group()}


class Outbox:
    """The embedded SMS channel: a table that the sandbox shows as a phone. A second try under the
    same reference is the same message, as with a real gateway."""

    knows_again = True

    def send(self, message: Outgoing) -> Sent:
        """Keep it."""
        row = OutboxSms(
            reference=message.reference,
            phone=message.to,
            phone_index=blind_index(message.to, PHONE),
            text=message.text,
            at=timezone.now(),
        )
        OutboxSms.objects.bulk_create([row], ignore_conflicts=True)
        return Sent("accepted", "outbox")


def signature(secret: str, body: bytes) -> str:
    """How bodies are signed, in both directions."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class _NoRedirect(HTTPRedirectHandler):
    """Followed, a redirect turns a POST into a GET of some page, whose 200 accepts nothing."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Never."""


class Gateway:
    """An SMS gateway over HTTP: POST {reference, to, text}, signed; it answers 2xx with {"id"} and
    tells the outcome later to /api/v1/messages/report, signed with the same secret. An answer
    without an id accepts nothing."""

    knows_again = True

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._open = build_opener(_NoRedirect).open

    def send(self, message: Outgoing) -> Sent:
        """One try."""
        said = {"reference": message.reference, "to": message.to, "text": message.text}
        body = json.dumps(said, ensure_ascii=False).encode()
        head = {"Content-Type": "application/json"}
        head |= {"X-Jifen-Signature": signature(self._secret, body)}
        try:
            with self._open(Request(self._url, body, head), timeout=SECONDS) as answer:
                return _answered(json.loads(answer.read(10_000) or b"{}"))
        except HTTPError as error:
            gone = error.code in _REFUSED and error.code not in _TRY_AGAIN
            return Sent("refused" if gone else "unsure", words=f"HTTP {error.code}")
        except (URLError, TimeoutError, OSError, ValueError) as error:
            return Sent("unsure", words=type(error).__name__)


def _answered(found: Any) -> Sent:
    known = found.get("id") if isinstance(found, dict) else None
    return Sent("accepted", str(known)[:80]) if known else Sent("unsure", words="no id")


class Email:
    """Django's own, so that any backend (anymail and others) fits."""

    knows_again = False

    def send(self, message: Outgoing) -> Sent:
        """One try."""
        head = {"Message-ID": f"<{message.reference}@jifen>"}
        mail = EmailMessage(message.subject, message.text, to=[message.to], headers=head)
        try:
            mail.send()
        except SMTPRecipientsRefused:
            return Sent("refused", words="recipient refused")
        except SMTPResponseException as error:
            gone = error.smtp_code >= _SMTP_FINAL
            return Sent("refused" if gone else "unsure", words=f"SMTP {error.smtp_code}")
        except (SMTPException, OSError) as error:
            return Sent("unsure", words=type(error).__name__)
        return Sent("accepted")


class Group:
    """Group chats (WeCom, DingTalk, Feishu and others) through apprise; `to` is its address."""

    knows_again = False

    def send(self, message: Outgoing) -> Sent:
        """One try."""
        # it loads every service that it knows: only where one is used
        from apprise import Apprise  # noqa: PLC0415

        way = Apprise()
        allowed = message.to.partition("://")[0] in settings.JIFEN_GROUP_SERVICES
        if not allowed or not way.add(message.to):
            return Sent("refused", words="address")
        done = way.notify(body=message.text, title=message.subject)
        return Sent("accepted" if done else "unsure", words="" if done else "not taken")
