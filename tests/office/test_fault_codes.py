"""Every code that the office tells stands in docs/checks.md, and none else."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"\bJF-[RUBNGKASMEQWTVH]\d{3}\b")
LISTED = re.compile(r"^\| (JF-[RUBNGKASMEQWTVH]\d{3}) \|", re.MULTILINE)


def test_the_codes_of_the_office_are_documented() -> None:
    source = [
        *(ROOT / "src/jifen/office").rglob("*.py"),
        *(ROOT / "src/jifen/process").rglob("*.py"),
        *(ROOT / "src/jifen/permits").rglob("*.py"),
        *(ROOT / "src/jifen/lists").rglob("*.py"),
        *(ROOT / "src/jifen/entitlements").rglob("*.py"),
        *(ROOT / "src/jifen/statements").rglob("*.py"),
        *(ROOT / "src/jifen/planning").rglob("*.py"),
    ]
    told = {code for file in source for code in CODE.findall(file.read_text("utf-8"))}
    listed = LISTED.findall((ROOT / "docs/checks.md").read_text("utf-8"))
    assert told == set(listed)
    assert len(listed) == len(told)
