"""Only the tests of what was changed: `--changed` looks at git and chooses folders of tests.

A changed file `src/jifen/A/B/...` belongs to `tests/A/B` or, where there is no such folder, to
`tests/A` and the files `tests/A/test_B*.py`; a changed test file to itself; a changed fixture or
any other file (settings, the lock) to all tests. Changed is what differs from the last commit or,
where nothing does, what the last commit changed.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent
_IN_NO_TEST = (".md", ".txt", ".svg", ".png")


def changed_files(root: Path) -> list[str]:
    """Paths from the root of the checkout."""
    now = _git(root, "status", "--porcelain", "--no-renames", "--untracked-files=all")
    files = [line[3:] for line in now]
    return files or _git(root, "diff", "--name-only", "--no-renames", "HEAD~1", "HEAD")


def places_of(files: list[str], root: Path) -> set[str] | None:
    """Folders and files of tests that belong to changed files; None where that is all of them."""
    chosen = set[str]()
    for file in files:
        path = PurePosixPath(file)
        if path.suffix in _IN_NO_TEST or path.parts[0] in ("docs", "benchmarks"):
            continue
        if path.parts[0] == "tests" and path.name.startswith("test_"):
            chosen.add(file)
        elif path.parts[:2] == ("src", "jifen") and len(path.parts) > 3:
            chosen.update(_beside(path.parts[2:], root))
        else:
            return None
    return chosen


def _beside(parts: tuple[str, ...], root: Path) -> Iterator[str]:
    """The tests of a source file, by the folders that it lies in."""
    folder = PurePosixPath("tests")
    for part in parts[:-1]:
        if not (root / folder / part).is_dir():
            break
        folder /= part
    if folder.parts[-1] != "office":
        yield str(folder)
        return
    yield from (f"tests/office/{path.name}" for path in (root / "tests/office").glob("test_*.py"))


def _git(root: Path, *words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--changed", action="store_true", help="only the tests of what was changed")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--changed") or hasattr(config, "workerinput"):
        return
    chosen = places_of(changed_files(ROOT), ROOT)
    if chosen is not None:
        there = [path for path in sorted(chosen) if (ROOT / path).exists()]
        config.args = there or ["tests/policy/test_months.py"]
