"""Defaults and shared facts: what is read is what it would be if every element had said it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jifen.cities import read_yaml_file
from jifen.policy.defaults import read_sources
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.policy.policy_reader import read_policy
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Fact
from jifen.policy.vocabulary_reader import read_vocabulary
from tests.policy.faults import HERE, MINIMAL, changed, policy, vocabulary

CLAUSE = "{article: {zh: 第六条, en: Art. 6}, confidence: likely}"
LIKELY = "\n    confidence: likely"


def bases(read: Policy) -> list[tuple[str, object]]:
    rules = read.rules_on(read.since)
    elements: tuple[Any, ...] = (
        *rules.indicators,
        *rules.groups,
        *rules.requirements,
        *rules.cautions,
    )
    return [(one.id, one.basis) for one in elements]


def test_a_default_of_the_file_stands_for_what_is_not_said() -> None:
    short = MINIMAL.replace(LIKELY, "").replace(
        "floor: 0", "floor: 0\ndefaults: {confidence: likely}"
    )
    assert short.count("confidence: likely") < MINIMAL.count("confidence: likely") - 5
    assert policy(short).hash == policy().hash
    assert bases(policy(short)) == bases(policy())


def test_a_group_says_it_for_itself_and_its_indicators_and_the_nearest_wins() -> None:
    groups = (
        "{id: deductions, label: {zh: 减分, en: Deductions}, confidence: likely}",
        "{id: deductions, label: {zh: 减分, en: Deductions}, defaults: "
        f"{{clause: {CLAUSE}, confidence: unsure, sources: [S1]}}}}\n"
        "  - {id: crimes, label: {zh: 犯罪, en: Crimes}, parent: deductions, confidence: likely, "
        "defaults: {confidence: certain}}",
    )
    crime = (
        "group: deductions\n    veto: {when: serious_crime}" + LIKELY,
        "group: crimes\n    veto: {when: serious_crime}",
    )
    rules = changed(groups, crime).rules_on(policy().since)
    elements: tuple[Any, ...] = (*rules.indicators, *rules.groups)
    by_id = {one.id: one.basis for one in elements}
    assert (by_id["serious_crime"].confidence, by_id["serious_crime"].sources) == (
        "certain",
        ("S1",),
    )
    assert by_id["serious_crime"].clause is not None
    assert by_id["serious_crime"].clause.article.en == "Art. 6"
    assert by_id["detention"].confidence == "likely"  # its own
    assert (by_id["deductions"].confidence, by_id["deductions"].sources) == ("unsure", ("S1",))
    assert by_id["crimes"].sources == ()  # a group below is no indicator in it
    assert by_id["age"].clause is None


def test_null_takes_no_default() -> None:
    group = (
        "{id: deductions, label: {zh: 减分, en: Deductions}, confidence: likely}",
        "{id: deductions, label: {zh: 减分, en: Deductions}, confidence: likely, "
        f"defaults: {{clause: {CLAUSE}}}}}",
    )
    crime = ("veto: {when: serious_crime}", "veto: {when: serious_crime}\n    clause: null")
    rules = changed(group, crime).rules_on(policy().since)
    clauses = {one.id: one.basis.clause for one in rules.indicators}
    assert clauses["serious_crime"] is None
    assert clauses["detention"] is not None


def test_groups_in_a_circle_are_told_and_do_not_hang() -> None:
    basic = ("{id: basic, ", "{id: basic, parent: deductions, defaults: {sources: [S1]}, ")
    other = ("{id: deductions, ", "{id: deductions, parent: basic, ")
    with pytest.raises(PolicyError, match="JF-P033"):
        changed(basic, other).rules_on(policy().since)


def test_a_faulty_default_is_told_where_it_stands() -> None:
    with pytest.raises(PolicyError) as error:
        changed(("floor: 0", "floor: 0\ndefaults: {sources: [S1], note: x}"))
    (fault,) = error.value.faults
    assert (fault.code, fault.place.line) == ("JF-P010", 13)


def test_an_unknown_source_of_a_default_is_told() -> None:
    with pytest.raises(PolicyError, match="JF-P023"):
        changed(("floor: 0", "floor: 0\ndefaults: {sources: [S7]}")).rules_on(policy().since)


SHARED = "sources:\n  - {id: S1, where: example.org}\n  - {id: S2, where: example.net}\n"


def test_a_source_is_named_by_its_id_where_the_city_has_it() -> None:
    sink = Sink()
    shared = read_sources(parse_yaml(SHARED), sink)
    text = MINIMAL.replace("  - {id: S1, where: example.org}", "  - S1")
    short = read_policy(parse_yaml(text), vocabulary(), (), (), shared)
    assert not sink.faults
    assert short.hash == policy().hash
    assert short.sources == policy().sources
    with pytest.raises(PolicyError, match="JF-P023"):
        read_policy(parse_yaml(text.replace("- S1", "- S3")), vocabulary(), (), (), shared)


def facts(text: str) -> dict[str, Fact]:
    sink = Sink()
    read = read_vocabulary(parse_yaml(text, "facts.yaml"), sink)
    assert not sink.faults, sink.faults
    return {fact.id: fact for fact in read}


def test_a_shared_fact_is_taken_whole_and_keys_beside_it_win() -> None:
    long = facts((HERE / "facts.yaml").read_text("utf-8"))
    own = """city: sample
sections:
  - {id: person, label: {zh: 本人, en: You}}
facts:
  - {use: common.birth_date, section: person}
  - {use: common.age}
  - {use: common.age, id: age_of_spouse, label: {zh: 配偶年龄, en: Age of the spouse}}
"""
    short = facts(own)
    assert short["birth_date"].label == long["birth_date"].label
    assert short["birth_date"].question.en == "When were you born?"
    assert short["age"] == long["age"]
    assert short["age_of_spouse"].label.en == "Age of the spouse"
    derived, shared = short["age_of_spouse"].derive, short["age"].derive
    assert derived
    assert shared
    assert (derived.gives, replace(derived, gives="age")) == ("age_of_spouse", shared)


def test_every_shared_fact_can_be_used(tmp_path: Path) -> None:
    from jifen.policy.common_facts import read_common_facts

    uses = "".join(f"  - {{use: common.{ident}}}\n" for ident in read_common_facts())
    path = tmp_path / "facts.yaml"
    path.write_text(
        f"city: x\nsections:\n  - {{id: person, label: {{zh: 本人, en: You}}}}\nfacts:\n{uses}",
        "utf-8",
    )
    sink = Sink()
    assert set(read_vocabulary(read_yaml_file(path), sink).ids) == set(read_common_facts())
    assert not sink.faults
