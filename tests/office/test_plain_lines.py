"""In production nothing personal travels to another machine without TLS."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jifen.office.site import start_checks
from jifen.office.site.plain_lines import list_plain_lines, refuse_plain_lines
from jifen.office.site.settings.database import parse_database_url

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JIFEN_MODE", "production")
    monkeypatch.setattr(settings, "JIFEN_PLAIN_LINES", ())


def _use_database(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(settings, "DATABASES", {"default": parse_database_url(url)})


@pytest.mark.parametrize(
    ("url", "is_plain"),
    [
        ("sqlite:///here.sqlite3", False),
        ("postgresql://jifen@/jifen?host=/run/postgresql", False),
        ("postgresql://jifen@localhost/jifen", False),
        ("postgresql://jifen@127.0.0.1/jifen", False),
        ("postgresql://jifen@[::1]/jifen", False),
        ("postgresql://jifen@db/jifen?sslmode=require", False),
        ("postgresql://jifen@db/jifen?sslmode=verify-full", False),
        ("postgresql://jifen@db/jifen", True),
        ("postgresql://jifen@db/jifen?sslmode=prefer", True),
        ("postgresql://jifen@192.0.2.7/jifen?sslmode=disable", True),
    ],
)
def test_a_database_on_another_machine_is_reached_over_tls(
    monkeypatch: pytest.MonkeyPatch, url: str, is_plain: bool
) -> None:
    _use_database(monkeypatch, url)
    assert [line.variable for line in list_plain_lines()] == ["DATABASE_URL"] * is_plain


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("JIFEN_SMS_URL", "http://sms.example/send", "JIFEN_SMS_URL"),
        ("JIFEN_SMS_URL", "https://sms.example/send", ""),
        ("JIFEN_SMS_URL", "http://127.0.0.1:8080/send", ""),
        ("JIFEN_CLAMD", "tcp://scanner:3310", "JIFEN_CLAMD"),
        ("JIFEN_CLAMD", "unix:/run/clamav/clamd.ctl", ""),
    ],
)
def test_other_services_too(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, variable: str
) -> None:
    monkeypatch.setattr(settings, name, value)
    assert [line.variable for line in list_plain_lines()] == ([variable] if variable else [])


@pytest.mark.parametrize(
    ("host", "tls", "is_plain"),
    [("mail.example", False, True), ("mail.example", True, False), ("localhost", False, False)],
)
def test_mail_too(monkeypatch: pytest.MonkeyPatch, host: str, tls: bool, is_plain: bool) -> None:
    monkeypatch.setattr(settings, "EMAIL_BACKEND", SMTP)
    monkeypatch.setattr(settings, "EMAIL_HOST", host)
    monkeypatch.setattr(settings, "EMAIL_USE_TLS", tls)
    assert [line.variable for line in list_plain_lines()] == ["JIFEN_EMAIL_HOST"] * is_plain


def test_unified_identity_and_registers_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app: dict[str, Any] = {"settings": {"server_url": "http://id.example"}}
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", {"openid_connect": {"APPS": [app]}})
    description = tmp_path / "insurance.yaml"
    description.write_text(
        'language: "1"\naddress: http://insurance.example/ask\nrequest: {id: "{identity}"}\n'
        "answer:\n  as_of: {path: day}\n"
        "  facts:\n    insured_months: {path: months, kind: whole}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(settings, "JIFEN_REGISTERS", {"insurance": str(description)})
    variables = [line.variable for line in list_plain_lines()]
    assert variables == ["JIFEN_OIDC_SERVER", "JIFEN_REGISTERS"]


@pytest.mark.parametrize("content", [None, "", "address: [", 'language: "1"'])
def test_a_file_of_a_register_that_cannot_be_read_is_no_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    description = tmp_path / "insurance.yaml"
    if content is not None:
        description.write_text(content, encoding="utf-8")
    monkeypatch.setattr(settings, "JIFEN_REGISTERS", {"insurance": str(description)})
    assert list_plain_lines() == []


def test_the_start_is_refused_in_words_and_a_named_line_is_let_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _use_database(monkeypatch, "postgresql://jifen@db/jifen")
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_plain_lines()
    assert "DATABASE_URL (db): add sslmode=verify-full" in str(refused.value)
    assert "JIFEN_PLAIN_LINES" in str(refused.value)
    monkeypatch.setattr(settings, "JIFEN_PLAIN_LINES", ("DATABASE_URL",))
    refuse_plain_lines()
    monkeypatch.setattr(settings, "JIFEN_PLAIN_LINES", ())
    monkeypatch.setattr(settings, "JIFEN_MODE", "embedded")
    refuse_plain_lines()


def test_it_is_looked_at_before_the_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "JIFEN_SMS_URL", "http://sms.example/send")
    monkeypatch.setattr(start_checks, "refuse_sandbox", lambda: None)
    with pytest.raises(ImproperlyConfigured, match="JIFEN_SMS_URL"):
        start_checks.refuse_wrong_start()
