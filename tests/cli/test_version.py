"""`jifen --version` says the version that a report of a fault asks for."""

import subprocess
import sys

import jifen


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from jifen.cli import main; main()", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_the_version_is_that_of_the_package() -> None:
    told = run("--version")
    assert (told.returncode, told.stdout) == (0, f"jifen {jifen.__version__}\n")


def test_the_help_lists_the_commands() -> None:
    told = run("--help")
    assert told.returncode == 0
    assert {"assess", "policy", "lab", "serve", "--version"} <= set(told.stdout.split())


def test_without_a_command_the_help_is_shown() -> None:
    assert "积分 Jifen" in run().stderr
