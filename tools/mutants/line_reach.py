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

from tools.mutants.checkout import CheckoutCopy
from tools.mutants.session import run_in_fork

_WHOLE_FILE = "(the file)"
"""Stands for all tests of a file: what runs while they are collected, or while a fixture that
several of them share is set up."""
_TIME_LIMIT = 3600.0

Session = Callable[[list[str], list[Any]], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class LineReach:
    """The tests of one file: the seconds of each, and for each line of the source a mask of the
    tests that run it (bit 0: all of them)."""

    tests: list[str]
    seconds: list[float]
    lines: dict[str, dict[int, int]]

    def tests_running_lines(self, module: str, first: int, last: int) -> set[int]:
        """Indices of the tests that run one of some lines."""
        lines = self.lines.get(module, {})
        mask = 0
        for line in range(first, last + 1):
            mask |= lines.get(line, 0)
        if mask & 1:
            return set(range(len(self.tests)))
        return {place for place in range(len(self.tests)) if mask >> (place + 1) & 1}

    def tests_running_functions(self, module: str, function_lines: set[int]) -> set[int]:
        """Indices of the tests that run any function of a module."""
        touched = set[int]()
        for line in function_lines & set(self.lines.get(module, {})):
            touched |= self.tests_running_lines(module, line, line)
        return touched

    def tests_importing(self, module: str) -> set[int]:
        """Indices of the tests whose file imports a module."""
        return set(range(len(self.tests))) if module in self.lines else set()


def load_or_measure_reach(
    copy: CheckoutCopy, test_file: str, ground: str, folder: Path, session: Session
) -> tuple[LineReach, list[str]]:
    """The reach of a test file, from disk or measured, and its tests that fail without any change;
    what pytest said of them is kept beside it."""
    place = folder / f"{test_file.replace('/', '.')}.json"
    folder.mkdir(parents=True, exist_ok=True)
    digest = copy.hash_files([test_file]) + ground
    if place.exists():
        stored = json.loads(place.read_text())
        if stored["digest"] == digest:
            return _parse_reach(stored), stored["failed"]
    measured = _measure_reach(copy, test_file, folder, session)
    if measured["failed"]:
        place.with_suffix(".txt").write_text(measured["said"])
    place.write_text(json.dumps({"digest": digest, **measured}))
    return _parse_reach(measured), measured["failed"]


def _parse_reach(stored: dict[str, Any]) -> LineReach:
    lines = {
        module: {int(line): int(mask, 16) for line, mask in masks.items()}
        for module, masks in stored["lines"].items()
    }
    return LineReach(stored["tests"], stored["seconds"], lines)


def _measure_reach(
    copy: CheckoutCopy, test_file: str, folder: Path, session: Session
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="work-", dir=folder) as work:
        return _measure_in_folder(Path(work), copy, test_file, session)


def _measure_in_folder(
    work: Path, copy: CheckoutCopy, test_file: str, session: Session
) -> dict[str, Any]:
    data, result = work / "data", work / "result.json"

    def measure() -> tuple[int, str]:
        os.environ["MUTANTS_TRACED"] = str(data)
        os.environ["MUTANTS_SOURCE"] = str(copy.source / "jifen")
        os.environ["MUTANTS_TEST"] = _WHOLE_FILE
        measured = coverage.Coverage(
            data_file=str(data),
            data_suffix=True,
            source=[str(copy.source / "jifen")],
            config_file=False,
        )
        measured.start()
        recorder = _TestRecorder(measured)
        status, _ = session([test_file], [recorder])
        measured.stop()
        measured.save()
        result.write_text(json.dumps(recorder.to_dict()))
        return status, ""

    outcome = run_in_fork(measure, work / "output", _TIME_LIMIT)
    pytest_output = (work / "output").read_text("utf-8", "replace")
    if not result.exists():
        raise SystemExit(
            f"mutants: {test_file} could not be run ({outcome.status}):\n{pytest_output}"
        )
    recorded = json.loads(result.read_text())
    seconds = {
        test: spent for test, spent in recorded["seconds"].items() if test in recorded["passed"]
    }
    tests = list(seconds)
    lines = _read_line_masks(work, copy, {test: 1 << (n + 1) for n, test in enumerate(tests)})
    return {
        "tests": tests,
        "seconds": [round(spent, 4) for spent in seconds.values()],
        "failed": recorded["failed"],
        "said": pytest_output if recorded["failed"] else "",
        "lines": lines,
    }


def _read_line_masks(
    work: Path, copy: CheckoutCopy, bits: dict[str, int]
) -> dict[str, dict[int, str]]:
    """Module → line → mask in hexadecimal."""
    bits = {**bits, _WHOLE_FILE: 1}
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


class _TestRecorder:
    """Says to coverage which test runs, also to that of processes that the test starts."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self._now = ""
        self._switch_context(_WHOLE_FILE)
        self.seconds: dict[str, float] = {}
        self._outcomes: dict[str, set[str]] = {}

    def _switch_context(self, test: str) -> None:
        self._measured.switch_context(test)
        os.environ["MUTANTS_TEST"] = self._now = test

    @contextmanager
    def _in_context(self, test: str) -> Iterator[None]:
        before = self._now
        self._switch_context(test)
        try:
            yield
        finally:
            self._switch_context(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        with self._in_context(item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Any:
        if fixturedef.scope == "function":
            return (yield)
        with self._in_context(_WHOLE_FILE):
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
