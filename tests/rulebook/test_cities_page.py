"""docs/cities.md says what is: settings that the command prints, commands that work."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.rulebook.schemas import SHAPES, editor_settings

PAGE = (Path(__file__).parents[2] / "docs" / "cities.md").read_text("utf-8")


def test_the_settings_on_the_page_are_those_that_the_command_prints() -> None:
    (settings,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert json.loads(settings) == editor_settings()
    assert len(editor_settings()["yaml.schemas"]) == len(SHAPES)


def test_the_commands_of_the_first_hour_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIFEN_CITIES", raising=False)
    block = re.findall(r"```\n(jifen city new.*?)```", PAGE, re.DOTALL)[0]
    lines = [line.split("#")[0].strip() for line in block.splitlines()]
    assert len(lines) == 4
    for line in lines[:2]:
        result = CliRunner().invoke(app, shlex.split(line)[1:])
        assert result.exit_code == 0, result.output
