"""A damaged policy or facts file is told with its faults; it never breaks the program."""

import random
import re

import pytest

from jifen.policy.book import book_fragment
from jifen.policy.checks.policy_file import check_file
from jifen.policy.fault import DocumentError
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from tests.policy.faults import HERE, MINIMAL, vocabulary

FACTS = (HERE / "facts.yaml").read_text(encoding="utf-8")
WORDS = (
    *("null", "[]", "{}", "[[]]", "{a: 1}", "[1]", "-1", "0", "0.5", "1e5", "9" * 30, "xyz", "~"),
    *("true", "2020-01-01", "12 months", "rank", "yearly", "best_of", "choice", "dates", "permit"),
    *("age", "insured_months", "permit_valid", "education", "basic", "age < 0 and not age > 2"),
)


def _damaged(text: str, seed: int) -> str:
    """One line lost, doubled elsewhere, or with one of its values replaced."""
    chance = random.Random(seed)
    lines = text.splitlines()
    at, kind = chance.randrange(len(lines)), chance.random()
    values = list(re.finditer(r"(?<=: )[^,{}\[\]]+|(?<=\[)[^\]\[]+", lines[at]))
    if kind < 0.15 or not values:
        del lines[at]
    elif kind < 0.25:
        lines.insert(at, chance.choice(lines))
    else:
        value = chance.choice(values)
        line = lines[at]
        lines[at] = line[: value.start()] + chance.choice(WORDS) + line[value.end() :]
    return "\n".join(lines)


@pytest.mark.parametrize("block", range(8))
def test_a_damaged_policy_is_told_and_a_sound_one_is_shown(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        raw = _damaged(MINIMAL, seed).encode()
        policy, faults = check_file(raw, "damaged.yaml", vocabulary(), ())
        if policy and not any(fault.severity == "error" for fault in faults):
            assert book_fragment(policy, (), "zh")
        else:
            assert all(str(fault) for fault in faults)


@pytest.mark.parametrize("block", range(4))
def test_damaged_facts_are_told(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        text = _damaged(FACTS, seed)
        sink = Sink(tuple(text.splitlines()))
        try:
            found = read_vocabulary(parse_yaml(text, "facts.yaml"), sink)
        except DocumentError:
            continue  # broken as YAML, and told so
        if not sink.faults:
            check_file(MINIMAL.encode(), "minimal.yaml", found, ())
