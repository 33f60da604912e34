"""What is published for checking offline; keys that change."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.retention import ExpiredCase, remove_case
from jifen.office.notices.actions import events, printing
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.key_file import generate_key_file, key_file
from jifen.office.notices.keys import load_notice_keys
from jifen.office.notices.models import Notice, Removed
from jifen.office.notices.publication import build_revocation_list_at
from jifen.statements import check_statement
from jifen.statements.keys import read_key_list
from jifen.statements.revocations import read_revoked
from tests.world.notice import City, said
from tests.world.office import today


def test_what_is_published_checks_the_square_code_and_shows_a_revocation(city: City) -> None:
    keys = read_key_list(Client().get("/v/keys.json").content)
    statement = city.notice.sheet.statement
    listed = read_revoked(build_revocation_list_at(timezone.now(), site.JIFEN_ADDRESS), keys)
    assert check_statement(statement, keys, today(), listed, timezone.now()).state == "valid"
    PointsPeriod.objects.update(ended_on=today())
    revoke_for_person(city.office.person.pk, "shanghai")
    listed = read_revoked(build_revocation_list_at(timezone.now(), site.JIFEN_ADDRESS), keys)
    assert check_statement(statement, keys, today(), listed, timezone.now()).state == "revoked"


def test_what_retention_removed_stays_revoked_offline(
    city: City, django_capture_on_commit_callbacks: Any
) -> None:
    statement, place = city.notice.sheet.statement, city.notice.pk
    with django_capture_on_commit_callbacks(execute=True):
        remove_case(ExpiredCase(city.case, "application", today()))
    assert not Notice.objects.exists()
    keys = read_key_list(Client().get("/v/keys.json").content)
    listed = read_revoked(build_revocation_list_at(timezone.now(), site.JIFEN_ADDRESS), keys)
    assert check_statement(statement, keys, today(), listed, timezone.now()).state == "revoked"
    city.office.submitted()  # a later paper makes the list longer
    events.issue_for_case_events()
    listed = read_revoked(build_revocation_list_at(timezone.now(), site.JIFEN_ADDRESS), keys)
    assert check_statement(statement, keys, today(), listed, timezone.now()).state == "revoked"
    fresh = Notice.objects.get()
    assert fresh.pk > place
    assert listed.is_revoked(fresh.pk) is False
    with pytest.raises(DatabaseError), transaction.atomic():
        Removed.objects.all().delete()


def test_a_new_key_signs_and_the_old_one_is_still_published(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = json.loads(Path(site.JIFEN_NOTICE_KEYS).read_text())
    new = json.loads(generate_key_file("浦东新区"))
    public = load_pem_private_key(old["statement"].encode(), None).public_key()
    spki = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    new["older"] = [public.public_bytes(*spki).decode()]
    path = tmp_path / "new.json"
    path.write_text(json.dumps(new))
    path.chmod(0o600)
    monkeypatch.setattr(site, "JIFEN_NOTICE_KEYS", str(path))
    key_file.cache_clear()
    try:
        keys = read_key_list(Client().get("/v/keys.json").content)
        assert check_statement(city.notice.sheet.statement, keys, today()).state == "valid"
        fresh = printing.build_statement(city.notice).sign_with(load_notice_keys())
        assert fresh.split(".", maxsplit=1)[0] != city.notice.sheet.statement.split(".")[0]
        assert check_statement(fresh, keys, today()).state == "valid"
        path.chmod(0o644)
        key_file.cache_clear()
        with pytest.raises(ImproperlyConfigured, match="chmod 600"):
            key_file()
    finally:
        key_file.cache_clear()


def test_production_makes_no_keys_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(site, "JIFEN_NOTICE_KEYS", str(tmp_path / "none.json"))
    monkeypatch.setattr(site, "JIFEN_MODE", "production")
    key_file.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="jifen keys notices FILE"):
            key_file()
    finally:
        key_file.cache_clear()


def test_the_page_to_keep_holds_keys_and_list_and_asks_for_nothing_else(city: City) -> None:
    page = said(Client().get("/v/offline.html"))
    assert "http" not in re.sub(r'"sub":"[^"]*"', "", page).replace("http-equiv", "")
    assert '"kty": "EC"' in page
