"""Which tests of the office run on PostgreSQL too, and whether that choice is still enough.

`--postgres` keeps those that take part in what differs there (they commit, lock, or run beside
other threads and processes) and those that `tests/office/on_postgresql.txt` names: together they
send every kind of statement that any test of the office sends. Two statements are of one kind when
they differ only in their values, in how many there are, and in which plain columns they read.

A run of all tests of the office on SQLite fails where a test sends a kind of statement that none
of the chosen sends. A story (`tests.world.snapshots`) counts as one kind, whoever told it first.
`--choose-for-postgres` chooses anew and writes the file.
"""

import re
import time
from collections.abc import Generator, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHOICE = Path(__file__).parent / "office" / "on_postgresql.txt"
_COMMITS = {"transactional_db", "live_server"}
_SENT = ("SELECT", "INSERT", "UPDATE", "DELETE")


@cache
def kind_of(sql: str) -> str:
    """A statement without its values, their number, and the plain columns that it reads."""
    words = re.sub(r"\s+", " ", sql)
    words = re.sub(r"\b\d+\b", "n", words)
    words = re.sub(r"%s(, ?%s)+", "%s", words)
    words = re.sub(r"(\(%s\))(, ?\(%s\))+", r"\1", words)
    columns = re.match(r"SELECT (DISTINCT )?([^()]*?) FROM ", words)
    return words.replace(columns[2], "columns", 1) if columns else words


def chosen_by_name() -> set[str]:
    """The tests that the file names."""
    lines = CHOICE.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def fewest(sent: dict[str, tuple[set[str], float]], covered: set[str]) -> list[str]:
    """Tests that together send every kind of statement beyond `covered`, the cheapest first for
    what they add. `sent`: test → its kinds of statements and its seconds."""
    wanted = set[str]().union(*(kinds for kinds, _ in sent.values())) - covered
    names = []
    while wanted:
        worth = {test: len(kinds & wanted) / (cost + 0.02) for test, (kinds, cost) in sent.items()}
        name = max(sorted(worth), key=worth.__getitem__)
        names.append(name)
        wanted -= sent[name][0]
    return sorted(names)


class SecondDatabase:
    """Listens to the statements of each test of the office."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.choosing = bool(config.getoption("--choose-for-postgres"))
        self.chosen = chosen_by_name() if CHOICE.exists() else set()
        self.commits = set[str]()
        self.sent: dict[str, tuple[set[str], float]] = {}
        self.missing: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        office = [item for item in items if item.nodeid.startswith("tests/office/")]
        self.commits = {item.nodeid for item in office if _takes_part(item)}
        if self.config.getoption("--postgres"):
            kept = [item for item in office if item.nodeid in self.commits | self.chosen]
            gone = [item for item in items if item not in set(kept)]
            self.config.hook.pytest_deselected(items=gone)
            items[:] = kept

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if not item.nodeid.startswith("tests/office/") or self.config.getoption("--postgres"):
            return (yield)
        from django.db import connection

        from tests.world.snapshots import HISTORY

        kinds = set[str]()

        def listen(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            if not HISTORY.busy and str(sql).startswith(_SENT):
                kinds.add(kind_of(str(sql)))
            return execute(sql, params, many, context)

        # With the last test the browser is closed, and the loop that it kept running in this
        # thread: `connection` is then another one, so the list is held here.
        listeners = connection.execute_wrappers
        listeners.append(listen)
        begun = time.process_time()
        try:
            return (yield)
        finally:
            listeners.remove(listen)
            kinds |= {f"story {name}" for name in HISTORY.told}
            self.sent[item.nodeid] = kinds, time.process_time() - begun

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            sent = [(name, sorted(kinds), cost) for name, (kinds, cost) in self.sent.items()]
            output["second_database"] = sent, sorted(self.commits)
            return
        if self.choosing:
            self._write()
            return
        self.missing = self._missing()
        if self.missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)  # of xdist, which may be switched off
    def pytest_testnodedown(self, node: Any) -> None:
        sent, commits = getattr(node, "workeroutput", {}).get("second_database", ([], []))
        self.sent |= {name: (set(kinds), cost) for name, kinds, cost in sent}
        self.commits |= set(commits)

    def _is_complete(self) -> bool:
        """Whether every test that is chosen ran, so that what is missing is really missing."""
        return bool(self.sent) and self.chosen | self.commits <= set(self.sent)

    def _covered(self, names: Iterable[str]) -> set[str]:
        return set[str]().union(*(self.sent[name][0] for name in names if name in self.sent))

    def _missing(self) -> dict[str, str]:
        """Kinds of statements that only other tests send, each with one of them."""
        if not self._is_complete():
            return {}
        covered = self._covered(self.chosen | self.commits)
        others = sorted(set(self.sent) - self.chosen - self.commits)
        return {kind: name for name in others for kind in sorted(self.sent[name][0] - covered)}

    def _write(self) -> None:
        names = fewest(self.sent, self._covered(self.commits))
        head = "# Tests that run on PostgreSQL too, beside those that commit; written by\n"
        head += "# make choose-for-postgres (tests/second_database.py says what for)\n"
        CHOICE.write_text(head + "\n".join(names) + "\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.missing:
            return
        terminalreporter.section("statements that no test sends to PostgreSQL", red=True)
        for kind, name in self.missing.items():
            terminalreporter.write_line(f"{name}: {kind}")
        terminalreporter.write_line("Choose anew: make choose-for-postgres")


def _takes_part(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction"))
    names = set(getattr(item, "fixturenames", ()))
    return commits or bool(names & _COMMITS) or item.get_closest_marker("postgres") is not None


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("the second database")
    group.addoption(
        "--postgres", action="store_true", help="only tests of the office that PostgreSQL needs"
    )
    group.addoption("--choose-for-postgres", action="store_true", help="choose these tests anew")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(SecondDatabase(config), "second-database")
