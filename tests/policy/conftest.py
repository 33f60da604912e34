"""What the tests of the policy language share."""

import re
from pathlib import Path

import pytest

import jifen

_CODE = re.compile(r"JF-[PC][0-9]{3}")


@pytest.fixture(scope="session")
def codes_in_source() -> set[str]:
    """Every code of a fault that the source of the engine can give."""
    root = Path(jifen.__file__).parent
    folders = (root / "policy", root / "cities")
    files = [path for folder in folders for path in folder.rglob("*.py")]
    return {code for path in files for code in _CODE.findall(path.read_text(encoding="utf-8"))}
