"""`make attack`: the tests of tests/security/attacks.yaml carry the marker `attack`, and
--attack-report FILE writes a table of how each attack ended."""

import platform
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

LIST = Path(__file__).parent / "security" / "attacks.yaml"
COMMAND = "make attack"


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "write a table of the attacks and how they ended"
    parser.addoption("--attack-report", metavar="FILE", help=words)
    words = "only attacks whose name holds these words; the table keeps the rows of the others"
    parser.addoption("--attack-only", metavar="WORDS", default="", help=words)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--attack-report") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(config), "attack-report")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    words = config.getoption("--attack-only")
    for item in items:
        if any(words in attack for attack in attacks_of(item.nodeid)):
            item.add_marker("attack")


@cache
def attacks() -> dict[str, list[str]]:
    """What belongs to each attack: folders, files and tests."""
    rows: list[dict[str, Any]] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return {row["attack"]: row["tests"] for row in rows}


def attacks_of(test: str) -> list[str]:
    """The attacks that a test belongs to."""
    return [
        attack
        for attack, places in attacks().items()
        if any(
            test == place or test.startswith((f"{place}/", f"{place}::", f"{place}["))
            for place in places
        )
    ]


class Report:
    """How the tests of each attack ended."""

    def __init__(self, config: pytest.Config) -> None:
        self.place = Path(str(config.getoption("--attack-report")))
        self.words = str(config.getoption("--attack-only") or "")
        self.database = "PostgreSQL" if config.getoption("--postgres") else "SQLite"
        self.ended: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for attack in filter(self._is_tried, attacks_of(report.nodeid)):
            self.seconds[attack] += report.duration  # type: ignore[assignment] # counts of floats
            if report.when == "call" or report.outcome != "passed":
                self.ended[attack][report.outcome] += 1

    def pytest_sessionfinish(self) -> None:
        self.place.write_text(self.table(datetime.now(UTC)), encoding="utf-8")

    def _is_tried(self, attack: str) -> bool:
        return self.words in attack

    def table(self, at: datetime) -> str:
        """The page, as of a moment."""
        before = self._rows_before()
        rows = [
            self._row(attack, at) if self._is_tried(attack) else before.get(attack, "")
            for attack in attacks()
        ]
        return (
            "# Attacks and how they ended\n\n"
            f"Written by `{COMMAND}` (one of them again: `./dev attack --attack-only WORDS`) with\n"
            f"{self.database}, Python {platform.python_version()}. Which tests belong to an "
            "attack\nstands in `tests/security/attacks.yaml`; it is withstood where all of them "
            "pass.\n\n"
            "| attack | withstood | tests | failed | skipped | seconds | tried (UTC) |\n"
            "|---|---|---|---|---|---|---|\n" + "\n".join(filter(None, rows)) + "\n"
        )

    def _rows_before(self) -> dict[str, str]:
        if not self.place.exists():
            return {}
        lines = self.place.read_text(encoding="utf-8").splitlines()
        return {line.split(" | ")[0].removeprefix("| "): line for line in lines if " | " in line}

    def _row(self, attack: str, at: datetime) -> str:
        ended = self.ended[attack]
        failed, skipped = ended["failed"], ended["skipped"]
        withstood = "NO" if failed else "yes" if ended["passed"] else "not tried"
        counts = f"{ended.total()} | {failed} | {skipped} | {self.seconds[attack]:.0f}"
        return f"| {attack} | {withstood} | {counts} | {at:%Y-%m-%d %H:%M} |"
