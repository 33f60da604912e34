"""A copy of the checkout in which sources are changed; the worktree itself is never written to."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LIST_COMMAND = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
_TRACER = '''"""Lines that a process started by a test runs are the test's too."""

import os

if os.environ.get("MUTANTS_TRACED"):
    import atexit

    import coverage

    measured = coverage.Coverage(
        data_file=os.environ["MUTANTS_TRACED"],
        data_suffix=True,
        source=[os.environ["MUTANTS_SOURCE"]],
        context=os.environ["MUTANTS_TEST"],
        config_file=False,
    )
    measured.start()

    def leave() -> None:
        measured.stop()
        measured.save()

    atexit.register(leave)
'''


class CheckoutCopy:
    """The files that git knows or would take, under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.source = self.root / "src"
        listed = subprocess.run(_LIST_COMMAND, cwd=ROOT, check=True, capture_output=True).stdout
        self.files = sorted(name for name in listed.decode().split("\0") if name)
        for name in self.files:
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, self.root / name)
        tracer = folder / "tracer"
        tracer.mkdir()
        (tracer / "sitecustomize.py").write_text(_TRACER)
        self._tracer = tracer
        # Python takes a compiled file as current when second and size of its source are the same.
        self._times = count(1_000_000_000)

    def enter_process(self, folder: Path) -> None:
        """This process, and those that it starts, take Jifen from the copy and write beside it."""
        os.chdir(self.root)
        paths = [str(self.source), str(self.root)]
        sys.path[:0] = paths
        os.environ["PYTHONPATH"] = os.pathsep.join([*paths, str(self._tracer)])
        os.environ["JIFEN_VAR"] = str(folder / "var")
        os.environ["JIFEN_CACHE"] = str(folder / "cache")
        for name in ("MUTANTS_TRACED", "MUTANTS_TEST"):
            os.environ.pop(name, None)

    @contextmanager
    def changed_file(self, name: str, text: str) -> Iterator[None]:
        """A file of the copy reads `text` for a while."""
        path = self.root / name
        before = path.read_bytes()
        try:
            self._write_file(path, text.encode())
            yield
        finally:
            self._write_file(path, before)

    def _write_file(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        moment = next(self._times)
        os.utime(path, (moment, moment))

    def list_modules(self, package: str) -> list[str]:
        """The Python files of a package of Jifen, without migrations."""
        folder = f"src/jifen/{package}/"
        python = (name for name in self.files if name.startswith(folder) and name.endswith(".py"))
        return [name for name in python if "/migrations/" not in name and self.has_file(name)]

    def list_test_files(self, folders: tuple[str, ...]) -> list[str]:
        return [
            name
            for name in self.files
            if Path(name).name.startswith("test_")
            and name.endswith(".py")
            and self.has_file(name)
            and any(name == folder or name.startswith(f"{folder}/") for folder in folders)
        ]

    def has_file(self, name: str) -> bool:
        return (self.root / name).is_file()

    def read_text(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def hash_files(self, names: list[str]) -> str:
        """One hash over some files."""
        whole = hashlib.sha256()
        for name in names:
            if self.has_file(name):
                whole.update(name.encode() + b"\0" + (self.root / name).read_bytes() + b"\0")
        return whole.hexdigest()

    def hash_shared_sources(self) -> str:
        """The hash of all that decides which lines a test file reaches, without the test files."""
        return self.hash_files(
            [
                name
                for name in self.files
                if name.startswith("src/")
                or (name.startswith("tests/") and not Path(name).name.startswith("test_"))
            ]
        )
