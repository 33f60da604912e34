"""The table of acts: every state is reached, every act leads where the parts of a case say."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.casework.models import State
from jifen.office.casework.rules import ENDED, TABLE, acts_for, derive_state, draw_diagram, rule_for

OFFICE = Path(__file__).parents[3] / "docs" / "office.md"


def test_the_diagram_in_the_docs_is_that_of_the_table() -> None:
    assert draw_diagram() in OFFICE.read_text(encoding="utf-8")


def test_every_state_is_reached_and_left_unless_it_is_an_end() -> None:
    reached = {goal for rule in TABLE for goal in rule.leads_to}
    assert reached | {State.DRAFT} == set(State)
    for state in State:
        if state not in ENDED:
            assert any(rule.leads_to for rule in TABLE if rule.state == state), state


def test_an_act_stands_once_in_each_state() -> None:
    pairs = [(rule.state, rule.act) for rule in TABLE]
    assert len(pairs) == len(set(pairs))


@given(st.tuples(*[st.booleans()] * 7), st.lists(st.booleans(), max_size=3))
def test_every_combination_of_parts_has_one_state(
    flags: tuple[bool, ...], gates: list[bool]
) -> None:
    names = ("submitted", "withdrawn", "lapsed", "correcting", "proposed", "signed", "revoked")
    found = derive_state(**dict(zip(names, flags, strict=True)), gates_passed=gates)
    assert found in State
    if flags[1]:
        assert found == State.WITHDRAWN


@pytest.mark.parametrize(("state", "side"), list(product(ENDED, ("clerk", "reviewer"))))
def test_clerks_change_no_fact_of_a_case_that_has_ended(state: State, side: str) -> None:
    assert "find" not in acts_for(state, [side])
    assert rule_for(state, "propose") is None


def test_applicants_never_decide_and_staff_never_file() -> None:
    for rule in TABLE:
        if rule.act in ("find", "propose", "countersign", "decide_expedite", "decide_recheck"):
            assert not {"applicant", "person"} & set(rule.sides)
        if rule.act in ("edit", "submit", "resubmit", "consent"):
            assert set(rule.sides) <= {"applicant", "person"}
