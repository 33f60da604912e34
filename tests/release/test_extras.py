"""Each extra installs what its commands need: an environment with its packages and no other.

The packages are those of the environment that runs the tests, linked one by one into a new one: the
closure of what the wheel's metadata requires. Nothing is downloaded.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import venv
from contextlib import suppress
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from packaging.requirements import Requirement

from tests.release.release import Release

FACTS = "birth_date: 1990-05-01\npermit_valid: true\neducation: bachelor\n"
ON = ("--on", "2025-06-01")


class Environment:
    """A virtual environment with one wheel and the packages that an extra of it requires."""

    def __init__(self, folder: Path, wheel: Path, extra: str) -> None:
        self.folder = folder
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        (self.packages,) = (folder / "venv").glob("lib/python*/site-packages")
        self.install(wheel)
        (built,) = distributions(name="jifen", path=[str(self.packages)])
        for package in closure(built, extra):
            self.link(package)

    def install(self, wheel: Path) -> None:
        target = self.folder / "venv" / "bin" / "python"
        options = ["--no-deps", "--no-index", "--no-compile", "--quiet"]
        command = [sys.executable, "-m", "pip", "--python", str(target), "install", *options]
        subprocess.run([*command, str(wheel)], check=True, capture_output=True)

    def link(self, package: Distribution) -> None:
        for file in package.files or ():
            source = Path(str(package.locate_file(file)))
            target = self.packages / file
            if ".." in file.parts or "__pycache__" in file.parts or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source)

    def margins(self) -> Path:
        """A folder of a city with a file that only the lab reads."""
        folder = self.folder / "city"
        shutil.copytree(self.packages / "jifen" / "cities" / "shanghai", folder)
        margins = self.packages / "jifen" / "lab" / "people" / "margins" / "shanghai.yaml"
        return Path(shutil.copy(margins, folder / "margins.yaml"))

    @property
    def variables(self) -> dict[str, str]:
        """No path of the tests' own environment leads into this one."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return kept | {"JIFEN_VAR": str(self.folder / "var"), "JIFEN_CACHE": str(self.folder)}

    def command(self, *arguments: str) -> list[str]:
        return [str(self.folder / "venv" / "bin" / "jifen"), *arguments]

    def jifen(self, *arguments: str, status: int = 0) -> str:
        ran = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.variables,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == status, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr


def closure(built: Distribution, extra: str) -> list[Distribution]:
    """What a distribution requires with an extra, and what that requires in turn."""
    required: dict[str, set[str]] = {}
    open_requirements = [(text, extra) for text in built.requires or ()]
    while open_requirements:
        text, wanted = open_requirements.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": wanted}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        package = built if name == "jifen" else distribution(name)
        for its_extra in {"", *requirement.extras} - required.setdefault(name, set()):
            required[name].add(its_extra)
            open_requirements += [(its, its_extra) for its in package.requires or ()]
    return [distribution(name) for name in sorted(required) if name != "jifen"]


@pytest.fixture(scope="module", params=["", "verify", "lab", "cluster", "office"])
def extra(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def environment(
    tmp_path_factory: pytest.TempPathFactory, release: Release, extra: str
) -> Environment:
    folder = tmp_path_factory.mktemp(f"extra-{extra}")
    (folder / "me.yaml").write_text(FACTS, encoding="utf-8")
    return Environment(folder, release.wheel, extra)


def test_one_person_is_scored_with_any_extra(environment: Environment) -> None:
    scored = environment.jifen("assess", "shanghai", *ON, "--facts", "me.yaml", "--lang", "en")
    assert "120" in scored
    assert "0 errors" in environment.jifen("policy", "check", "shanghai", "--lang", "en")


def scores_a_population(environment: Environment) -> None:
    environment.jifen("lab", "people", "shanghai", "-n", "1000", "-o", "people.parquet")
    environment.jifen("score", "shanghai", *ON, "people.parquet", "-o", "scored.parquet")
    assert (environment.folder / "scored.parquet").stat().st_size > 0
    environment.jifen("route", "shanghai", *ON, "--facts", "me.yaml")


def answers_a_browser(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = environment.command("serve", "--port", str(port))
    with subprocess.Popen(
        command, cwd=environment.folder, env=environment.variables, start_new_session=True
    ) as server:
        try:
            assert "上海" in first_page(f"http://127.0.0.1:{port}/shanghai/", server)
        finally:
            server.terminate()


def first_page(address: str, server: subprocess.Popen[bytes]) -> str:
    """Ask until the server answers; it ends the waiting by itself where it does not start."""
    while server.poll() is None:
        try:
            with urlopen(address, timeout=30) as answer:
                page: bytes = answer.read()
                return page.decode()
        except (URLError, ConnectionError):
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.2)
    raise AssertionError(f"the server ended with {server.returncode}")


def asks_for_the_extra(environment: Environment, command: tuple[str, ...], needed: str) -> None:
    assert f"jifen[{needed}]" in environment.jifen(*command, status=2)


def test_an_extra_has_what_its_commands_need(environment: Environment, extra: str) -> None:
    if extra == "office":
        answers_a_browser(environment)
        asks_for_the_extra(environment, ("policy", "check", str(environment.margins())), "lab")
        return
    asks_for_the_extra(environment, ("serve",), "office")
    if extra in ("lab", "cluster"):
        scores_a_population(environment)
        return
    asks_for_the_extra(
        environment, ("score", "shanghai", *ON, "none.parquet", "-o", "scored.parquet"), "lab"
    )
