"""A reform against today's rules: counted as one would count by hand."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen.cities import load
from jifen.lab.reforms import compare_reforms, load_reform
from jifen.lab.reforms.compare import FLOWS, MOVES
from jifen.lab.reforms.serialization import format_reform, reform_to_dict, reforms_to_tables
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.scoring import assess
from jifen.scoring.files.file_faults import FileFault
from tests.measures import WITH_LINE, a_day
from tests.people.changed_policies import ON, SHANGHAI, Packed, change_policy
from tests.people.tables import build_table

PEOPLE = 400


def _class_of(reached: bool | None) -> int:
    return {False: 0, None: 1, True: 2}[reached]


def _by_hand(
    before: Policy, after: Policy, on: date, rows: list[dict[str, Any]]
) -> tuple[Counter[tuple[int, int]], Counter[str]]:
    """People by class before and after; those without an absent fact by what their points do."""
    crossings, moves = Counter[tuple[int, int]](), Counter[str]()
    absent = {ident for ident in before.rules_on(on).used if ident in rows[0]}
    for row in rows:
        facts = {name: value for name, value in row.items() if value is not None}
        del facts["person"]
        one, other = (assess(policy, facts, on) for policy in (before, after))
        crossings[_class_of(one.reached), _class_of(other.reached)] += 1
        if all(row[ident] is not None for ident in absent):
            assert one.total is not None
            assert other.total is not None
            moves[MOVES[1 + (other.total > one.total) - (other.total < one.total)]] += 1
    return crossings, moves


@pytest.mark.parametrize(
    ("city", "version"), [one for one in WITH_LINE if one != ("guangzhou", "2014")]
)
@pytest.mark.parametrize("unknown", [0.0, 0.01])
def test_flows_and_moves_are_those_of_assess(
    packed: Packed, city: str, version: str, unknown: float
) -> None:
    policy = load(city, version)
    on = a_day(policy)
    line = policy.rules_on(on).decision.threshold_on(on)
    reform = change_policy(
        policy, decision__lines__0__points=str(line + 20), indicators__age="null"
    )
    people = packed(city, version, PEOPLE, unknown=unknown, conduct=False)
    (result,) = compare_reforms(people, policy, [reform], on)
    rows = build_table(policy.rules_on(on), PEOPLE, 7, unknown=unknown, conduct=False).to_pylist()
    crossings, moves = _by_hand(policy, reform, on, rows)
    found = result.everybody
    for flow, (one, other) in FLOWS.items():
        # what assess settles although a fact is absent may stay open here, never the other way
        assert found.count_flow(flow) <= crossings[one, other], flow
        at_most = sum(crossings[n, m] for n in (1, one) for m in (1, other))
        assert found.count_flow_at_most(flow) >= at_most, flow
        if not unknown:
            assert found.count_flow(flow) == found.count_flow_at_most(flow) == crossings[one, other]
    assert {move: found.count_move(move) for move in MOVES} == {move: moves[move] for move in MOVES}
    assert found.people == PEOPLE
    assert sum(found.count_flow(flow) for flow in FLOWS) + found.open == PEOPLE
    assert found.known == sum(moves.values())


def test_groups_add_up_to_everybody(packed: Packed) -> None:
    reform = change_policy(SHANGHAI, indicators__award="null")
    people = packed("shanghai", "2018", PEOPLE)
    (result,) = compare_reforms(people, SHANGHAI, [reform], ON, groups=["education", "age:10"])
    for _, groups in result.groups:
        assert sum(group.people for group in groups) == PEOPLE
        assert sum(g.count_flow("loses") for g in groups) == result.everybody.count_flow("loses")
    assert int(result.change.sum()) == PEOPLE


def test_the_baseline_is_the_same_beside_every_reform(packed: Packed) -> None:
    people = packed("shanghai", "2018", PEOPLE)
    reforms = [
        change_policy(SHANGHAI, indicators__education__choice__points__master="10"),
        change_policy(SHANGHAI, indicators__local_spouse__per_unit__each="9"),
    ]
    both = compare_reforms(people, SHANGHAI, reforms, ON)
    alone = [compare_reforms(people, SHANGHAI, [reform], ON)[0] for reform in reforms]
    for one, other in zip(both, alone, strict=True):
        assert reform_to_dict(one) == reform_to_dict(other)
    assert both[0].mean_points(both[0].everybody.before) == both[1].mean_points(
        both[1].everybody.before
    )


def test_a_reform_that_changes_nothing_moves_nobody(packed: Packed) -> None:
    people = packed("shanghai", "2018", PEOPLE)
    same = change_policy(SHANGHAI, indicators__education__choice__points__master="100")
    (result,) = compare_reforms(people, SHANGHAI, [same], ON)
    assert result.changed_indicators == ()
    assert result.everybody.count_move("same") == PEOPLE


def test_what_is_told_names_what_changed(packed: Packed) -> None:
    reform = change_policy(SHANGHAI, indicators__award="null", decision__lines__0__points="110")
    (result,) = compare_reforms(
        packed("shanghai", "2018", PEOPLE), SHANGHAI, [reform], ON, groups=["education"]
    )
    said = format_reform(result, "en")
    assert "  Line: from 2018-01-01: 120 points → from 2018-01-01: 110 points\n" in said
    assert "  Award: Award — None: 0 points; " in said
    assert "  分数线：2018-01-01 起：120 分 → 2018-01-01 起：110 分\n" in format_reform(
        result, "zh"
    )
    assert reforms_to_tables([result])["reform_groups"].num_rows >= 3
    assert reform_to_dict(result)["lines"] == [120, 110]


def test_a_reform_file_of_another_city_or_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="there is no such file"):
        load_reform(tmp_path / "none.yaml", SHANGHAI)
    file = tmp_path / "r.yaml"
    file.write_text(
        'language: "1"\nreform: r\nlabel: {zh: 改, en: r}\npolicy: chengdu-points\n'
        "change: {floor: 0}\n"
    )
    with pytest.raises(PolicyError, match="JF-P034"):
        load_reform(file, SHANGHAI)
