"""A variable with a wrong value ends a command with its name, not with a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"JIFEN_MODE": "live"}, "JIFEN_MODE is 'live'; write one of: embedded"),
        ({"JIFEN_EMAIL_PORT": "smtp"}, "JIFEN_EMAIL_PORT is 'smtp'; write the port"),
        ({"JIFEN_EMAIL_TLS": "yes"}, "JIFEN_EMAIL_TLS is 'yes'; write starttls"),
        ({"JIFEN_EMAIL_PASSWORD": "x"}, "the password would travel in clear text"),
        ({"JIFEN_MODE": "production"}, "SECRET_KEY is not set"),
        ({"JIFEN_LOG": "xml"}, "JIFEN_LOG is 'xml'; write one of: json, line"),
        ({"JIFEN_ACCESS_LOG": "on"}, "JIFEN_ACCESS_LOG is 'on'; write one of: yes, no"),
        ({"JIFEN_METRICS": "9464"}, "JIFEN_METRICS is '9464'; write the address"),
        ({"JIFEN_METRICS": "0.0.0.0:9464"}, "other machines may reach, and JIFEN_METRICS_TOKEN"),
        ({"JIFEN_METRICS_TOKEN": "short"}, "JIFEN_METRICS_TOKEN has 5 characters; write 32"),
        ({"DATABASE_URL": "mysql://here"}, "DATABASE_URL is not one that Jifen reads"),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("worker", "--once")])
def test_a_wrong_variable_is_named(
    tmp_path: Path, variables: dict[str, str], words: str, command: tuple[str, ...]
) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")}
    environment = kept | {"JIFEN_VAR": str(tmp_path), **variables}
    program = [sys.executable, "-c", "from jifen.cli import main; main()", *command]
    ended = subprocess.run(
        program, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
