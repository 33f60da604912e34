"""Which tests reach which lines: measured once for each test file, kept in build/mutants/reach."""

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
import coverage.exceptions
import pytest

from tools.mutants.copy import Copy
from tools.mutants.session import in_fork

_OF_FILE = "(the file)"
"""Stands for all tests of a file: what runs while they are collected, or while a fixture that
several of them share is set up."""
_LIMIT = 3600.0

Session = Callable[[list[str], list[Any]], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Reach:
    """The tests of one file: the seconds of each, and for each line of the source a mask of the
    tests that run it (bit 0: all of them)."""

    tests: list[str]
    seconds: list[float]
    lines: dict[str, dict[int, int]]

    def reaching(self, module: str, first: int, last: int) -> set[int]:
        """Indices of the tests that run one of some lines."""
        lines = self.lines.get(module, {})
        mask = 0
        for line in range(first, last + 1):
            mask |= lines.get(line, 0)
        if mask & 1:
            return set(range(len(self.tests)))
        return {place for place in range(len(self.tests)) if mask >> (place + 1) & 1}

    def touching(self, module: str, function_lines: set[int]) -> set[int]:
        """Indices of the tests that run any function of a module."""
        touched = set[int]()
        for line in function_lines & set(self.lines.get(module, {})):
            touched |= self.reaching(module, line, line)
        return touched

    def importing(self, module: str) -> set[int]:
        """Indices of the tests whose file imports a module."""
        return set(range(len(self.tests))) if module in self.lines else set()


def reach_of(
    copy: Copy, test_file: str, ground: str, folder: Path, session: Session
) -> tuple[Reach, list[str]]:
    """The reach of a test file, from disk or measured, and its tests that fail without any change;
    what pytest said of them is kept beside it."""
    place = folder / f"{test_file.replace('/', '.')}.json"
    folder.mkdir(parents=True, exist_ok=True)
    digest = copy.digest([test_file]) + ground
    if place.exists():
        stored = json.loads(place.read_text())
        if stored["digest"] == digest:
            return _read(stored), stored["failed"]
    measured = _measured(copy, test_file, folder, session)
    if measured["failed"]:
        place.with_suffix(".txt").write_text(measured["said"])
    place.write_text(json.dumps({"digest": digest, **measured}))
    return _read(measured), measured["failed"]


def _read(stored: dict[str, Any]) -> Reach:
    lines = {
        module: {int(line): int(mask, 16) for line, mask in masks.items()}
        for module, masks in stored["lines"].items()
    }
    return Reach(stored["tests"], stored["seconds"], lines)


def _measured(copy: Copy, test_file: str, folder: Path, session: Session) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="work-", dir=folder) as work:
        return _measured_in(Path(work), copy, test_file, session)


def _measured_in(work: Path, copy: Copy, test_file: str, session: Session) -> dict[str, Any]:
    data, result = work / "data", work / "result.json"

    def task() -> tuple[int, str]:
        os.environ["MUTANTS_TRACED"] = str(data)
        os.environ["MUTANTS_SOURCE"] = str(copy.source / "jifen")
        os.environ["MUTANTS_TEST"] = _OF_FILE
        measured = coverage.Coverage(
            data_file=str(data),
            data_suffix=True,
            source=[str(copy.source / "jifen")],
            config_file=False,
        )
        measured.start()
        recorder = _Recorder(measured)
        status, _ = session([test_file], [recorder])
        measured.stop()
        measured.save()
        result.write_text(json.dumps(recorder.to_dict()))
        return status, ""

    outcome = in_fork(task, work / "output", _LIMIT)
    said = (work / "output").read_text("utf-8", "replace")
    if not result.exists():
        raise SystemExit(f"mutants: {test_file} could not be run ({outcome.status}):\n{said}")
    told = json.loads(result.read_text())
    seconds = {test: spent for test, spent in told["seconds"].items() if test in told["passed"]}
    tests = list(seconds)
    lines = _lines(work, copy, {test: 1 << (n + 1) for n, test in enumerate(tests)})
    return {
        "tests": tests,
        "seconds": [round(spent, 4) for spent in seconds.values()],
        "failed": told["failed"],
        "said": said if told["failed"] else "",
        "lines": lines,
    }


def _lines(work: Path, copy: Copy, bits: dict[str, int]) -> dict[str, dict[int, str]]:
    """Module → line → mask in hexadecimal."""
    bits = {**bits, _OF_FILE: 1}
    masks: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for path in sorted(work.glob("data.*")):
        data = coverage.CoverageData(str(path))
        try:
            data.read()
        except coverage.exceptions.DataError:
            continue  # of a process that a test killed while it wrote
        for file in data.measured_files():
            module = str(Path(file).relative_to(copy.root))
            for line, contexts in data.contexts_by_lineno(file).items():
                for context in contexts:
                    masks[module][line] |= bits.get(context, 0)
    return {module: {n: f"{m:x}" for n, m in lines.items() if m} for module, lines in masks.items()}


class _Recorder:
    """Says to coverage which test runs, also to that of processes that the test starts."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self._now = ""
        self._switch(_OF_FILE)
        self.seconds: dict[str, float] = {}
        self._outcomes: dict[str, set[str]] = {}

    def _switch(self, test: str) -> None:
        self._measured.switch_context(test)
        os.environ["MUTANTS_TEST"] = self._now = test

    @contextmanager
    def _during(self, test: str) -> Iterator[None]:
        before = self._now
        self._switch(test)
        try:
            yield
        finally:
            self._switch(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        with self._during(item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Any:
        if fixturedef.scope == "function":
            return (yield)
        with self._during(_OF_FILE):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        self._outcomes.setdefault(report.nodeid, set()).add(report.outcome)

    def to_dict(self) -> dict[str, Any]:
        """Seconds of each test, those that passed, and those that failed with pytest's words."""
        outcomes = self._outcomes.items()
        return {
            "seconds": self.seconds,
            "passed": [test for test, seen in outcomes if seen == {"passed"}],
            "failed": [test for test, seen in outcomes if "failed" in seen],
        }
