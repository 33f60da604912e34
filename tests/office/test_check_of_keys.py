"""`jifen check` tells of keys that are missing, broken, or those of another installation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.notices import key_consistency
from jifen.office.notices.actions import issuance, printing
from jifen.office.notices.key_file import generate_key_file, key_file
from jifen.office.vault import key_check
from jifen.office.vault.keys import keys, new_keys
from tests.world.kills import cases
from tests.world.office import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_keys(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder for other files of keys; the real ones are read again at the end."""
    kept = settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS
    yield tmp_path
    settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS = kept
    _forget()


def _forget() -> None:
    for cached in (keys, key_file):
        cached.cache_clear()


def _written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def test_keys_that_are_missing_are_told_and_not_made(settings: Any, other_keys: Path) -> None:
    settings.JIFEN_KEYS = str(other_keys / "none.json")
    assert list(key_check.find_key_faults()) == [], "an installation that has sealed nothing yet"
    settings.JIFEN_KEYS = str(other_keys / "none.json")
    with_keys = other_keys / "first.json"
    settings.JIFEN_KEYS = _written(with_keys, new_keys())
    _forget()
    person(1)
    settings.JIFEN_KEYS = str(other_keys / "none.json")
    _forget()
    assert list(key_check.find_key_faults()) == [
        f"keys: {other_keys / 'none.json'} is missing; restore it from its backup"
    ]
    assert not (other_keys / "none.json").exists()


def test_keys_of_another_installation_open_nothing(settings: Any, other_keys: Path) -> None:
    settings.JIFEN_KEYS = _written(other_keys / "own.json", new_keys())
    _forget()
    somebody = person(1, phone="13812345678")
    assert list(key_check.find_key_faults()) == []
    settings.JIFEN_KEYS = _written(other_keys / "other.json", new_keys())
    _forget()
    told = list(key_check.find_key_faults())
    assert told == [
        f"keys: registry.Person.{field} cannot be opened in 1 rows ({somebody.pk}) with the keys "
        "of JIFEN_KEYS: the file is another one, or the rows were changed"
        for field in ("identity", "name", "phone")
    ]
    ended = CliRunner().invoke(app, ["check"])
    last = "3 faults of keys; nothing else was looked at\n"
    assert (ended.exit_code, ended.stdout) == (1, "\n".join(told) + "\n" + last)


def test_a_broken_file_of_keys_is_told_in_its_own_words(settings: Any, other_keys: Path) -> None:
    settings.JIFEN_KEYS = _written(other_keys / "broken.json", "{")
    _forget()
    (words,) = key_check.find_key_faults()
    assert words.startswith(f"keys: {other_keys / 'broken.json'} is not a file of keys")
    settings.JIFEN_NOTICE_KEYS = _written(other_keys / "notices.json", json.dumps({}))
    (words,) = key_consistency.find_key_problems()
    assert words.startswith(
        f"keys of notices: {other_keys / 'notices.json'} is not a file of the keys of notices"
    )


def test_keys_of_notices_are_those_that_signed_the_last_one(
    settings: Any, other_keys: Path
) -> None:
    settings.JIFEN_NOTICE_KEYS = str(other_keys / "none.json")
    assert list(key_consistency.find_key_problems()) == [], (
        "an installation that has issued nothing yet"
    )
    settings.JIFEN_NOTICE_KEYS = _written(other_keys / "own.json", generate_key_file("own"))
    _forget()
    (decision,) = cases(1)
    notice = issuance.issue_for_decision(decision)
    assert notice is not None
    printing.print_due_notices()
    assert list(key_consistency.find_key_problems()) == []
    settings.JIFEN_NOTICE_KEYS = _written(other_keys / "other.json", generate_key_file("other"))
    _forget()
    assert list(key_consistency.find_key_problems()) == [
        f"keys of notices: they did not sign notice {notice.number}, which can no longer be "
        "checked; restore the file that did from its backup"
    ]
    (other_keys / "own.json").unlink()
    settings.JIFEN_NOTICE_KEYS = str(other_keys / "own.json")
    _forget()
    assert list(key_consistency.find_key_problems()) == [
        f"keys of notices: {other_keys / 'own.json'} is missing; restore it from its backup"
    ]
