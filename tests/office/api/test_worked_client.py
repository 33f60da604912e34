"""The client of docs/api.md, exactly as it stands there, against a running server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from jifen.office.api import tokens
from jifen.office.casework.models import Application
from tests.world.office import GOOD, Office, identity, photo

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.mark.django_db(transaction=True)
def test_the_client_of_the_docs_files_an_employee(live_server: LiveServer, tmp_path: Path) -> None:
    office = Office()
    _, secret = tokens.create_token(office.operator, office.unit, "HR", ["read", "write"])
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    (tmp_path / "client.py").write_text(code, "utf-8")
    employee = {"name": "刘小满", "identity_number": identity(5), "facts": GOOD}
    (tmp_path / "employee.json").write_text(json.dumps(employee), "utf-8")
    (tmp_path / "scan.jpg").write_bytes(photo())
    where = {"JIFEN_BASE": f"{live_server.url}/api/v1", "JIFEN_TOKEN": secret}
    ran = subprocess.run(
        [sys.executable, "client.py", "employee.json", "scan.jpg"],
        cwd=tmp_path,
        env=os.environ | where | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    case = Application.objects.get()
    assert ran.stdout.splitlines()[-1] == f"{case.number} review"
    assert case.person.name == "刘小满"
