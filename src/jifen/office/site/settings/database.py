"""The database: SQLite beside the site by default, PostgreSQL for a city."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from jifen.office.site.settings.environment import get_var_folder, read_whole_number


def parse_database_url(url: str) -> dict[str, Any]:
    """'sqlite:///var/jifen.sqlite3' or 'postgresql://user@host/db?sslmode=require' → a connection.

    Four slashes make a SQLite path absolute. Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return _configure_sqlite(unquote(parts.path[1:]))
    if parts.scheme in ("postgresql", "postgres"):
        return _configure_postgresql(parts.path, dict(parse_qsl(parts.query)), parts)
    raise ImproperlyConfigured(
        "DATABASE_URL is not one that Jifen reads; write sqlite:///var/jifen.sqlite3 or "
        "postgresql://user:password@host:5432/name"
    )


def _configure_sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # A write transaction takes its lock at the start, so that it waits instead of failing.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _configure_postgresql(path: str, query: dict[str, str], parts: Any) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(path.lstrip("/")),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or parts.port or "",
        "USER": query.pop("user", None) or unquote(parts.username or ""),
        "PASSWORD": query.pop("password", None) or unquote(parts.password or ""),
        "OPTIONS": _add_time_limits(query),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _add_time_limits(query: dict[str, str]) -> dict[str, str]:
    """Options of a connection on which nothing is waited for without end. What DATABASE_URL names
    itself (`options`, `connect_timeout`) stands."""
    seconds = {
        "statement_timeout": read_whole_number(*STATEMENT),
        "lock_timeout": read_whole_number(*LOCK),
        "idle_in_transaction_session_timeout": read_whole_number(*STATEMENT),
    }
    ours = " ".join(f"-c {name}={value}s" for name, value in seconds.items())
    theirs = query.get("options", "")
    return {"connect_timeout": "10", **query, "options": f"{ours} {theirs}".strip()}


STATEMENT = ("JIFEN_STATEMENT_SECONDS", 60, 86_400, "how long one statement may take, in seconds")
LOCK = ("JIFEN_LOCK_SECONDS", 10, 3_600, "how long a lock is waited for, in seconds")


def _get_default_url() -> str:
    get_var_folder().mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{get_var_folder() / 'jifen.sqlite3'}"


DATABASES = {"default": parse_database_url(os.environ.get("DATABASE_URL") or _get_default_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
