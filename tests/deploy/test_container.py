"""The files for containers name files, commands and variables that there are."""

import re
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

from jifen.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "container"
CONTAINERFILE = (FOLDER / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
OURS = [service for service in COMPOSE["services"].values() if service["image"] == "jifen"]


def test_what_is_copied_into_the_image_is_there_and_not_left_out() -> None:
    (line,) = re.findall(r"^COPY (dev .+) \./$", CONTAINERFILE, re.MULTILINE)
    ignored = (FOLDER / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for name in [*line.split(), "src"]:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored


def test_every_service_of_ours_runs_a_command_that_exists() -> None:
    known = get_command(app).commands  # type: ignore[attr-defined]
    (default,) = re.findall(r'^CMD \["(\w+)"', CONTAINERFILE, re.MULTILINE)
    commands = [service.get("command", [default])[0] for service in OURS]
    assert sorted(commands) == ["migrate", "serve", "worker"]
    assert set(commands) <= set(known)


def test_variables_are_read_by_the_program() -> None:
    sources = "".join(p.read_text("utf-8") for p in (ROOT / "src" / "jifen").rglob("*.py"))
    of_image = re.findall(r"\b(JIFEN_\w+)=", CONTAINERFILE)
    of_compose = [name for service in OURS for name in service["environment"]]
    assert {name for name in (*of_image, *of_compose) if name not in sources} == set()


def test_the_site_may_do_little_and_starts_on_a_migrated_database() -> None:
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["jifen"]
    for service in OURS:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    for name in ("web", "worker"):
        after = COMPOSE["services"][name]["depends_on"]["migrate"]["condition"]
        assert after == "service_completed_successfully"


def test_only_this_machine_reaches_the_site_and_nobody_the_database() -> None:
    ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}
    assert {name: port for name, port in ports.items() if port} == {"web": ["127.0.0.1:8000:8000"]}


def test_every_volume_is_declared() -> None:
    used = {
        volume.split(":", maxsplit=1)[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
    }
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])
