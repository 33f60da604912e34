"""Other people: the facts of a spouse are facts of their own, like those of the applicant."""

from datetime import date

import pytest

from jifen.facts.facts_file import read_facts_text
from jifen.facts.fault import FactsError
from jifen.policy.policy import Policy
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring import assess
from tests.policy.faults import HERE, MINIMAL, policy

FACTS = (HERE / "facts.yaml").read_text(encoding="utf-8")
PEOPLE = """people:
  - id: partner
    label: {zh: 配偶, en: Partner}
    section: person
    asked_after: permit_valid
    facts:
      - birth_date
      - age
      - {of: education, question: {zh: 配偶的最高学历？, en: "Your partner's degree?"}}
facts:
"""
PARTNER = """  - id: partner_education
    label: {zh: 配偶学历, en: Education of the partner}
    group: basic
    choice: {of: partner_education, points: {none: 0, college: 3, bachelor: 5}}
    confidence: likely
  - id: partner_age
    label: {zh: 配偶年龄, en: Age of the partner}
    group: basic
    scale: {of: partner_age, bands: [{from: 0, to: 44, points: 2}, {from: 45, points: 0}]}
    confidence: likely
conditions:
"""
ON = date(2023, 6, 1)
ME = {
    "birth_date": "1990-01-01",
    "education": "none",
    "insured_months": 0,
    "insured_months_last_12": 0,
    "base_ratio": 1,
    "permit_valid": True,
    "serious_crime": False,
    "detention_dates": [],
}


def vocabulary() -> Vocabulary:
    sink = Sink()
    read = read_vocabulary(parse_yaml(FACTS.replace("facts:\n", PEOPLE, 1), "facts.yaml"), sink)
    assert sink.faults == []
    return read


def measure() -> Policy:
    return policy(MINIMAL.replace("conditions:\n", PARTNER, 1), vocabulary())


def test_each_fact_of_a_person_is_like_that_of_the_applicant() -> None:
    facts = vocabulary()
    fact = facts["partner_education"]
    assert fact.ids == facts["education"].ids
    assert (fact.label.zh, fact.label.en) == ("配偶：学历", "Partner: education")
    assert fact.question.en == "Your partner's degree?"
    assert (fact.section, fact.asked_after) == ("person", "permit_valid")
    assert not fact.always_applies


def test_what_follows_from_a_fact_of_a_person_follows_from_hers() -> None:
    fact = vocabulary()["partner_age"]
    assert fact.derive is not None
    assert fact.derive.source == "partner_birth_date"


def test_they_may_stand_under_the_person_or_beside_the_others() -> None:
    nested = {**ME, "partner": {"birth_date": "1985-01-01", "education": "bachelor"}}
    beside = {**ME, "partner_birth_date": "1985-01-01", "partner_education": "bachelor"}
    totals = {assess(measure(), facts, ON).total for facts in (nested, beside)}
    assert totals == {50 + 5 + 2}


def test_a_person_that_there_is_not_gives_nothing_and_an_unknown_one_leaves_a_range() -> None:
    nobody = {**ME, "partner": {"birth_date": None, "education": None}}
    assert assess(measure(), nobody, ON).total == 50
    result = assess(measure(), ME, ON)
    assert [int(end) for end in result.bounds] == [50, 57]
    assert set(result.missing) == {"partner_birth_date", "partner_education"}


def test_a_fact_that_the_person_does_not_have_is_named() -> None:
    with pytest.raises(FactsError, match="partner_base_ratio"):
        assess(measure(), {**ME, "partner": {"base_ratio": 2}}, ON)


def test_a_file_names_the_line_of_a_fact_of_a_person() -> None:
    read = read_facts_text("education: none\npartner:\n  education: masters\n", "me.yaml")
    assert read.places["partner_education"].line == 3
