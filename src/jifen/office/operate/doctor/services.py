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

from jifen.office.messages.channels.aliyun import ADDRESS
from jifen.office.messages.channels.sms_templates import read_templates
from jifen.office.operate.doctor.findings import DoctorFinding, build_finding
from jifen.office.registry.adapters.description import MissingSecret
from jifen.office.registry.registers import BUSINESS, REGISTERS, create_register
from jifen.office.uploads.scan import ClamdScanner, ScannerDown
from jifen.policy.fault import DocumentError
from jifen.policy.text import Text

SECONDS = 5
"""How long an answer is waited for."""
MOST_BYTES = 1 << 20
_SCHEME_PORTS = {"http": 80, "https": 443}


def check_scanner() -> DoctorFinding:
    """clamd looks at a content, where one is named."""
    if not settings.JIFEN_CLAMD:
        return build_finding("scanner", "unset", "none")
    try:
        verdict = ClamdScanner(settings.JIFEN_CLAMD, SECONDS).scan(b"doctor")
    except ScannerDown as error:
        return build_finding("scanner", "fault", "away", where=settings.JIFEN_CLAMD, why=str(error))
    if not verdict.clean:
        return build_finding("scanner", "fault", "suspicious", name=verdict.name)
    return build_finding("scanner", "good", "answers", where=settings.JIFEN_CLAMD)


def check_mail() -> DoctorFinding:
    """The mail server takes a connection and a sign-in, where mail is sent at all."""
    backend = get_connection(fail_silently=False)
    if not isinstance(backend, EmailBackend):
        return build_finding("mail", "unset", "kept")
    where = f"{backend.host}:{backend.port}"
    try:
        backend.open()
        backend.close()
    except OSError as error:  # smtplib's own errors are such
        return build_finding("mail", "fault", "away", where=where, why=_describe_error(error))
    return build_finding("mail", "good", "answers", where=where)


def check_sms_gateway() -> DoctorFinding:
    """The SMS gateway can be reached, where one is named. No message is sent."""
    is_aliyun = settings.JIFEN_SMS_GATEWAY == "aliyun"
    address = settings.JIFEN_SMS_URL or (ADDRESS if is_aliyun else "")
    if not address:
        return build_finding("sms", "unset", "kept")
    missing: list[str] = []
    if is_aliyun:
        try:
            missing = read_templates(settings.JIFEN_SMS_TEMPLATES).list_missing_kinds()
        except (DocumentError, OSError) as error:
            words = _describe_file_error(error)
            return build_finding("sms", "fault", "templates", why=words)
    where = _name_host(address)
    if why := _try_to_reach(address):
        return build_finding("sms", "fault", "away", where=where, why=why)
    if missing:
        kinds = ", ".join(missing)
        return build_finding("sms", "warning", "no_template", kinds=kinds)
    return build_finding("sms", "good", "answers", where=where)


def check_registers() -> DoctorFinding:
    """Every register that is named is one that there is, its file or class can be used, and its
    address can be reached. Nobody is asked about."""
    named: dict[str, str] = settings.JIFEN_REGISTERS
    if not named:
        return build_finding("registers", "unset", "embedded")
    for register, value in named.items():
        if register not in REGISTERS and register != BUSINESS:
            known = ", ".join((*REGISTERS, BUSINESS))
            return build_finding("registers", "fault", "unknown", register=register, known=known)
        try:
            description = getattr(create_register(value), "description", None)
        except MissingSecret as error:
            values = {"register": register, "file": value, "variable": str(error)}
            return build_finding("registers", "fault", "no_secret", **values)
        except (DocumentError, ImportError, OSError, ValueError) as error:
            words = _describe_file_error(error)
            return build_finding("registers", "fault", "wrong", register=register, why=words)
        if description is not None and (why := _try_to_reach(description.address)):
            values = {"register": register, "where": _name_host(description.address), "why": why}
            return build_finding("registers", "fault", "away", **values)
    return build_finding("registers", "good", "answer", registers=", ".join(named))


def _describe_file_error(error: Exception) -> Text:
    if isinstance(error, DocumentError):
        return Text(error.to_text("zh"), error.to_text("en"))
    words = _describe_error(error) if isinstance(error, OSError) else str(error)[:200]
    return Text(words, words)


def _name_host(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port or _SCHEME_PORTS.get(parts.scheme, 443)}"


def _try_to_reach(address: str) -> str:
    """Why the host of an address cannot be reached; '' where it can."""
    host, _, port = _name_host(address).rpartition(":")
    try:
        socket.create_connection((host, int(port)), SECONDS).close()
    except OSError as error:
        return _describe_error(error)
    return ""


def check_identity_provider() -> DoctorFinding:
    """The city's unified identity publishes how it is used, where one is named."""
    server = os.environ.get("JIFEN_OIDC_SERVER", "").rstrip("/")
    if not server:
        return build_finding("identity", "unset", "none")
    ending = "/.well-known/openid-configuration"
    address = server if server.endswith(ending) else f"{server}{ending}"
    try:
        if urlsplit(address).scheme not in _SCHEME_PORTS:
            raise ValueError("not an address of the web")
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            published = json.loads(answer.read(MOST_BYTES))
        endpoint = published["authorization_endpoint"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return build_finding("identity", "fault", "away", where=address, why=_describe_error(error))
    if not settings.JIFEN_OIDC_IDENTITY_CLAIM:
        return build_finding("identity", "warning", "no_claim", where=endpoint)
    return build_finding("identity", "good", "answers", where=endpoint)


def _describe_error(error: Exception) -> str:
    """Why, without what a server said about accounts."""
    if isinstance(error, URLError) and isinstance(error.reason, OSError):
        return error.reason.strerror or type(error.reason).__name__
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
