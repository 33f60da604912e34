"""What a release consists of: the source archive and the wheel made from it."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Release(NamedTuple):
    """The two files of a release."""

    archive: Path
    wheel: Path


def build(source: Path, target: str, output: Path) -> Path:
    """Build one target ("sdist" or "wheel") of a source tree and return its file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(output)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = output.glob("*.tar.gz" if target == "sdist" else "*.whl")
    return built


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The source archive of this checkout, and the wheel built from the archive alone."""
    folder = tmp_path_factory.mktemp("release")
    archive = build(ROOT, "sdist", folder)
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(unpacked)], check=True)
    (source,) = unpacked.iterdir()
    return Release(archive, build(source, "wheel", folder))
