"""What stops the start: other keys, a store that cannot be written, a weak secret, a sandbox."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from jifen.office.accounts.models import InstallationMark, User
from jifen.office.audit.models import Entry
from jifen.office.notices.keys import load_notice_keys
from jifen.office.sandbox.cast import MARK, PASSWORD, STAFF
from jifen.office.sandbox.guard import refuse_sandbox
from jifen.office.site import start_checks
from jifen.office.site.settings import environment
from jifen.office.site.start_checks import refuse_wrong_start
from jifen.office.vault.keys import Keys, keys
from tests.world.office import person

pytestmark = pytest.mark.django_db


def hold(monkeypatch: pytest.MonkeyPatch, **other: Any) -> None:
    """The file of keys is another one."""
    held = keys()
    said = {"seal": held.seal, "current": held.current, "index": held.index, "sign": held.sign}
    made = Keys(**(said | other))
    for module in ("jifen.office.site.start_checks", "jifen.office.vault.seal"):
        monkeypatch.setattr(f"{module}.keys", lambda: made)


def test_the_first_start_notes_check_values_and_no_key() -> None:
    refuse_wrong_start()
    kept = dict(InstallationMark.objects.values_list("name", "value"))
    of_notices = f"key of notices {load_notice_keys().key_id}"
    assert set(kept) == {"key to seal k1", "key to look up by", "key to sign s1", of_notices}
    held = keys()
    assert not {held.index.hex(), held.sign.hex(), held.seal["k1"].hex()} & set(kept.values())
    refuse_wrong_start()


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"seal": {"k1": b"2" * 32}}, "key to seal k1"),
        ({"seal": {"k2": b"2" * 32}, "current": "k2"}, "key to seal k1"),
        ({"index": b"2" * 32}, "key to look up by"),
        ({"sign": b"2" * 32}, "key to sign s1"),
    ],
)
def test_another_file_of_keys_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, Any], named: str
) -> None:
    refuse_wrong_start()
    hold(monkeypatch, **other)
    with pytest.raises(ImproperlyConfigured, match=named) as caught:
        refuse_wrong_start()
    assert "restore it from its backup" in str(caught.value)
    assert site.JIFEN_KEYS in str(caught.value)


def test_a_new_key_beside_the_old_ones_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_wrong_start()
    hold(monkeypatch, seal={**keys().seal, "k2": b"2" * 32}, current="k2")
    refuse_wrong_start()
    assert InstallationMark.objects.filter(name="key to seal k2").exists()


@pytest.mark.parametrize("other", [{"seal": {"k1": b"2" * 32}}, {"index": b"2" * 32}])
def test_a_database_from_before_is_compared_by_its_people(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    person(1)
    with monkeypatch.context() as patch:
        hold(patch, **other)
        with pytest.raises(ImproperlyConfigured, match="people's numbers"):
            refuse_wrong_start()
    assert not InstallationMark.objects.exists(), "the wrong keys are not noted"
    refuse_wrong_start()


def test_a_file_of_keys_that_is_gone_is_not_made_anew(settings: Any, tmp_path: Path) -> None:
    refuse_wrong_start()
    settings.JIFEN_KEYS = str(tmp_path / "gone.json")
    with pytest.raises(ImproperlyConfigured, match=r"gone\.json is missing.*restore it from its"):
        refuse_wrong_start()
    assert not (tmp_path / "gone.json").exists()


def test_a_store_that_cannot_be_written_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storages["documents"], "save", full)
    with pytest.raises(ImproperlyConfigured, match=r"No space left on device.*JIFEN_DOCUMENTS"):
        refuse_wrong_start()


def test_the_start_leaves_nothing_in_the_store() -> None:
    before = storages["documents"].listdir("")
    refuse_wrong_start()
    assert storages["documents"].listdir("") == before


def test_missing_notice_keys_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise ImproperlyConfigured("JIFEN_NOTICE_KEYS names no file")

    monkeypatch.setattr(start_checks, "load_notice_keys", none)
    with pytest.raises(ImproperlyConfigured, match="JIFEN_NOTICE_KEYS"):
        refuse_wrong_start()


def test_a_sandbox_stays_one_when_its_log_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    InstallationMark.objects.create(name=MARK, value="yes")
    assert not Entry.objects.exists()
    monkeypatch.setattr(site, "JIFEN_MODE", "production")
    with pytest.raises(ImproperlyConfigured, match="filled as a sandbox"):
        refuse_sandbox()


@pytest.mark.parametrize("password", [PASSWORD, "one that nobody knows"])
def test_a_sandbox_without_log_and_mark_is_known_by_its_sign_ins(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    User.objects.create_user(STAFF[0].username, password)
    monkeypatch.setattr(site, "JIFEN_MODE", "production")
    if password != PASSWORD:
        refuse_sandbox()
        return
    with pytest.raises(ImproperlyConfigured, match="filled as a sandbox"):
        refuse_sandbox()


@pytest.mark.parametrize(
    "key", ["short", "a" * 60, "abc" * 20, "django-insecure-" + "0123456789abcdefghij" * 3]
)
def test_a_weak_secret_key_stops_production(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    monkeypatch.setenv("JIFEN_MODE", "production")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is weak") as caught:
        environment.read_secret_key()
    assert key not in str(caught.value)
    monkeypatch.setenv("JIFEN_MODE", "embedded")
    assert environment.read_secret_key() == key
