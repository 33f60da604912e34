"""Source archive and wheel hold what a reader and a program need, and nothing else."""

import subprocess
import tarfile
import zipfile

import jifen
from tests.release.release import ROOT, Release


def tracked(*paths: str) -> set[str]:
    command = ["git", "ls-files", "--cached", *paths]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split() if (ROOT / name).is_file()}


def test_the_wheel_holds_every_file_of_the_package(release: Release) -> None:
    with zipfile.ZipFile(release.wheel) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = {name.removeprefix("src/") for name in tracked("src/jifen")}
    assert package - packed == set()
    assert {name for name in packed if not name.startswith("jifen/")} == set()


def test_the_wheel_says_its_version_licence_and_extras(release: Release) -> None:
    with zipfile.ZipFile(release.wheel) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        metadata = wheel.read(name).decode()
        assert any(name.endswith("/licenses/LICENSE") for name in wheel.namelist())
    assert f"\nVersion: {jifen.__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    extras = [
        line.split(": ")[1] for line in metadata.splitlines() if line.startswith("Provides-E")
    ]
    assert extras == ["cluster", "lab", "office", "s3", "sm", "verify"]


def test_the_source_archive_can_be_tested_and_read(release: Release) -> None:
    with tarfile.open(release.archive) as archive:
        packed = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    wanted = {name for name in tracked() if not name.startswith(".")}
    assert wanted - packed == set()
