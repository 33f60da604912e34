"""What is sealed is sealed anew while the site runs; whoever is stopped leaves every row whole."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from jifen.office.accounts.signin.sessions import SessionStore
from jifen.office.audit.models import Entry
from jifen.office.registry.models import Person
from jifen.office.site.rotation import lock, resealing, sealed_columns, steps
from jifen.office.site.rotation.lock import CannotRotate
from jifen.office.site.start_checks import refuse_wrong_start
from jifen.office.vault import key_check
from jifen.office.vault.keys import keys
from tests.world.browser import SECRET, give_phone
from tests.world.kills import killed_at_every_call
from tests.world.office import identity, person, staff
from tests.world.rotations import rotate

pytestmark = pytest.mark.django_db


def people(many: int) -> None:
    for number in range(1, many + 1):
        person(number, phone=f"138000000{number:02}")


def told() -> list[tuple[str, str]]:
    return [(one.identity, one.phone) for one in Person.objects.order_by("pk")]


def names_of_keys() -> set[str]:
    """The keys with which anything is sealed."""
    names = set[str]()
    for column in sealed_columns.list_sealed_columns():
        rows = column.list_rows_to_reseal("none", None, 1_000)
        names |= {text.partition(".")[0] for _, text in rows}
    for one in Authenticator.objects.all():
        names.add(one.data["secret"].partition(".")[0])
    return names


def test_everything_sealed_is_sealed_anew_and_says_the_same(own: Path) -> None:
    people(3)
    give_phone(staff("clerk", "clerk"))
    session = SessionStore()
    session["words"] = "王小明的材料"
    session.save()
    before = told()
    assert names_of_keys() == {"k1"}
    outcome = rotate("seal")
    assert outcome.faults == []
    assert outcome.done == 3 * 3 + 1 + 1, "numbers, names and phones, a session, a second factor"
    assert names_of_keys() == {"k2"}
    assert told() == before
    secret = Authenticator.objects.get().data["secret"]
    assert get_adapter().decrypt(secret) == SECRET
    assert SessionStore(session.session_key)["words"] == "王小明的材料"
    assert Session.objects.get().session_data.startswith("k2.")
    entry = Entry.objects.get(act="keys.rotated")
    assert entry.details == {"kind": "seal", "done": 11}
    refuse_wrong_start()


def test_an_older_key_is_forgotten_once_nothing_needs_it(own: Path) -> None:
    people(2)
    refuse_wrong_start()
    rotate("seal")
    assert steps.forget_seals() == ["k1"]
    keys.cache_clear()
    assert set(keys().seal) == {"k2"}
    assert list(key_check.find_key_faults()) == []
    refuse_wrong_start()
    rotate("seal")
    assert names_of_keys() == {"k3"}, "a name is not given twice"


def test_a_key_that_something_is_sealed_with_is_not_forgotten(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(2)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "reseal_all", lambda *_: (0, []))
        rotate("seal")
    with pytest.raises(CannotRotate, match=r"6 values are sealed with k1: run `jifen keys rotate"):
        steps.forget_seals()
    assert len(told()) == 2


def test_killed_at_any_step_it_leaves_nothing_half_and_goes_on(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "PORTION", 2)
    people(5)
    before, kills, sealed = told(), 0, set[frozenset[str]]()

    calls = (
        (steps, "replace_whole"),
        (steps, "refuse_other_keys"),
        (steps, "record"),
        (sealed_columns.SealedColumn, "list_rows_to_reseal"),
        (sealed_columns.SealedColumn, "reseal_row"),
    )
    for _ in killed_at_every_call(lambda: rotate("seal"), *calls):
        kills += 1
        keys.cache_clear()
        refuse_wrong_start()
        assert told() == before
        sealed.add(frozenset(names_of_keys()))
        unfinished = json.loads(Path(site.JIFEN_KEYS).read_text())
        assert rotate("seal").faults == []
        assert names_of_keys() == {keys().current}
        if "seal" in unfinished.get("used", []):
            assert keys().current == unfinished["current"], "it went on with the same key"
        assert told() == before
    assert kills > 40
    assert any(len(names) > 1 for names in sealed), "some kill was in the middle of the rows"


def test_what_somebody_writes_meanwhile_stays_as_they_wrote_it(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(2)
    plain = sealed_columns.SealedColumn.reseal_row

    def after_somebody(self: sealed_columns.SealedColumn, key: Any, old: str) -> bool:
        if self.column == "phone":
            Person.objects.filter(pk=key).update(phone="13900000000")
        return plain(self, key, old)

    monkeypatch.setattr(sealed_columns.SealedColumn, "reseal_row", after_somebody)
    rotate("seal")
    assert [phone for _, phone in told()] == ["13900000000"] * 2
    assert names_of_keys() == {"k2"}


def test_rows_that_cannot_be_opened_are_named_and_left(own: Path) -> None:
    people(2)
    refuse_wrong_start()
    first = Person.objects.order_by("pk")[0].pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET phone = 'k1.AAAA' WHERE id = %s", [first])
    outcome = rotate("seal")
    assert outcome.faults == [
        f"registry.Person.phone: 1 rows cannot be opened ({first}); they are left as they are"
    ]
    assert "seal" in json.loads(Path(site.JIFEN_KEYS).read_text())["used"], "it is not done"
    Person.objects.filter(pk=first).update(phone="13812345678")
    assert rotate("seal").faults == []
    assert json.loads(Path(site.JIFEN_KEYS).read_text())["current"] == "k2", "it went on"
    assert names_of_keys() == {"k2"}


def test_announced_on_one_machine_the_new_key_is_read_on_the_others_before_it_is_used(
    own: Path,
) -> None:
    people(1)
    rotate("seal", announce_only=True)
    assert set(keys().seal) == {"k1", "k2"}
    assert keys().current == "k1"
    rotate("seal", announce_only=True)
    assert set(keys().seal) == {"k1", "k2"}, "announced once"
    rotate("seal")
    assert keys().current == "k2"


def test_two_rotations_at_once_are_one(own: Path) -> None:
    with (
        lock.hold_rotation_lock(Path(site.JIFEN_KEYS)),
        pytest.raises(CannotRotate, match=r"keys of keys\.json are being rotated already: wait"),
    ):
        rotate("seal")


def test_a_file_that_cannot_be_replaced_is_told_and_stays(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(site.JIFEN_KEYS).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(steps, "replace_whole", full)
    with pytest.raises(CannotRotate, match=r"No space left on device.*nothing was changed"):
        rotate("seal")
    assert Path(site.JIFEN_KEYS).read_bytes() == before


def test_a_copy_of_the_file_from_before_stops_the_start(own: Path) -> None:
    people(1)
    refuse_wrong_start()
    before = Path(site.JIFEN_KEYS).read_bytes()
    rotate("seal")
    Path(site.JIFEN_KEYS).write_bytes(before)
    keys.cache_clear()
    with pytest.raises(ImproperlyConfigured, match=r"key to seal k2 differs or is missing"):
        refuse_wrong_start()


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS = sys.argv[1:3]
from jifen.office.site.rotation import resealing, steps
from jifen.office.vault import secret_files
resealing.PORTION = steps.WAIT_SECONDS = 1

def die(*args):
    if args[0] == "registry.Person.identity" or sys.argv[3] == "file":
        os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "file":
    secret_files.Draft.keep = die
steps.rotate_key("seal", announce_only=False, say=lambda *_: None, progress=die)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "names"), [("file", {"k1"}), ("rows", {"k1", "k2"})])
def test_a_process_that_is_really_killed_is_followed_by_another(
    own: Path, where: str, names: set[str]
) -> None:
    people(3)
    before, database = told(), connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = {"DJANGO_SETTINGS_MODULE": "jifen.office.site.settings", "DATABASE_URL": url}
    command = [sys.executable, "-c", KILLED, site.JIFEN_KEYS, site.JIFEN_NOTICE_KEYS, where]
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert names_of_keys() == names
    assert told() == before
    assert rotate("seal").faults == []
    assert names_of_keys() == {"k2"}
    assert told() == before
    assert identity(1) in before[0]
