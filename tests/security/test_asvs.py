"""The list of controls of OWASP ASVS 5.0 is whole, and what it names as evidence exists."""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from tests.security.evidence import ROOT, is_there

LIST = ROOT / "docs" / "security" / "asvs.yaml"
CONTROLS: dict[str, dict[str, Any]] = yaml.safe_load(LIST.read_text(encoding="utf-8"))["controls"]
OF_CHAPTERS = {
    1: {1: 8, 2: 4, 3: 8, 4: 2, 5: 4, 6: 13, 7: 6, 8: 4, 9: 4, 10: 5, 11: 3, 12: 3, 13: 1, 14: 2}
    | {15: 3},
    2: {1: 19, 2: 7, 3: 11, 4: 8, 5: 5, 6: 22, 7: 12, 8: 3, 9: 3, 10: 24, 11: 11, 12: 6, 13: 12}
    | {14: 7, 15: 10, 16: 16, 17: 7},
}
"""How many controls each chapter of the standard (5.0.0) first asks for at level 1, at level 2."""


@pytest.mark.parametrize("level", [1, 2])
def test_every_control_of_the_standard_is_on_the_list(level: int) -> None:
    chapters = [
        int(number[1:].split(".")[0]) for number, one in CONTROLS.items() if one["level"] == level
    ]
    assert Counter(chapters) == OF_CHAPTERS[level]
    assert sum(OF_CHAPTERS[level].values()) == {1: 70, 2: 183}[level]


@pytest.mark.parametrize("number", CONTROLS)
def test_a_control_says_how_it_stands_and_by_what(number: str) -> None:
    one = CONTROLS[number]
    assert re.fullmatch(r"V(1?[0-9])\.[0-9]+\.[0-9]+", number)
    assert one["about"].strip()
    assert one["status"] in ("met", "not_applicable", "open")
    if one["status"] == "met":
        assert one["by"], "a control is met by something"
    else:
        assert len(one["why"]) > 10, "what is not met says why"
    assert [evidence for evidence in one.get("by", []) if not is_there(evidence)] == []


def test_evidence_that_is_missing_is_noticed() -> None:
    here = "tests/security/test_asvs.py"
    assert is_there(here)
    assert is_there(f"{here}::test_evidence_that_is_missing_is_noticed")
    assert not is_there(f"{here}::test_nobody_wrote_this")
    assert not is_there("tests/security/test_nothing.py")


def test_the_way_to_report_names_no_invented_address() -> None:
    words = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "not set" in words
    assert not re.search(r"[\w.]+@[\w.]+|https?://", words)
