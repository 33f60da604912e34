"""One mutation run: draw mutants, let the tests that reach each meet it, keep the results."""

import ast
import json
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.mutants.checkout import ROOT, CheckoutCopy
from tools.mutants.line_reach import LineReach, load_or_measure_reach
from tools.mutants.operators import Mutant, list_mutants
from tools.mutants.packages import MutatedPackage
from tools.mutants.session import OwnDatabase, import_libraries, run_in_fork, run_tests

BUILD = ROOT / "build" / "mutants"
_WITHOUT_DJANGO = ("-p", "no:django", "-p", "no:schemathesis")
TimedTest = tuple[str, float]
"""A test and its seconds."""
_FIRST_WAVE_SECONDS = 12.0
"""Seconds of the package's own, cheap tests that a mutant meets first."""


@dataclass(frozen=True, slots=True)
class MutantPlace:
    """A mutant and the module that it is of."""

    module: str
    mutant: Mutant

    @property
    def name(self) -> str:
        path = self.module.removeprefix("src/jifen/")
        return f"{path}:{self.mutant.line}:{self.mutant.column} {self.mutant.kind}"

    def __str__(self) -> str:
        return f"{self.module.removeprefix('src/jifen/')}:{self.mutant}"


@dataclass(frozen=True, slots=True)
class MutantResult:
    """What became of a mutant."""

    name: str
    text: str
    killed: bool
    by: str
    """The test that failed, or why else."""
    tests: int
    seconds: float


def list_places(copy: CheckoutCopy, package: MutatedPackage) -> list[MutantPlace]:
    """All mutants of a package, in the order of its files."""
    return [
        MutantPlace(module, mutant)
        for module in copy.list_modules(package.path)
        for mutant in list_mutants(copy.read_text(module))
    ]


def sample_places(places: list[MutantPlace], size: int, seed: int) -> list[MutantPlace]:
    """`size` of them, drawn by the seed, in the order of the text; all when there are fewer."""
    if size >= len(places):
        return places
    drawn = random.Random(seed).sample(range(len(places)), size)
    return [places[place] for place in sorted(drawn)]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Where results are kept, whether tests of other packages run too, and the seconds of tests
    that a mutant is given."""

    folder: Path
    wide: bool
    budget: float


class MutationRun:
    """The copy, what the tests reach, and the forked sessions."""

    def __init__(self, package: MutatedPackage, folder: Path, how: RunOptions) -> None:
        self._package, self._folder, self._how = package, folder, how
        (folder / "tests").mkdir()
        self.copy = CheckoutCopy(folder)
        self._database = how.folder / "database" / f"{self.copy.hash_shared_sources()[:16]}.sqlite3"
        self._reach: dict[str, LineReach] = {}
        self._functions: dict[str, set[int]] = {}

    def measure_tests(self, say: Callable[[str], None]) -> None:
        """Import the libraries, and measure what each test file reaches."""
        self.copy.enter_process(self._folder)
        import_libraries()
        folders = self._package.tests + (self._package.other_tests if self._how.wide else ())
        files = self.copy.list_test_files(folders)
        ground = self.copy.hash_shared_sources()
        for count, file in enumerate(files, start=1):
            say(f"reach {count}/{len(files)} {file}")
            reach_folder = self._how.folder / "reach"
            self._reach[file], failed = load_or_measure_reach(
                self.copy, file, ground, reach_folder, self._run_pytest
            )
            for test in failed:
                say(f"  fails without any change and does not count: {test}")
        self._must_pass_unchanged()

    def _run_pytest(self, files: list[str], plugins: list[Any]) -> tuple[int, str]:
        import pytest  # noqa: PLC0415

        options = [word for word in self._pytest_options("measure") if word != "-x"]
        plugins = [*plugins, *self._pytest_plugins("")]
        words = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *options, *files]
        return int(pytest.main(words, plugins=plugins)), ""

    def _pytest_options(self, name: str) -> tuple[str, ...]:
        django = () if self._package.django else _WITHOUT_DJANGO
        return (*django, f"--basetemp={self._folder / 'tests' / name}")

    def _pytest_plugins(self, module: str) -> list[Any]:
        schema = any(word in module for word in ("/models", "/migrations/", "triggers"))
        return [OwnDatabase(self._database)] if self._package.django and not schema else []

    def _must_pass_unchanged(self) -> None:
        """A run in which tests fail by themselves would praise itself."""
        tests = [reach.tests[0] for reach in self._reach.values() if reach.tests][:8]
        status, by, _ = self._run_tests(tests, "", 300.0)
        if status != 0:
            words = (self._folder / "output").read_text("utf-8", "replace")
            raise SystemExit(f"mutants: without any change, {by or 'the tests'} failed:\n{words}")

    def meet_mutant(self, place: MutantPlace) -> MutantResult:
        """Let the tests meet a mutant."""
        first, rest = self._plan_waves(place)
        spent = 0.0
        changed = place.mutant.apply_to(self.copy.read_text(place.module))
        with self.copy.changed_file(place.module, changed):
            for wave in (first, rest):
                if not wave:
                    continue
                limit = 60.0 + 10 * sum(seconds for _, seconds in wave)
                status, by, seconds = self._run_tests(
                    [test for test, _ in wave], place.module, limit
                )
                spent += seconds
                if status != 0:
                    return self._build_result(place, True, by, len(first) + len(rest), spent)
        by = "" if first or rest else "no test reaches the line"
        return self._build_result(place, False, by, len(first) + len(rest), spent)

    @staticmethod
    def _build_result(
        place: MutantPlace, killed: bool, by: str, tests: int, seconds: float
    ) -> MutantResult:
        return MutantResult(place.name, str(place), killed, by, tests, round(seconds, 1))

    def _run_tests(self, tests: list[str], module: str, limit: float) -> tuple[int, str, float]:
        """Status (0: all passed), the first test that failed or why else, seconds."""

        def run() -> tuple[int, str]:
            return run_tests(tests, self._pytest_options("meet"), self._pytest_plugins(module))

        outcome = run_in_fork(run, self._folder / "output", limit)
        if outcome.status is None:
            return 1, f"stopped after {limit:.0f} s", outcome.seconds
        if outcome.status == 5:
            return 1, "its tests were not collected", outcome.seconds
        if outcome.status == 0:
            return 0, "", outcome.seconds
        return 1, outcome.text or f"pytest ended with {outcome.status}", outcome.seconds

    def _plan_waves(self, place: MutantPlace) -> tuple[list[TimedTest], list[TimedTest]]:
        """The tests that may notice a mutant: cheap ones of the package's own folders, then the
        rest, dearest last, until the budget is spent."""
        first: list[TimedTest] = []
        rest: list[TimedTest] = []
        spent = 0.0
        for early, seconds, test in self._order_tests(place):
            if spent + seconds > self._how.budget and spent:
                break
            spent += seconds
            wave = first if early and spent <= _FIRST_WAVE_SECONDS and not rest else rest
            wave.append((test, seconds))
        return first, rest

    def _order_tests(self, place: MutantPlace) -> Iterator[tuple[bool, float, str]]:
        """Whether a test is one of the first, its seconds, its name."""
        choices = []
        for file, near, indices in self._tests_reaching(place):
            other = not any(file.startswith(folder) for folder in self._package.tests)
            reach = self._reach[file]
            for index in indices:
                seconds = reach.seconds[index]
                size = 0 if seconds < 0.05 else 1 if seconds < 0.5 else 2
                dear = seconds if size == 2 else 0.0  # cheap ones stay together by their file
                choices.append((not near, size, other, dear, file, seconds, reach.tests[index]))
        for far, size, other, _, _, seconds, test in sorted(choices):
            yield not far and not other and size < 2, seconds, test

    def _tests_reaching(self, place: MutantPlace) -> Iterator[tuple[str, bool, set[int]]]:
        """A test file, whether its tests are near, and the indices of those that reach a mutant.

        What is computed once and kept was measured with the first test that asked, so the other
        tests of its file may see the mutant too; they come later. So do, for what runs while a
        module is imported, the tests that import it and run none of its functions.
        """
        mutant, module = place.mutant, place.module
        for file, reach in self._reach.items():
            if mutant.in_function:
                near = reach.tests_running_lines(module, *mutant.node_lines)
                near = near or reach.tests_running_lines(module, *mutant.statement_lines)
                far = reach.tests_importing(module) if near else set()
            else:
                near = reach.tests_running_functions(module, self._function_lines(module))
                far = reach.tests_importing(module)
            yield file, True, near
            yield file, False, far - near

    def _function_lines(self, module: str) -> set[int]:
        if module not in self._functions:
            lines = set[int]()
            for node in ast.walk(ast.parse(self.copy.read_text(module))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    for statement in node.body:
                        last = statement.end_lineno or statement.lineno
                        lines |= set(range(statement.lineno, last + 1))
            self._functions[module] = lines
        return self._functions[module]


def read_survivors(into: Path, package: str) -> set[str]:
    """The texts of the mutants that survived the last run."""
    path = into / f"{package}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    results = [json.loads(line) for line in lines]
    return {result["text"] for result in results if not result["killed"]}


def run_mutants(
    package: MutatedPackage, places: list[MutantPlace], say: Callable[[str], None], how: RunOptions
) -> list[MutantResult]:
    """The results of some mutants, also written down as they come."""
    results: list[MutantResult] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as temporary:
        session = MutationRun(package, Path(temporary), how)
        session.measure_tests(say)
        with (how.folder / f"{package.name}.jsonl").open("w", encoding="utf-8") as file:
            for count, place in enumerate(places, start=1):
                result = session.meet_mutant(place)
                results.append(result)
                file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
                file.flush()
                alive = sum(not result.killed for result in results)
                fate = "killed" if result.killed else "SURVIVED"
                say(f"{count}/{len(places)} {fate} {result.text} [{result.by}]")
                say(f"    {alive} survivors so far, {result.tests} tests, {result.seconds} s")
    return results
