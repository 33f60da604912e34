"""The documents say what is: every code, every key, and examples that can be copied."""

import re
from pathlib import Path
from typing import Any

import pytest

from jifen.policy.checks import CODES, check_policy
from jifen.policy.document import policy_json_schema
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.source import parse_yaml
from tests.policy.faults import MINIMAL, policy

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGE = (DOCS / "policy-language.md").read_text(encoding="utf-8")
CHECKS = (DOCS / "checks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", LANGUAGE, re.DOTALL)
INDICATORS = [block for block in BLOCKS if block.startswith("- id:")]


def test_the_severity_of_every_check_is_the_one_it_has() -> None:
    told = dict(re.findall(r"^\| (JF-C[0-9]{3}) \| (\w+) \|", CHECKS, re.MULTILINE))
    assert told == {code: rule.severity for code, rule in CODES.items()}


def test_every_key_of_a_policy_is_explained() -> None:
    missing = {key for key in _keys(policy_json_schema()) if not re.search(rf"\b{key}\b", LANGUAGE)}
    assert missing == set()


def _keys(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(_keys(inner) for inner in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", {}))
    return own.union(*(_keys(inner) for inner in schema.values()))


def test_every_mechanism_has_an_example() -> None:
    shown = {key for key in MECHANISMS for block in INDICATORS if f"\n  {key}:" in block}
    assert shown == set(MECHANISMS)


@pytest.mark.parametrize("block", INDICATORS, ids=lambda block: block.split("\n")[0][6:])
def test_an_example_can_be_copied_into_a_policy(block: str) -> None:
    indented = "".join(f"  {line}\n" for line in block.splitlines())
    made = policy(MINIMAL.replace("conditions:\n", f"{indented}conditions:\n", 1))
    assert [str(fault) for fault in check_policy(made) if fault.severity == "error"] == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_an_example_is_well_formed(block: str) -> None:
    assert parse_yaml(block).to_plain()
