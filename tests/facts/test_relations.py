"""Totals that contradict one another are named with both facts, and used as they are given."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.relations import keep_limits, list_limits
from jifen.facts.situation import examine_facts, read_situation
from jifen.policy.relations import Relation, _add_consequences
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring import assess
from jifen.scoring.population.coding import list_contradictions
from jifen.scoring.population.scorer import BatchScorer
from tests.hypothesis_profiles import each
from tests.people.people_with_plans import NO_TITLE

ON = date(2025, 6, 1)
LESS = {"base_1x_months_last_48": 48, "base_08x_months_last_48": 10, "insured_months": 60}


def _named(**facts: Any) -> list[tuple[str, str, str]]:
    """The contradictions of some facts of Shanghai: code and both facts."""
    situation, faults = examine_facts(load("shanghai", "2018").rules_on(ON), facts, ON)
    assert not faults
    return [(one.code, one.fact, one.beside) for one in situation.contradictions]


def test_more_months_at_a_higher_base_than_at_a_lower_one() -> None:
    result = assess(load("shanghai", "2018"), LESS, ON)
    (words,) = result.warnings
    assert words.zh == (
        "最近 48 个月内基数达社平工资 1 倍的月数（base_1x_months_last_48）为 48 个月，"
        "而最近 48 个月内基数达社平工资 0.8 倍的月数（base_08x_months_last_48）为 10 个月；"
        "应为前者不超过后者。请核对这两项，或删去一项。"
    )
    assert words.en == (
        "Found Months at 1× the average wage in the last 48 (base_1x_months_last_48): 48 months, "
        "beside Months at 0.8× the average wage in the last 48 (base_08x_months_last_48): "
        "10 months; expected the first to be at most the second. "
        "Correct one of the two, or leave one out."
    )
    (told,) = result.to_dict("en")["contradictions"]
    assert (told["code"], told["facts"]) == (
        "JF-F042",
        ["base_1x_months_last_48", "base_08x_months_last_48"],
    )


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"insured_months_last_12": 12, "insured_months": 5}, ("insured_months_last_12",) * 1),
        ({"insured_months_last_12": 12, "insured_months": 12}, ()),
        ({"insured_months_last_12": 12, "insured_months": None}, ()),
        ({"insured_months_last_12": 12}, ()),
        # four more months than the twelve leave room for
        ({"base_1x_months_last_48": 40, "base_1x_months_last_12": 0}, ("base_1x_months_last_48",)),
        ({"base_1x_months_last_48": 36, "base_1x_months_last_12": 0}, ()),
    ],
)
def test_what_logic_rules_out_is_named_and_nothing_else(
    facts: dict[str, Any], named: tuple[str, ...]
) -> None:
    assert [first for _, first, _ in _named(**facts)] == list(named)


def test_of_a_chain_only_the_links_are_named() -> None:
    chain = {
        "base_2x_months_last_48": 40,
        "base_1x_months_last_48": 30,
        "base_08x_months_last_48": 20,
    }
    pairs = {(first, other) for _, first, other in _named(**chain)}
    assert pairs == {
        ("base_2x_months_last_48", "base_1x_months_last_48"),
        ("base_1x_months_last_48", "base_08x_months_last_48"),
    }


def test_what_follows_from_several_relations_is_compared_where_the_middle_is_not_known() -> None:
    pair = {"base_2x_months_last_48": 40, "base_08x_months_last_48": 20}
    assert [first for _, first, _ in _named(**pair)] == ["base_2x_months_last_48"]
    relations = load("shanghai", "2018").vocabulary.relations
    assert Relation("base_1x_months_last_48", "base_1x_months_last_12", 36) in relations


def test_without_a_contradiction_a_result_says_nothing_of_it() -> None:
    facts = {ident: value for ident, value in NO_TITLE.items() if ident != "birth_date"}
    situation = read_situation(load("shanghai", "2018").rules_on(ON), facts, ON)
    assert situation.contradictions == ()
    assert "contradictions" not in assess(load("shanghai", "2018"), facts, ON).to_dict()


def test_of_chengdu_records_of_five_years_are_not_more_than_all() -> None:
    policy = load("chengdu", "2020")
    rules = policy.rules_on(date(2022, 6, 15))
    facts = {"moved_home_and_job_months": 20, "moved_home_months": 10}
    (fault,) = examine_facts(rules, facts, date(2022, 6, 15))[0].contradictions
    assert (fault.fact, fault.beside) == ("moved_home_and_job_months", "moved_home_months")


def test_in_a_table_each_row_that_contradicts_itself_is_named_and_scored() -> None:
    rules = load("shanghai", "2018").rules_on(ON)
    scorer = BatchScorer(rules, ON)
    facts: dict[str, list[Any]] = {
        ident: [0, 0, 0] for ident, axis in scorer.program.axes.items() if axis.fact.is_number
    }
    facts |= {i: [None] * 3 for i in scorer.program.axes if i not in facts}
    facts |= {"base_1x_months_last_48": [48, 10, None], "base_08x_months_last_48": [10, 10, 0]}
    facts["insured_months"] = [60, 60, 60]
    table = pa.table(facts)
    coded = scorer.build_coder(scorer.plan_columns(table.column_names, bounds=True)).encode(table)
    assert (coded.faults, coded.faulty) == ([], None)
    named = [
        (one.row, one.column, one.fault.beside)
        for one in list_contradictions(coded.contradicting_rows)
    ]
    assert (0, "base_1x_months_last_48", "base_08x_months_last_48") in named
    assert {row for row, _, _ in named} == {0}


FACTS = """
city: sample
sections: [{id: person, label: {zh: 本人, en: You}}]
facts:
  - {id: all_months, type: months, label: {zh: 全部, en: All}}
  - {id: some_months, type: months, label: {zh: 部分, en: Some}}
  - {id: years, type: years, label: {zh: 年数, en: Years}}
  - {id: valid, type: bool, label: {zh: 有效, en: Valid}}
relations:
"""


@pytest.mark.parametrize(
    ("line", "code", "found"),
    [
        ("{fact: some, at_most: all_months}", "JF-P019", "'some'"),
        ("{fact: valid, at_most: all_months}", "JF-P028", "'valid' of type bool"),
        ("{fact: years, at_most: all_months}", "JF-P031", "years (years) beside all_months"),
        ("{fact: some_months, at_most: some_months}", "JF-P031", "some_months (months) beside"),
        ("{fact: some_months}", "JF-P011", "at_most"),
    ],
)
def test_a_relation_that_cannot_be_is_refused_at_its_place(
    line: str, code: str, found: str
) -> None:
    text = FACTS.lstrip() + f"  - {line}\n"
    sink = Sink(tuple(text.splitlines()))
    read_vocabulary(parse_yaml(text, "facts.yaml"), sink)
    (fault,) = sink.faults
    assert fault.code == code
    assert found in str(fault)
    assert fault.place.line == 9


@given(data=st.data())
@each(300, 20_000)
def test_few_relations_decide_for_all_of_known_totals(data: st.DataObject) -> None:
    names = ["a", "b", "c", "d"]
    written = data.draw(
        st.dictionaries(
            st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(
                lambda pair: pair[0] != pair[1]
            ),
            st.integers(0, 3),
            max_size=8,
        )
    )
    relations = _add_consequences(Relation(*pair, plus) for pair, plus in written.items())
    limits = list_limits(relations)
    values = data.draw(st.fixed_dictionaries({name: st.integers(0, 9) for name in names}))
    broken = [r for r in relations if values[r.fact] > values[r.other] + r.plus]
    assert keep_limits(limits, values) is (not broken)
    assert set(limits) <= {(r.fact, r.other, r.plus) for r in relations}
    for name in {fact for limit in limits for fact in limit[:2]}:
        assert not keep_limits(limits, {**values, name: None})
        assert not keep_limits(limits, {n: v for n, v in values.items() if n != name})


def test_a_total_that_decides_nothing_is_compared_all_the_same() -> None:
    rules = load("shanghai", "2018").rules_on(ON)
    used = {fact_id: 0 for fact_id in rules.used if rules.vocabulary[fact_id].is_number}
    unused = "base_2x_months_last_36"
    assert unused not in rules.used
    situation = read_situation(rules, used | {unused: 5}, ON)
    assert {fault.fact for fault in situation.contradictions} == {unused}


def test_facts_stay_in_the_order_in_which_they_were_given() -> None:
    rules = load("shanghai", "2018").rules_on(ON)
    facts = {"title": "senior", "insured_months": "12 个月", "education": "master"}
    assert list(read_situation(rules, facts, ON).values) == ["title", "insured_months", "education"]
