"""Mutation runs: which changes are made, which tests meet them, and that a change is noticed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.mutants.checkout import ROOT, CheckoutCopy
from tools.mutants.line_reach import LineReach
from tools.mutants.mutation_run import list_places, sample_places
from tools.mutants.operators import list_mutants
from tools.mutants.packages import PACKAGES
from tools.mutants.session import run_in_fork


def changes(source: str) -> set[tuple[str, str]]:
    return {(mutant.kind, mutant.apply_to(source)) for mutant in list_mutants(source)}


@pytest.mark.parametrize(
    ("source", "kind", "after"),
    [
        ("x = a < b", "boundary", "x = (a <= b)"),
        ("x = a >= b", "boundary", "x = (a > b)"),
        ("x = a < b", "comparison negated", "x = (a >= b)"),
        ("x = a not in b", "comparison negated", "x = (a in b)"),
        ("x = a <= b <= c", "boundary", "x = (a <= b < c)"),
        ("x = a <= b <= c", "comparison dropped", "x = (a <= b)"),
        ("x = a <= b <= c", "comparison dropped", "x = (b <= c)"),
        ("x = a and b", "and/or swapped", "x = (a or b)"),
        ("x = a or b or c", "operand dropped", "x = (a or c)"),
        ("x = not a", "not dropped", "x = a"),
        ("x = ~a", "not dropped", "x = a"),
        ("x = 3", "constant", "x = 4"),
        ("x = 3", "constant", "x = 2"),
        ("x = True", "constant", "x = False"),
        ("x = 'JF-P012'", "fault code", "x = 'JF-P000'"),
        ("x = day - ONE", "operator swapped", "x = (day + ONE)"),
        ("x = day - ONE", "operand dropped", "x = day"),
        ("x = min(a, b)", "min → max", "x = max(a, b)"),
        ("f(a, k=b)", "argument k dropped", "f(a)"),
        ("f(a)", "statement removed", "pass"),
        ("x += a", "statement removed", "pass"),
        ("if a:\n  b()", "condition forced", "if True:\n  b()"),
        ("x = [b for b in c if a]", "condition forced", "x = [b for b in c if False]"),
        ("def f():\n  return a", "return value", "def f():\n  return None"),
        ("def f() -> bool:\n  return a", "return value", "def f() -> bool:\n  return True"),
        ("def f():\n  raise E", "raise removed", "def f():\n  pass"),
        ("for a in b:\n  continue", "continue → break", "for a in b:\n  break"),
    ],
)
def test_each_kind_of_change_is_made(source: str, kind: str, after: str) -> None:
    assert (kind, after) in changes(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of 3."""',
        "import a",
        "Pair = A | B",
        "x: Literal[3]",
        "def f(a: Literal[3]) -> Literal[3]: ...",
        "@cache(size=3)\nclass A(B, kind=3): ...",
        "if TYPE_CHECKING:\n  import a",
        "x = 'a' + b",
        "x = f'{a + 3}'",
        "__all__ = ['a' * 3]",
    ],
)
def test_what_says_nothing_is_left_alone(source: str) -> None:
    assert changes(source) == set()


def test_a_change_stands_where_the_text_has_chinese_before_it() -> None:
    source = 'x = ("积分", a <\n  b)  # 分数线\n'
    assert ("boundary", 'x = ("积分", (a <= b))  # 分数线\n') in changes(source)


def test_a_change_keeps_its_precedence() -> None:
    (swapped,) = (after for kind, after in changes("x = a and b or c") if "(a or b)" in after)
    assert swapped == "x = (a or b) or c"


@pytest.mark.parametrize("path", ["permits/card.py", "scoring/population/lanes.py"])
def test_every_change_can_be_compiled(path: str) -> None:
    source = (ROOT / "src" / "jifen" / path).read_text("utf-8")
    for mutant in list_mutants(source):
        compile(mutant.apply_to(source), path, "exec")


def test_the_folders_exist() -> None:
    for package in PACKAGES.values():
        assert (ROOT / "src" / "jifen" / package.path).is_dir()
        for folder in (*package.tests, *package.other_tests):
            assert (ROOT / folder).exists()


def test_a_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    places = list_places(CheckoutCopy(tmp_path), PACKAGES["permits"])
    drawn = sample_places(places, 20, 1)
    assert drawn == sample_places(places, 20, 1) != sample_places(places, 20, 2)
    assert len(set(drawn)) == 20
    assert sample_places(places, len(places) + 1, 1) == places


def test_a_copy_is_changed_for_a_while_and_the_worktree_never(tmp_path: Path) -> None:
    copy, name = CheckoutCopy(tmp_path), "src/jifen/permits/card.py"
    original = (ROOT / name).read_text("utf-8")
    times = []
    for text in ("x = 1\n", "x = 2\n"):
        with copy.changed_file(name, text):
            assert copy.read_text(name) == text
            times.append((copy.root / name).stat().st_mtime)
        assert copy.read_text(name) == original
    assert times[0] != times[1]  # else Python would run what it compiled for the first
    assert (ROOT / name).read_text("utf-8") == original


def test_the_hash_of_the_ground_follows_the_source_and_not_the_tests(tmp_path: Path) -> None:
    copy = CheckoutCopy(tmp_path)
    ground = copy.hash_shared_sources()
    with copy.changed_file("tests/permits/test_permits.py", ""):
        assert copy.hash_shared_sources() == ground
    for name in ("src/jifen/permits/card.py", "tests/conftest.py"):
        with copy.changed_file(name, ""):
            assert copy.hash_shared_sources() != ground


def test_tests_are_chosen_by_the_lines_that_they_run() -> None:
    # bit 0 stands for all tests of the file, bits 1 and 2 for the two tests
    reach = LineReach(["a", "b"], [0.1, 0.2], {"m.py": {5: 0b10, 6: 0b100, 9: 0b1}})
    assert reach.tests_running_lines("m.py", 5, 5) == {0}
    assert reach.tests_running_lines("m.py", 5, 6) == {0, 1}
    assert reach.tests_running_lines("m.py", 9, 9) == {0, 1}
    assert (
        reach.tests_running_lines("m.py", 7, 8) == reach.tests_running_lines("n.py", 5, 6) == set()
    )
    assert reach.tests_running_functions("m.py", {6, 7}) == {1}
    assert (
        reach.tests_running_functions("m.py", set())
        == reach.tests_running_functions("n.py", {5})
        == set()
    )
    assert reach.tests_importing("m.py") == {0, 1}
    assert reach.tests_importing("n.py") == set()


def test_a_forked_process_tells_how_it_ended(tmp_path: Path) -> None:
    def passes() -> tuple[int, str]:
        os.write(1, b"words\n")
        return 3, "test_a"

    def hangs() -> tuple[int, str]:
        time.sleep(60)
        return 0, ""

    def is_killed() -> tuple[int, str]:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0, ""

    output = tmp_path / "output"
    ended = run_in_fork(passes, output, 30)
    assert (ended.status, ended.text) == (3, "test_a")
    assert output.read_text() == "words\n"
    assert run_in_fork(hangs, output, 0.2).status is None
    assert run_in_fork(is_killed, output, 30).status == -signal.SIGKILL


@pytest.mark.parametrize(
    ("mutant", "killed"),
    [("return read_day(text) → return None", True), ("facts/identity.py", False)],
)
def test_a_run_says_whether_tests_notice(tmp_path: Path, mutant: str, killed: bool) -> None:
    """The whole of it, in a process of its own: the tests of one small module meet a
    mutant of it, and one that they never reach."""
    options = [
        "--only",
        mutant,
        "--tests",
        "tests/facts/test_spelling.py",
        "--into",
        str(tmp_path),
    ]
    options += ["--sample", "1"]
    command = [sys.executable, "-m", "tools.mutants", "facts", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| facts | 1 of " in done.stdout
    result = json.loads((tmp_path / "facts.jsonl").read_text("utf-8"))
    assert result["killed"] is killed
    assert result["by"].startswith("tests/facts/test_spelling.py::test_") is killed
