"""The office from the command line: what is told, and with which status a command ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.casework.actions import decisions
from jifen.office.casework.models import Application
from jifen.office.notices.actions import events, printing
from tests.world.office import Office


def run(*words: str) -> tuple[int, str, str]:
    """Status, what it says, what it complains of."""
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def case(db: None) -> str:
    """The number of a decided case."""
    del db
    office = Office()
    number = office.decided(office.submitted()).number
    assert number
    return number


# ----------------------------------------------------------------------------------------- replay


def test_a_decision_scored_again_has_the_same_bytes(case: str) -> None:
    assert run("replay", case) == (
        0,
        f"{case} decision 1: the same bytes (shanghai-points 2018)\n",
        "",
    )
    status, told, _ = run("replay", case, "--json")
    (row,) = json.loads(told)
    assert (status, row["same"], row["policy_changed"]) == (0, True, False)


def test_a_decision_that_comes_out_otherwise_ends_with_1(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "write_results", lambda *_: [{}])
    status, told, _ = run("replay", case)
    assert (status, "decision 1: DIFFERS" in told) == (1, True)


@pytest.mark.django_db
def test_a_number_that_no_case_has_is_repeated() -> None:
    assert run("replay", "SH0") == (2, "", "there is no decision of a case 'SH0'\n")


# ------------------------------------------------------------------------------------------ checks


def test_a_case_kept_otherwise_than_its_parts_say_is_named(case: str) -> None:
    events.issue_for_case_events()
    printing.print_due_notices()
    assert run("check")[:2] == (
        0,
        "0 cases differ, 0 faults of papers, 0 of documents, 0 of keys\n",
    )
    Application.objects.update(state="review")
    status, told, _ = run("check")
    assert status == 1
    assert "state is kept as review, its parts say decided" in told
    assert "1 cases differ" in told


def test_the_log_is_read_whole(case: str) -> None:
    del case
    status, told, _ = run("audit", "verify", "--lang", "en")
    assert (status, told.endswith(" entries read, 0 broken places\n")) == (0, True)
    status, text, _ = run("audit", "verify", "--json")
    found: dict[str, Any] = json.loads(text)
    assert (status, found["broken"]) == (0, [])
    assert found["entries"] > 10


def test_a_broken_log_names_the_entry_and_ends_with_1(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del case
    monkeypatch.setattr("jifen.office.audit.verification.hash_entry", lambda *_: "")
    status, told, _ = run("audit", "verify", "--lang", "en")
    assert status == 1
    assert "entry 1: JF-J001 what it says was changed; expected: what was recorded" in told
    status, text, _ = run("audit", "verify", "--json")
    assert status == 1
    assert json.loads(text)["broken"][0]["why"] == "what it says was changed"


# --------------------------------------------------------------------------------------- retention


def test_what_is_past_its_years_is_listed_and_removed_only_when_told(case: str) -> None:
    del case
    assert run("retention")[:2] == (0, "0 would be removed\n")
    Application.objects.update(created_at="1990-01-01T00:00:00Z")
    pk = Application.objects.get().pk
    status, told, _ = run("retention", "--dry-run")
    assert status == 0
    assert told.startswith(f"case {pk}: application, kept until ")
    assert told.endswith("1 would be removed\n")
    assert Application.objects.exists()
    status, told, _ = run("retention", "--wet-run")
    assert (status, told.endswith("1 removed\n")) == (0, True)
    assert not Application.objects.exists()


# ------------------------------------------------------------------------- what cannot be asked for


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("retention", "--wet-run", "--dry-run"), "--wet-run and --dry-run: choose one"),
        (
            ("worker", "--on", "2026-01-01"),
            "--on goes with --once: write `jifen worker --once --on DATE`",
        ),
        (
            ("worker", "--once", "--on", "2026-02-30"),
            "'2026-02-30' is not a day; write it as 2026-10-20",
        ),
        (("calendar",), "choose one: --city CITY, --unit CODE or --case NUMBER"),
        (
            ("calendar", "--city", "shanghai", "--case", "SH0"),
            "choose one: --city CITY, --unit CODE or --case NUMBER",
        ),
    ],
)
def test_options_that_do_not_go_together_end_with_2(words: tuple[str, ...], complaint: str) -> None:
    assert run(*words) == (2, "", f"{complaint}\n")


# -------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("words", "setting"),
    [(("new",), "JIFEN_KEYS"), (("notices", "--name", "浦东新区"), "JIFEN_NOTICE_KEYS")],
    ids=["vault", "notices"],
)
def test_keys_are_written_once_for_their_user_alone(
    tmp_path: Path, words: tuple[str, ...], setting: str
) -> None:
    file = tmp_path / "own-keys.json"
    status, told, _ = run("keys", words[0], str(file), *words[1:])
    assert status == 0
    assert f"own-keys.json: written; set {setting} to it" in told
    assert file.stat().st_mode & 0o077 == 0
    kept = file.read_bytes()
    assert run("keys", words[0], str(file), *words[1:]) == (
        2,
        "",
        "own-keys.json exists: keys are not overwritten; name a new file\n",
    )
    assert file.read_bytes() == kept
