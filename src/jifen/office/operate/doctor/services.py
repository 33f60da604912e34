"""Checks of what the site reaches over the network. Nothing is sent to anybody."""

import json
import os
import socket
import urllib.request
from urllib.error import URLError
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from jifen.office.operate.doctor.findings import Finding, say
from jifen.office.uploads.scan import ClamdScanner, ScannerDown

SECONDS = 5
"""How long an answer is waited for."""
MOST_BYTES = 1 << 20
_SCHEME_PORTS = {"http": 80, "https": 443}


def scanner() -> Finding:
    """clamd looks at a content, where one is named."""
    if not settings.JIFEN_CLAMD:
        return say("scanner", "unset", "none")
    try:
        verdict = ClamdScanner(settings.JIFEN_CLAMD, SECONDS).scan(b"doctor")
    except ScannerDown as error:
        return say("scanner", "fault", "away", where=settings.JIFEN_CLAMD, why=str(error))
    if not verdict.clean:
        return say("scanner", "fault", "suspicious", name=verdict.name)
    return say("scanner", "good", "answers", where=settings.JIFEN_CLAMD)


def mail() -> Finding:
    """The mail server takes a connection and a sign-in, where mail is sent at all."""
    way = get_connection(fail_silently=False)
    if not isinstance(way, EmailBackend):
        return say("mail", "unset", "kept")
    where = f"{way.host}:{way.port}"
    try:
        way.open()
        way.close()
    except OSError as error:  # smtplib's own errors are such
        return say("mail", "fault", "away", where=where, why=_reason(error))
    return say("mail", "good", "answers", where=where)


def sms() -> Finding:
    """The SMS gateway can be reached, where one is named. No message is sent."""
    if not settings.JIFEN_SMS_URL:
        return say("sms", "unset", "kept")
    parts = urlsplit(settings.JIFEN_SMS_URL)
    where = f"{parts.hostname}:{parts.port or _SCHEME_PORTS.get(parts.scheme, 443)}"
    try:
        host, _, port = where.rpartition(":")
        socket.create_connection((host, int(port)), SECONDS).close()
    except OSError as error:
        return say("sms", "fault", "away", where=where, why=_reason(error))
    return say("sms", "good", "answers", where=where)


def identity() -> Finding:
    """The city's unified identity publishes how it is used, where one is named."""
    server = os.environ.get("JIFEN_OIDC_SERVER", "").rstrip("/")
    if not server:
        return say("identity", "unset", "none")
    ending = "/.well-known/openid-configuration"
    address = server if server.endswith(ending) else f"{server}{ending}"
    try:
        if urlsplit(address).scheme not in _SCHEME_PORTS:
            raise ValueError("not an address of the web")
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            published = json.loads(answer.read(MOST_BYTES))
        endpoint = published["authorization_endpoint"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return say("identity", "fault", "away", where=address, why=_reason(error))
    if not settings.JIFEN_OIDC_IDENTITY_CLAIM:
        return say("identity", "warning", "no_claim", where=endpoint)
    return say("identity", "good", "answers", where=endpoint)


def _reason(error: Exception) -> str:
    """Why, without what a server said about accounts."""
    if isinstance(error, URLError) and isinstance(error.reason, OSError):
        return error.reason.strerror or type(error.reason).__name__
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
