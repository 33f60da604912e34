"""`jifen keys rotate`, as it is typed, and files of keys that are replaced under a running site."""

import json
import logging
from pathlib import Path

import pytest
from django.conf import settings as site
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.site.rotation import steps
from jifen.office.vault import reloaded_file
from jifen.office.vault.keys import keys, new_keys
from jifen.office.vault.rotation import activate_key, announce_key
from jifen.office.vault.seal import seal, unseal
from jifen.office.vault.secret_files import replace_whole
from tests.world.office import person

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str, str]:
    ended = CliRunner().invoke(app, ["keys", *words])
    return ended.exit_code, ended.stdout, ended.stderr


def test_it_says_what_it_does(own: Path) -> None:
    person(1, phone="13812345678")
    status, said, progress = run("rotate", "seal")
    assert (status, said.splitlines()) == (
        0,
        [
            "seal: a new key is announced; every process reads it within 0 s",
            "seal: the new key is in use; the older one stays to read with",
            "seal: done, 3 values written anew",
        ],
    )
    assert "registry.Person.identity: 1 of 1" in progress.splitlines()
    assert run("forget") == (0, "forgotten: k1\n", "")
    assert run("forget") == (0, "forgotten: none, there is only the key in use\n", "")


def test_what_was_stopped_is_gone_on_with(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    person(1)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "reseal_all", lambda *_: (0, ["a row: why"]))
        status, _, complaint = run("rotate", "seal")
    assert (status, complaint) == (
        1,
        "a row: why\nseal: NOT done; mend these rows and run it again\n",
    )
    status, said, _ = run("rotate", "seal")
    assert said.splitlines() == [
        "seal: a rotation was stopped before it was done; going on with it",
        "seal: done, 2 values written anew",
    ]
    assert keys().current == "k2"


def test_several_machines_read_the_new_key_first(own: Path) -> None:
    status, said, _ = run("rotate", "index", "--announce")
    assert status == 0
    assert "copy keys.json to the other machines, then run `jifen keys rotate index` here" in said


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("certificate",), "--name goes with `jifen keys rotate certificate`"),
        (("seal", "--name", "x"), "--name goes with `jifen keys rotate certificate`"),
        (("certificate", "--name", "x", "--announce"), "needs no announcement"),
    ],
)
def test_options_that_do_not_fit_end_with_2(words: tuple[str, ...], complaint: str) -> None:
    status, said, complained = run("rotate", *words)
    assert (status, said) == (2, "")
    assert complaint in complained


# ------------------------------------------------------------------------- under a running process


def replace(written: object) -> None:
    replace_whole(Path(site.JIFEN_KEYS), json.dumps(written))


def test_a_process_reads_a_new_key_when_it_meets_it(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reloaded_file, "INTERVAL", 3_600)
    keys()
    text = Path(site.JIFEN_KEYS).read_text()
    replace(activate_key(announce_key(json.loads(text), "seal"), "seal"))
    assert keys().current == "k1", "it looks once an hour"
    monkeypatch.setattr("jifen.office.vault.seal.keys", keys.reread)
    sealed = seal("王小明", "a")
    assert sealed.startswith("k2.")
    monkeypatch.undo()
    assert unseal(sealed, "a") == "王小明"


@pytest.mark.parametrize("text", ["{", new_keys(), ""], ids=["broken", "other keys", "empty"])
def test_a_file_that_does_not_follow_the_one_before_is_not_taken(
    own: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    sealed, path = seal("王小明", "a"), Path(site.JIFEN_KEYS)
    before = path.read_text()
    replace_whole(path, text)
    with caplog.at_level(logging.ERROR, logger="jifen.keys"):
        assert unseal(sealed, "a") == "王小明"
    (told,) = caplog.messages
    assert "taken" in told
    assert text == "" or text not in told
    replace_whole(path, before)
    assert unseal(sealed, "a") == "王小明"
