"""What an administrator watches: the log on standard error, and metrics at an address of their own.

What is logged are faults of the site and, in production, one line a request; never what a visitor
typed (`operate/log_lines.py`).
"""

import os
from ipaddress import ip_address

from django.core.exceptions import ImproperlyConfigured

from jifen.office.site.settings.environment import read_choice, read_mode

_LEAST_TOKEN = 32


def read_metrics_address() -> tuple[str, int] | None:
    """JIFEN_METRICS: where metrics are shown, as HOST:PORT; None where it is not set."""
    given = os.environ.get("JIFEN_METRICS", "")
    if not given:
        return None
    host, _, port = given.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise ImproperlyConfigured(
            f"JIFEN_METRICS is '{given[:60]}'; write the address of this machine at which metrics "
            "are shown, such as 127.0.0.1:9464"
        )
    return host, int(port)


def read_metrics_token(address: tuple[str, int] | None) -> str:
    """JIFEN_METRICS_TOKEN: what a caller has to know. It may be missing where only this machine
    reaches the address."""
    token = os.environ.get("JIFEN_METRICS_TOKEN", "")
    if token and len(token) < _LEAST_TOKEN:
        raise ImproperlyConfigured(
            f"JIFEN_METRICS_TOKEN has {len(token)} characters; write {_LEAST_TOKEN} or more random "
            'ones, such as those of: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    if address and not token and not _is_of_this_machine(address[0]):
        raise ImproperlyConfigured(
            f"JIFEN_METRICS is '{address[0]}:{address[1]}', which other machines may reach, and "
            "JIFEN_METRICS_TOKEN is not set. Set the token, or write 127.0.0.1 for this machine "
            "alone."
        )
    return token


def _is_of_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_PRODUCTION = read_mode() == "production"
JIFEN_METRICS = read_metrics_address()
JIFEN_METRICS_TOKEN = read_metrics_token(JIFEN_METRICS)
# A line a request: address pattern, status, time, account; never the address itself.
JIFEN_ACCESS_LOG = (
    read_choice("JIFEN_ACCESS_LOG", ("yes", "no"), "yes" if _PRODUCTION else "no") == "yes"
)
_FORM = read_choice("JIFEN_LOG", ("json", "line"), "json" if _PRODUCTION else "line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "jifen.office.operate.log_lines.JsonLines"},
        "line": {
            "()": "jifen.office.operate.log_lines.TextLines",
            # people of a sandbox are invented
            "show_errors": read_mode() == "sandbox",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": _FORM}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A wrong address or an oversized form is the visitor's, shown to the visitor.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # Django reports an oversized form as an error with its trace; it is the visitor's, too.
        **{
            f"django.security.{fault}": {"level": "CRITICAL"}
            for fault in ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
        },
        "jifen": {"level": "INFO", "propagate": True},
        "jifen.access": {"level": "INFO" if JIFEN_ACCESS_LOG else "CRITICAL"},
    },
}
