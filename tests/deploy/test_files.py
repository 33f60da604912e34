"""The files of an installation say what the program understands and their programs accept."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from jifen.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
GUIDE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
SYSTEM_PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
MOST_EXPOSED = 2.0
"""Of 10, where less is better; versions of systemd count a little differently."""


def find_program(name: str, package: str) -> str:
    """A program of the system. A test without it fails: skipped, it would check nothing."""
    found = shutil.which(name, path=SYSTEM_PATH)
    assert found, f"{name} is not installed (Debian: {package}); `./dev` installs it as root"
    return found


def commands() -> list[str]:
    """Every command of ours in the units and in the guide, without its program."""
    units = [unit.read_text(encoding="utf-8") for unit in SERVICES]
    in_units = [line for text in units for line in re.findall(r"bin/jifen ([^\n]+)", text)]
    in_guide = re.findall(
        r"^(?:/opt/jifen/\.venv/bin/jifen|jifen-admin) ([^\n#]+)", GUIDE, re.MULTILINE
    )
    assert len(in_units) == 5
    assert len(in_guide) > 8
    return [*in_units, *in_guide]


@pytest.mark.parametrize("command", commands())
def test_a_command_and_its_options_exist(command: str) -> None:
    group = get_command(app)
    words = command.split()
    while words and words[0] in getattr(group, "commands", {}):
        group = group.commands[words.pop(0)]  # type: ignore[attr-defined]
    known = {name for option in group.params for name in (*option.opts, *option.secondary_opts)}
    assert not hasattr(group, "commands"), f"{command}: no such command"
    assert {word for word in words if word.startswith("--")} <= known


def variables() -> list[str]:
    text = (DEPLOY / "jifen.env.example").read_text(encoding="utf-8")
    return re.findall(r"^#?([A-Z][A-Z_]+)=", text, re.MULTILINE)


@pytest.mark.parametrize("name", variables())
def test_a_variable_is_read_by_the_program_and_explained(name: str) -> None:
    sources = (ROOT / "src" / "jifen").rglob("*.py")
    assert any(name in path.read_text(encoding="utf-8") for path in sources)
    documents = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")]
    beginning = name.rpartition("_")[0]  # `JIFEN_OIDC_SERVER`, `_CLIENT`
    assert any(name in text or f"`{beginning}_" in text for text in documents)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """With a program in place of ours, which is not in /opt here."""
    program = tmp_path / "jifen"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    copies = []
    for unit in UNITS:
        copies.append(tmp_path / unit.name)
        text = unit.read_text(encoding="utf-8").replace("/opt/jifen/.venv/bin/jifen", str(program))
        copies[-1].write_text(text, encoding="utf-8")
    told = subprocess.run(
        [find_program("systemd-analyze", "systemd"), "verify", "--man=no", *copies],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    ours = [line for line in told.stderr.splitlines() if "jifen" in line]
    assert (told.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little(unit: Path) -> None:
    told = subprocess.run(
        [find_program("systemd-analyze", "systemd"), "security", "--offline=true", str(unit)],
        capture_output=True,
        text=True,
        check=True,
    )
    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", told.stdout)
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    kind = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=jifen.example.gov.cn"
    command = ["openssl", *kind.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    site = (DEPLOY / "nginx" / "jifen.conf").read_text(encoding="utf-8")
    for place in ("/etc/jifen/tls", "/var/log/nginx"):
        assert place in site
        site = site.replace(place, str(tmp_path))
    configuration = tmp_path / "nginx.conf"
    head = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
    configuration.write_text(f"{head}http {{\n{site}\n}}\n", encoding="utf-8")
    told = subprocess.run(
        [find_program("nginx", "nginx-light"), "-t", "-q", "-c", str(configuration)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
