"""The worked example of docs/route.md is what the command says."""

import re
from pathlib import Path

from typer.testing import CliRunner

from jifen.cli.app import app

DOC = (Path(__file__).parents[2] / "docs" / "route.md").read_text("utf-8")


def test_every_line_of_the_worked_example_is_said(tmp_path: Path) -> None:
    facts: str = re.search(r"```yaml\n(birth_date.*?)```", DOC, re.DOTALL)[1]  # type: ignore[index]
    (tmp_path / "me.yaml").write_text(facts, "utf-8")
    (tmp_path / "less.yaml").write_text(facts.replace("award: none\n", ""), "utf-8")
    shown = re.findall(r"```\n\$ jifen (route .*?)```", DOC, re.DOTALL)
    assert len(shown) == 4
    for block in shown:
        command, _, said = block.replace("\\\n", "").partition("\n")
        arguments = re.sub(r"(me|less)\.yaml", rf"{tmp_path}/\1.yaml", command).split()
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0
        lines = [line.rstrip() for line in result.stdout.splitlines()]
        for line in said.splitlines():
            if line.strip() not in ("…", ""):
                assert line.rstrip() in lines
