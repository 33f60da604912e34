"""The doctor names what is missing or wrong, each thing once, and what to do."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from jifen.cli.operations import _SIGNS
from jifen.office.operate.doctor import basics, run_checks, services
from jifen.office.operate.doctor.findings import WORDS, DoctorFinding
from jifen.office.site import readiness

pytestmark = pytest.mark.django_db


@pytest.fixture
def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def answering(*answers: bytes, until: bytes = b"") -> Iterator[int]:
    """A server that says one answer after each thing that it is told, which ends in `until`; its
    port."""

    def serve() -> None:
        line, _ = server.accept()
        with line:
            line.settimeout(10)
            line.sendall(answers[0])
            for answer in answers[1:]:
                told = line.recv(4096)
                while told and not told.endswith(until):
                    told += line.recv(4096)
                if not told:
                    return
                line.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@contextmanager
def publishing(content: Any) -> Iterator[str]:
    """A web server that publishes one document; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_there = self.path == "/.well-known/openid-configuration"
            self.send_response(200 if is_there else 404)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def says(finding: DoctorFinding, state: str, *words: str) -> None:
    assert finding.state == state, finding
    for word in words:
        assert word in finding.words.en
    assert finding.words.zh != finding.words.en


def test_a_new_installation_has_no_fault() -> None:
    findings = list(run_checks())
    assert [finding.check for finding in findings if finding.is_fault] == []
    assert len({finding.check for finding in findings}) == len(findings) == 18
    assert {finding.state for finding in findings} <= _SIGNS.keys()


def test_both_languages_say_the_same_things() -> None:
    from jifen.policy.catalogue import _read_catalogue

    chinese, english = (_read_catalogue(WORDS.package, lang)["phrases"] for lang in ("zh", "en"))
    assert list(chinese) == list(english)


def test_a_database_that_is_away_is_the_only_thing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("connection refused\nby the server")

    monkeypatch.setattr(connection, "cursor", refuse)
    (finding,) = run_checks()
    says(finding, "fault", "connection refused", "DATABASE_URL")


def test_sqlite_in_production_is_a_warning(settings: Settings) -> None:
    settings.JIFEN_MODE = "production"
    expected = "warning" if connection.vendor == "sqlite" else "good"
    assert basics.check_database().state == expected


def test_a_log_that_proves_less_than_it_could_is_a_warning(settings: Settings) -> None:
    says(basics.check_log(), "unset", "Outside of production")
    settings.JIFEN_MODE = "production"
    says(basics.check_log(), "warning", "JF-J009", "Set JIFEN_ANCHORS to a folder")
    settings.STORAGES = settings.STORAGES | {"anchors": settings.STORAGES["documents"]}
    owned = connection.vendor == "postgresql"  # tests own their tables
    says(
        basics.check_log(), "warning" if owned else "good", "JF-J008" if owned else "kept elsewhere"
    )


def test_a_migration_that_is_not_applied_is_named() -> None:
    MigrationRecorder(connection).record_unapplied("api", "0002_sealed_at_rest")
    first, second = run_checks()
    assert not first.is_fault
    says(second, "fault", "1 migrations are not applied", "api.0002_sealed_at_rest")


def test_a_database_of_a_newer_version_is_told() -> None:
    MigrationRecorder(connection).record_applied("casework", "9999_of_the_future")
    says(basics.check_migrations(), "fault", "casework.9999_of_the_future", "newer Jifen")


def test_a_store_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storages["documents"], "save", full)
    says(basics.check_documents(), "fault", "No space left on device", "JIFEN_DOCUMENTS")


def test_a_store_that_gives_back_something_else_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"other")
    monkeypatch.setattr(storages["documents"], "open", lambda name: other.open("rb"))
    says(basics.check_documents(), "fault", "something else")


def test_little_room_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basics, "LEAST_FREE_BYTES", 1 << 60)
    says(basics.check_disk_space(), "warning", "GiB are free at")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 9, 30), "good"),
        (date(2026, 10, 1), "warning"),
        (date(2031, 1, 1), "warning"),
    ],
)
def test_holidays_of_the_next_year_are_wanted_from_october(today: date, state: str) -> None:
    assert basics.check_holidays(today).state == state


def test_a_scanner_that_does_not_answer_is_told(settings: Settings, free_port: int) -> None:
    settings.JIFEN_CLAMD = f"tcp://127.0.0.1:{free_port}"
    says(services.check_scanner(), "fault", settings.JIFEN_CLAMD, "ConnectionRefusedError")


@pytest.mark.parametrize(
    ("answer", "state"), [(b"stream: OK\0", "good"), (b"stream: Eicar FOUND\0", "fault")]
)
def test_a_scanner_answers(settings: Settings, answer: bytes, state: str) -> None:
    with answering(b"", answer, until=bytes(4)) as port:
        settings.JIFEN_CLAMD = f"tcp://127.0.0.1:{port}"
        assert services.check_scanner().state == state


SMTP = "django.core.mail.backends.smtp.EmailBackend"


def test_a_mail_server_that_is_away_is_told(settings: Settings, free_port: int) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = SMTP, free_port
    settings.EMAIL_HOST = "127.0.0.1"
    says(services.check_mail(), "fault", f"127.0.0.1:{free_port}", "Connection refused")


def test_a_mail_server_that_takes_no_sign_in_is_told(settings: Settings) -> None:
    with answering(b"220 here\r\n", b"250-here\r\n250 AUTH PLAIN\r\n", b"535 no\r\n") as port:
        settings.EMAIL_BACKEND, settings.EMAIL_PORT = SMTP, port
        settings.EMAIL_HOST, settings.EMAIL_HOST_USER = "127.0.0.1", "jifen"
        settings.EMAIL_HOST_PASSWORD = "a secret"
        finding = services.check_mail()
    says(finding, "fault", "SMTPAuthenticationError")
    assert "a secret" not in str(finding)


def test_a_mail_server_answers(settings: Settings) -> None:
    with answering(b"220 here\r\n", b"221 bye\r\n") as port:
        settings.EMAIL_BACKEND, settings.EMAIL_PORT = SMTP, port
        settings.EMAIL_HOST = "127.0.0.1"
        says(services.check_mail(), "good", str(port))


def test_a_gateway_that_cannot_be_reached_is_told(settings: Settings, free_port: int) -> None:
    settings.JIFEN_SMS_URL = f"http://127.0.0.1:{free_port}/send"
    says(services.check_sms_gateway(), "fault", f"127.0.0.1:{free_port}", "Connection refused")
    with answering(b"") as port:
        settings.JIFEN_SMS_URL = f"http://127.0.0.1:{port}/send"
        assert services.check_sms_gateway().state == "good"


@pytest.mark.parametrize(
    ("content", "claim", "state"),
    [
        ({"authorization_endpoint": "https://id.example/login"}, "idcard", "good"),
        ({"authorization_endpoint": "https://id.example/login"}, "", "warning"),
        ({"issuer": "https://id.example"}, "idcard", "fault"),
        ([], "idcard", "fault"),
    ],
)
def test_the_unified_identity_is_asked_how_it_is_used(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    content: Any,
    claim: str,
    state: str,
) -> None:
    settings.JIFEN_OIDC_IDENTITY_CLAIM = claim
    with publishing(content) as address:
        monkeypatch.setenv("JIFEN_OIDC_SERVER", address)
        assert services.check_identity_provider().state == state


@pytest.mark.parametrize("server", ["file:///etc/passwd", "http://127.0.0.1:1", "nowhere"])
def test_an_identity_that_cannot_be_asked_is_told(
    monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("JIFEN_OIDC_SERVER", server)
    says(services.check_identity_provider(), "fault", server, "JIFEN_OIDC_SERVER")


def test_a_server_is_ready_when_its_database_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_known_applied", set())
    visitor = Client()
    MigrationRecorder(connection).record_unapplied("api", "0002_sealed_at_rest")
    refused = visitor.get("/readyz")
    assert (refused.status_code, refused.content) == (503, b"not ready\n")
    MigrationRecorder(connection).record_applied("api", "0002_sealed_at_rest")
    assert visitor.get("/readyz").content == b"ready\n"
    assert "no-store" in visitor.get("/readyz").headers["Cache-Control"]
