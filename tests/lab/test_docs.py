"""The worked examples of docs/lab.md, and of a population in docs/route.md, are what is said."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app

DOCS = Path(__file__).parents[2] / "docs"
DOC, ROUTE, PROPOSALS = (
    (DOCS / name).read_text("utf-8") for name in ("lab.md", "route.md", "proposals.md")
)
FILES = {"less.yaml": "reform:", "grid.yaml": "sweep:", "brief.yaml": "propose:"}


def _files() -> Iterator[tuple[str, str]]:
    """The files of the example, as they stand in it."""
    blocks = re.findall(r"```yaml\n(.*?)```", DOC + PROPOSALS, re.DOTALL)
    for name, key in FILES.items():
        (text,) = [block for block in blocks if f"\n{key}" in block]
        yield name, text


def _commands(page: str) -> Iterator[tuple[str, list[str]]]:
    """Every command of an example with the lines that it is shown to say."""
    for block in re.findall(r"```\n(\$ jifen lab .*?)```", page, re.DOTALL):
        for part in block.split("$ jifen ")[1:]:
            command, *said = part.splitlines()
            yield command, [line.rstrip() for line in said if line.strip() not in ("", "…")]


def test_every_line_of_the_worked_example_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in _files():
        (tmp_path / name).write_text(text, "utf-8")
    commands = [*_commands(DOC), *_commands(ROUTE), *_commands(PROPOSALS)]
    assert {command.split()[1] for command, _ in commands} == {
        "people", "pack", "run", "quota", "reform", "sweep", "compare", "years", "near",
        "propose", "sensitivity", "fairness",
    }  # fmt: skip
    for command, said in commands:
        result = CliRunner().invoke(app, command.split())
        assert result.exit_code == 0, result.output
        lines = [line.rstrip() for line in result.stdout.splitlines()]
        for line in said:
            assert line in lines, (command, line)
