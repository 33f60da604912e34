"""Items that count only beside another item, or only without it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.policy.diff import find_difference
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.scoring import assess
from tests.hypothesis_profiles import each
from tests.people.population_rows import assert_equal, rows_of
from tests.policy.faults import changed

ON = date(2023, 6, 1)
EXTRA = """indicators:
  - id: extra
    label: {zh: 附加, en: Extra}
    group: basic
    %s
    condition: {when: permit_valid, points: 7}
    confidence: likely
"""
TIES = [f"{key}: [{named}]" for key in ("only_with", "not_with") for named in (
    "education", "insurance", "contribution_base", "detention", "education, insurance"
)]  # fmt: skip


def _tied(tie: str, *pairs: tuple[str, str]) -> Policy:
    return changed(("indicators:\n", EXTRA % tie), *pairs)


def _points(policy: Policy, item: str, facts: dict[str, Any]) -> Decimal | None:
    return assess(policy, facts, ON).line(item).points


@pytest.mark.parametrize("tie", TIES)
@given(data=st.data())
@each(6, 300)
def test_a_tied_item_counts_as_the_points_of_the_other_say(tie: str, data: st.DataObject) -> None:
    policy = _tied(tie)
    key, named = tie.removesuffix("]").split(": [")
    for row in data.draw(rows_of(policy, ON)):
        known = {fact: row.get(fact) for fact in policy.rules_on(ON).used}
        always = {"age": 30, "education": "none"}
        known = {f: always.get(f) if v is None and f in always else v for f, v in known.items()}
        others = [bool(_points(policy, item, known)) for item in named.split(", ")]
        counts = all(others) if key == "only_with" else not any(others)
        expected = 7 if counts and known["permit_valid"] else 0
        assert _points(policy, "extra", known) == expected, known


@pytest.mark.parametrize("tie", TIES)
@given(data=st.data())
@each(4, 200)
def test_a_population_is_scored_as_its_people_are(tie: str, data: st.DataObject) -> None:
    policy = _tied(tie)
    assert_equal(policy, ON, data.draw(rows_of(policy, ON)))


def test_a_tie_follows_the_ties_of_the_item_that_it_names() -> None:
    """Extra needs schooling, and schooling counts only without a detention."""
    tie = ("    choice:\n", "    not_with: [detention]\n    choice:\n")
    policy = _tied("only_with: [education]", tie)
    person = {"permit_valid": True, "education": "college", "detention_count_5y": 0}
    assert _points(policy, "extra", person) == 7
    assert _points(policy, "extra", person | {"detention_count_5y": 1}) == 0
    assert _points(policy, "education", person | {"detention_count_5y": 1}) == 0


def test_a_tie_to_a_ladder_holds_on_every_step_that_gives_points() -> None:
    steps = ("base_ratio >= 2, points: 10", "base_ratio >= 2, points: 0")
    policy = _tied("only_with: [contribution_base]", steps)
    points = {
        ratio: _points(policy, "extra", {"permit_valid": True, "base_ratio": ratio})
        for ratio in ("1.99", "2", "2.99", "3")
    }
    assert points == {"1.99": 0, "2": 0, "2.99": 0, "3": 7}


def test_a_difference_says_the_condition_of_the_tie() -> None:
    before, after = _tied("only_with: [detention]"), _tied("not_with: [detention]")
    (item,) = find_difference(before, after).items
    change = item.change
    assert "Detentions in the last 5 years at least 1" in change.before.en
    assert change.before != change.after


def test_no_tie_names_a_multiplier() -> None:
    factor = """indicators:
  - id: twice
    label: {zh: 倍数, en: Times}
    group: basic
    multiplier: {when: serious_crime, by: 2, round: {places: 0, mode: down}}
    confidence: likely
"""
    policy = changed(("indicators:\n", factor), ("indicators:\n", EXTRA % "only_with: [twice]"))
    with pytest.raises(PolicyError, match="of which no condition says"):
        policy.rules_on(ON)
