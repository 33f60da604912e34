"""The list of technical requirements of GB/T 22239-2019, level 3, is whole."""

import re
from typing import Any

import pytest
import yaml

from tests.security.evidence import ROOT, is_there

LIST = ROOT / "docs" / "security" / "gbt22239.yaml"
REQUIREMENTS: dict[str, dict[str, Any]] = yaml.safe_load(LIST.read_text("utf-8"))["requirements"]
SECTIONS = {"8.1.2": 3, "8.1.3": 6, "8.1.4": 11, "8.1.5": 4}
"""The technical parts of chapter 8.1 and the number of sections of each (8.1.1 is the building)."""
ITEMS = {
    "8.1.4.1": "abcd",
    "8.1.4.2": "abcdefg",
    "8.1.4.3": "abcd",
    "8.1.4.4": "abcdef",
    "8.1.4.7": "ab",
    "8.1.4.8": "ab",
    "8.1.4.9": "abc",
    "8.1.4.10": "ab",
    "8.1.4.11": "ab",
}


def test_every_section_and_every_item_of_the_computing_environment_is_there() -> None:
    expected = set()
    for part, count in SECTIONS.items():
        for section in (f"{part}.{number}" for number in range(1, count + 1)):
            expected |= {f"{section} {item}" for item in ITEMS.get(section, "")} or {section}
    assert set(REQUIREMENTS) == expected


@pytest.mark.parametrize("number", REQUIREMENTS)
def test_a_requirement_says_how_it_stands_and_by_what(number: str) -> None:
    row = REQUIREMENTS[number]
    assert re.fullmatch(r"8\.1\.[2-5]\.\d+( [a-g])?", number)
    assert row["about"].strip()
    assert row["status"] in ("met", "operator", "open")
    if row["status"] == "met":
        assert row["by"], "a requirement is met by something"
    else:
        assert len(row["why"]) > 10, "what is not met says why"
    missing = [what for what in row.get("by", []) if not (is_there(what) or (ROOT / what).is_dir())]
    assert missing == []
