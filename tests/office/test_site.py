"""The site itself: its settings, its server, its templates."""

import gzip
import logging
import socket
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.http import HttpResponseBase
from django.test import Client

from jifen.office.site.server import PortTaken, build_welcome, require_free
from jifen.office.site.settings import environment
from jifen.office.site.settings.database import parse_database_url
from jifen.office.site.static_files import CACHE_FOR_A_YEAR
from jifen.office.web.jinja import asset


def test_a_taken_port_is_said_plainly() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match="Another program may be using the port"):
            require_free("127.0.0.1", port)


def test_the_welcome_names_an_address_that_can_be_opened() -> None:
    assert "http://127.0.0.1:8000/shanghai/" in build_welcome("0.0.0.0", 8000)
    assert "http://[::1]:80/" in build_welcome("::1", 80)


def test_database_addresses() -> None:
    assert parse_database_url("sqlite:///var/x.sqlite3")["NAME"] == "var/x.sqlite3"
    assert parse_database_url("sqlite:////abs/x.sqlite3")["NAME"] == "/abs/x.sqlite3"
    assert parse_database_url("sqlite:///a")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    city = parse_database_url("postgresql://jifen:p%40ss@db:5433/city?sslmode=require")
    assert (city["USER"], city["PASSWORD"], city["HOST"], city["PORT"]) == (
        "jifen",
        "p@ss",
        "db",
        5433,
    )
    assert city["OPTIONS"]["sslmode"] == "require"
    assert (
        parse_database_url("postgresql:///postgres?host=/tmp/s&user=postgres")["HOST"] == "/tmp/s"
    )
    with pytest.raises(ImproperlyConfigured, match="write sqlite:///"):
        parse_database_url("mysql://x/y")


def test_the_embedded_mode_keeps_one_key_for_its_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("JIFEN_MODE", raising=False)
    monkeypatch.setenv("JIFEN_VAR", str(tmp_path / "var"))
    key = environment.read_secret_key()
    assert len(key) > 50
    assert environment.read_secret_key() == key
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_production_assumes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_MODE", "production")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment.read_secret_key()
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS is not set"):
        environment.read_allowed_hosts()
    monkeypatch.setenv("JIFEN_MODE", "prod")
    with pytest.raises(ImproperlyConfigured, match="embedded, sandbox, production"):
        environment.read_mode()


@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_template_is_used() -> None:
    office = Path(environment.__file__).parents[2]
    web = office / "web"
    words = "".join(
        p.read_text(encoding="utf-8") for p in office.rglob("*") if p.suffix in (".py", ".html")
    )
    pieces = {"frame/head.html", "frame/top.html", "frame/foot.html"}  # named by signin/frame.py
    unused = [
        str(path.relative_to(web / "templates"))
        for path in (web / "templates").rglob("*.html")
        if f'"{path.relative_to(web / "templates")}"' not in words
        and str(path.relative_to(web / "templates")) not in pieces
    ]
    assert unused == []


def _static(visitor: Client, address: str, **headers: str) -> HttpResponseBase:
    return visitor.get(address, headers=headers)


@pytest.mark.django_db
def test_only_an_address_with_the_right_hash_is_kept_for_a_year(client: Client) -> None:
    hashed = asset("web/jifen.css")
    assert _static(client, hashed).headers["Cache-Control"] == CACHE_FOR_A_YEAR
    for other in ("/static/web/jifen.css", "/static/web/jifen.css?v=000000000000"):
        assert _static(client, other).headers["Cache-Control"] == "max-age=60, public"


@pytest.mark.django_db
def test_static_words_are_sent_compressed_to_those_who_take_it(client: Client) -> None:
    plain = _static(client, asset("web/jifen.css"))
    content = plain.getvalue()
    for _ in range(2):
        packed = _static(client, asset("web/jifen.css"), accept_encoding="gzip, br")
        assert packed.headers["Content-Encoding"] == "gzip"
        body = packed.getvalue()
        assert packed.headers["Content-Length"] == str(len(body))
        assert gzip.decompress(body) == content
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_an_oversized_form_leaves_no_trace_in_the_log() -> None:
    for fault in ("TooManyFieldsSent", "RequestDataTooBig", "TooManyFilesSent"):
        assert not logging.getLogger(f"django.security.{fault}").isEnabledFor(logging.ERROR)
    assert logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)
