"""Groups that are added up or of which the highest counts, and what is left open of a fact."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.policy.text import Text
from jifen.scoring.absent_facts import (
    evaluate_combinations,
    find_deciding_facts,
    restrict_to_ranges,
)
from jifen.scoring.tree import build_tree
from tests.policy.faults import HERE, policy

ON = date(2023, 8, 1)


def test_a_group_of_which_the_highest_counts_may_be_empty() -> None:
    text = (HERE / "printed" / "full.yaml").read_text("utf-8")
    empty = "{id: nothing, label: {zh: 空, en: Empty}, combine: best_of, confidence: likely}"
    rules = policy(text.replace("groups:\n", f"groups:\n  - {empty}\n")).rules_on(ON)
    assert rules.groups[0].label == Text("空", "Empty")
    lines = [0] * len(rules.indicators)
    assert build_tree(rules, 10).tally_bounds(lines, lines, [True] * len(lines)) == (0, 0)


def test_a_range_cuts_the_answers_to_its_own_fact_and_adds_its_ends() -> None:
    values = {"a": (None, 1, 3, 9), "b": (1, 2)}
    assert restrict_to_ranges(values, {"a": (2, 5), "c": (0, 1)}) == {"a": (2, 3, 5), "b": (1, 2)}
    assert restrict_to_ranges(values, {"a": (3, 3)})["a"] == (3,)
    assert restrict_to_ranges(values, {}) is values


def test_only_facts_that_change_the_outcome_matter() -> None:
    values = {"a": (1, 2), "b": (1, 2), "c": (1, 2)}

    def run(person: Mapping[str, Any]) -> int:
        return int(person["a"]) + (10 if person["c"] == 2 and person["known"] else 0)

    absent = ("a", "b", "c")
    assert find_deciding_facts(
        absent, evaluate_combinations(run, {"known": True}, absent, values)
    ) == ("a", "c")
    assert find_deciding_facts(
        absent, evaluate_combinations(run, {"known": False}, absent, values)
    ) == ("a",)
