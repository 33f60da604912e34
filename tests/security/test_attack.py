"""The kit of attacks names tests that are there, and its table says the truth."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.attacks import Report, attacks, attacks_of
from tests.security.evidence import ROOT, is_there

PLACES = sorted({place for places in attacks().values() for place in places})


@pytest.mark.parametrize("place", PLACES)
def test_what_an_attack_names_is_there(place: str) -> None:
    assert is_there(place) or (ROOT / place).is_dir()


def test_a_test_belongs_to_what_names_it_its_file_or_its_folder() -> None:
    assert len(attacks_of("tests/reader/test_limits.py::test_a_job_that_crashes_is_a_refusal")) == 1
    assert len(attacks_of("tests/office/keys/test_seal.py::test_anything[1]")) == 2
    assert attacks_of("tests/policy/test_months.py::test_leap") == []
    assert attacks_of("tests/office/audit_of_others/test_x.py::test_y") == []


def ended(test: str, outcome: str, when: str = "call") -> Any:
    return SimpleNamespace(nodeid=test, outcome=outcome, when=when, duration=1.5)


def test_one_failure_is_enough_and_what_did_not_run_is_said(tmp_path: Path) -> None:
    options = {"--attack-report": str(tmp_path / "x.md"), "--postgres": False, "--attack-only": ""}
    config: Any = SimpleNamespace(getoption=options.get)
    report = Report(config)
    for outcome in ("passed", "failed"):
        report.pytest_runtest_logreport(ended("tests/office/test_oversized.py::test_a", outcome))
    report.pytest_runtest_logreport(ended("tests/office/api/test_outgoing.py::test_a", "passed"))
    report.pytest_runtest_logreport(ended("tests/office/audit/test_log.py::t", "failed", "setup"))
    page = report.table(datetime(2026, 11, 29, tzinfo=UTC))
    rows = [line for line in page.splitlines() if " / " in line]
    assert any(
        "numbers and texts without end | NO | 2 | 1 | 0 | 3 | 2026-11-29" in row for row in rows
    )
    assert any("Requests into one's own network | yes | 1 | 0 | 0 | 2 |" in row for row in rows)
    assert any("Tampered logs, files and signatures | NO | 1 | 1 | 0 | 2 |" in row for row in rows)
    assert any("Kills, at each step | not tried | 0 | 0 | 0 | 0 |" in row for row in rows)


def test_one_attack_tried_again_leaves_the_rows_of_the_others(tmp_path: Path) -> None:
    options = {"--attack-report": str(tmp_path / "x.md"), "--postgres": False, "--attack-only": ""}
    report = Report(SimpleNamespace(getoption=options.get))  # type: ignore[arg-type]
    report.place.write_text(report.table(datetime(2026, 11, 1, tzinfo=UTC)), encoding="utf-8")
    again = Report(SimpleNamespace(getoption=(options | {"--attack-only": "Kills"}).get))  # type: ignore[arg-type]
    again.pytest_runtest_logreport(ended("tests/office/keys/test_seal.py::test_a", "passed"))
    rows = again.table(datetime(2026, 11, 29, tzinfo=UTC)).splitlines()
    assert sum("2026-11-01" in row for row in rows) == len(attacks()) - 1
    (tried,) = [row for row in rows if "2026-11-29" in row]
    assert "Kills, at each step | yes | 1 | 0 | 0 | 2 |" in tried
