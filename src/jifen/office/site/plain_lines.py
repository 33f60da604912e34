"""Lines to other machines on which personal data would travel readable: in production they stop the
start, unless the operator says that the line is protected otherwise (OWASP ASVS 5.0, 12.3.1)."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jifen.office.registry.adapters.description import read_description
from jifen.office.registry.registers import is_description
from jifen.policy.fault import PolicyError

SAFE_MODES = ("require", "verify-ca", "verify-full")
"""The values of PostgreSQL's `sslmode` that refuse a line without TLS."""


@dataclass(frozen=True, slots=True)
class PlainLine:
    """A line without TLS: the variable that names it, the machine at its end, what to write."""

    variable: str
    host: str
    remedy: str


def refuse_plain_lines() -> None:
    """Raises ImproperlyConfigured for the lines that `JIFEN_PLAIN_LINES` does not name."""
    if settings.JIFEN_MODE != "production":
        return
    lines = [line for line in list_plain_lines() if line.variable not in _list_allowed()]
    if lines:
        named = "; ".join(f"{line.variable} ({line.host}): {line.remedy}" for line in lines)
        raise ImproperlyConfigured(
            f"Personal data would travel readable to other machines. {named}. Where a line is "
            "protected otherwise (a tunnel, a machine of its own network), name its variable in "
            "JIFEN_PLAIN_LINES, with commas between."
        )


def list_plain_lines() -> list[PlainLine]:
    """Every line to another machine that is configured without TLS."""
    return [line for line in _list_lines() if line.host and not _is_here(line.host)]


def _list_allowed() -> tuple[str, ...]:
    return tuple(settings.JIFEN_PLAIN_LINES)


def _list_lines() -> Iterator[PlainLine]:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        mode = database.get("OPTIONS", {}).get("sslmode", "")
        if mode not in SAFE_MODES:
            yield PlainLine("DATABASE_URL", str(database["HOST"]), "add sslmode=verify-full")
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not (
        settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    ):
        remedy = "set JIFEN_EMAIL_TLS to starttls or tls"
        yield PlainLine("JIFEN_EMAIL_HOST", settings.EMAIL_HOST, remedy)
    for variable, address in _list_addresses():
        parts = urlsplit(address)
        if parts.scheme == "http":
            yield PlainLine(variable, parts.hostname or "", "write https://")
        elif parts.scheme == "tcp":
            yield PlainLine(variable, parts.hostname or "", "use a scanner on this machine")


def _list_addresses() -> Iterator[tuple[str, str]]:
    yield "JIFEN_SMS_URL", settings.JIFEN_SMS_URL
    yield "JIFEN_S3_ENDPOINT", settings.JIFEN_S3_ENDPOINT
    yield "JIFEN_CLAMD", settings.JIFEN_CLAMD
    for app in settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", []):
        yield "JIFEN_OIDC_SERVER", app["settings"]["server_url"]
    for value in settings.JIFEN_REGISTERS.values():
        if is_description(value):
            # a file that cannot be read opens no line; `jifen doctor` says what is wrong with it
            with suppress(OSError, ValueError, PolicyError):
                yield "JIFEN_REGISTERS", read_description(Path(value)).address


def _is_here(host: str) -> bool:
    """Whether a name or address is of this machine; a path is a socket."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
