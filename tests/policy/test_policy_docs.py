"""The documents say what is: every code, every key, and examples that can be copied."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jifen.policy.checks import CODES, check_policy
from jifen.policy.document import policy_json_schema
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring import assess
from tests.policy.faults import HERE, MINIMAL, policy

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


def _read_facts(blocks: list[str]) -> str:
    """The facts of the small vocabulary with those that the examples declare."""
    facts = (HERE / "facts.yaml").read_text(encoding="utf-8")
    declared = [block.removeprefix("facts:\n") for block in blocks if block.startswith("facts:")]
    return facts.replace("facts:\n", "facts:\n" + "".join(declared), 1)


def test_the_examples_of_the_chinese_page_run() -> None:
    """Put into one measure beside the facts that they declare, they read, check and count."""
    page = (DOCS / "zh" / "policy.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    head = "".join(
        f"{key}:{rest}"
        for block in blocks
        for key, rest in re.findall(r"^(rows|lists|records):(\n(?:[ ].*\n)+)", block, re.MULTILINE)
    )
    listed = "".join(
        entry
        for block in blocks
        for entry in re.findall(r"^indicators:\n((?:[ ].*\n)+)", block, re.MULTILINE)
    )
    patents = (
        "  - id: patents\n    label: {zh: 专利, en: Patents}\n"
        "    group: basic\n    confidence: likely\n"
        "    accrual: {of: patent_points, each: 1, every: 1 points, "
        "round: {places: 0, mode: half_up}}\n"
    )
    text = MINIMAL.replace("groups:\n", f"{head}groups:\n", 1)
    text = text.replace("indicators:\n", f"indicators:\n{listed}{patents}", 1)
    sink = Sink()
    vocabulary = read_vocabulary(parse_yaml(_read_facts(blocks)), sink)
    made = policy(text, vocabulary)
    assert sink.faults == []
    assert [str(fault) for fault in check_policy(made) if fault.severity == "error"] == []
    patent = {"granted": "2023-01-01", "inventors": 3}
    facts = {"permit_valid": True, "education": "college", "patents": [patent]}
    lines = {line.indicator.id: line.bounds for line in assess(made, facts, date(2024, 1, 1)).lines}
    assert lines["has_permit_valid"] == (Decimal(5), Decimal(5))
    assert lines["higher_education"] == (Decimal(5), Decimal(5))
    assert lines["patents"] == (Decimal(7), Decimal(7))  # 20 divided by three


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_an_example_is_well_formed(block: str) -> None:
    assert parse_yaml(block).to_plain()
