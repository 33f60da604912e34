"""What the tests cost: processor and wall seconds of each folder, printed by `--costs`.

Processor seconds are those of the test's process and of every process below it (a server that it
starts, the browser), so that a figure does not hang on what else the machine does.
"""

import os
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

_TICKS = os.sysconf("SC_CLK_TCK")
_DEAREST = 40


def _children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (task / "children").read_text().split())


def _ticks(pid: int) -> int:
    """User and system time of a process and of the children that it waited for."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15]))
    return 0


def processor_seconds() -> float:
    """Seconds of this process and of those below it; only its own where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return sum(os.times()[:4])
    waiting, ticks = [os.getpid()], 0
    while waiting:
        pid = waiting.pop()
        ticks += _ticks(pid)
        waiting.extend(_children(pid))
    return ticks / _TICKS


class Costs:
    """Measures each phase of each test, and adds them up by folder."""

    def __init__(self) -> None:
        self.folders: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
        self.tests: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self.last = processor_seconds(), time.perf_counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now = processor_seconds(), time.perf_counter()
        report.costs = [max(0.0, b - a) for a, b in zip(self.last, now, strict=True)]  # type: ignore[attr-defined]
        self.last = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        processor, wall = getattr(report, "costs", (0.0, report.duration))
        path = report.nodeid.partition("::")[0]
        folder = self.folders[str(Path(path).parent)]
        folder[0] += report.when == "call"
        folder[1] += processor
        folder[2] += wall
        test = self.tests[report.nodeid.partition("[")[0]]
        test[0] += processor
        test[1] += wall

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        terminalreporter.section("costs by folder: tests, processor seconds, wall seconds")
        for folder, (count, processor, wall) in sorted(
            self.folders.items(), key=lambda item: -item[1][1]
        ):
            write(f"{count:6.0f} {processor:8.1f} {wall:8.1f}  {folder}")
        write(f"{'':6} {sum(f[1] for f in self.folders.values()):8.1f}           all")
        terminalreporter.section("the dearest tests: processor seconds, wall seconds")
        dearest = sorted(self.tests.items(), key=lambda item: -item[1][0])[:_DEAREST]
        for test, (processor, wall) in dearest:
            write(f"{processor:8.1f} {wall:8.1f}  {test}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--costs", action="store_true", help="print the processor seconds of each folder"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--costs") or hasattr(config, "workerinput"):
        config.pluginmanager.register(Costs(), "costs")
