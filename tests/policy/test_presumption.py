"""`presumed:` of a fact: a value of the fact's type, or a fault in words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary

FILE = """city: sample
sections:
  - {{id: conduct, label: {{zh: 守法, en: Conduct}}}}
facts:
  - id: record
    type: {type}
    label: {{zh: 记录, en: Record}}
    {more}
    presumed: {presumed}
"""
CHOICES = "choices: [{id: none, label: {zh: 无, en: None}}, {id: one, label: {zh: 有, en: One}}]"


def _read(kind: str, presumed: str, more: str = "section: conduct") -> tuple[Vocabulary, Sink]:
    sink = Sink()
    text = FILE.format(type=kind, presumed=presumed, more=more)
    return read_vocabulary(parse_yaml(text, "facts.yaml"), sink), sink


@pytest.mark.parametrize(
    ("kind", "written", "value", "more"),
    [
        ("dates", "[]", (), "section: conduct"),
        ("dates", "[2020-01-01]", (date(2020, 1, 1),), "section: conduct"),
        ("bool", "false", False, "section: conduct"),
        ("count", "0", 0, "most: 20"),
        ("yuan", "0.5", Decimal("0.5"), "section: conduct"),
        ("choice", "none", "none", CHOICES),
    ],
)
def test_a_presumed_value_has_the_type_of_its_fact(
    kind: str, written: str, value: Any, more: str
) -> None:
    vocabulary, sink = _read(kind, written, more)
    assert sink.faults == []
    presumed = vocabulary["record"].presumed
    assert presumed is not None
    assert presumed.value == value


@pytest.mark.parametrize(
    ("kind", "written", "code", "words"),
    [
        ("dates", "none", "JF-P012", "a list"),
        ("dates", "[2020-02-30]", "JF-P015", "a date as YYYY-MM-DD"),
        ("bool", "[]", "JF-P012", "true or false"),
        ("bool", "null", "JF-P012", "true or false"),
        ("count", "-1", "JF-P014", "the presumed value -1 of 'record'"),
        ("count", "101000", "JF-P014", "a number from 0 to 100,000"),
        ("permit", "false", "JF-P028", "a presumed value for the record 'record'"),
    ],
)
def test_another_value_is_a_fault_at_its_place(
    kind: str, written: str, code: str, words: str
) -> None:
    vocabulary, sink = _read(kind, written)
    assert vocabulary["record"].presumed is None
    (fault,) = sink.faults
    assert fault.code == code
    assert fault.place.line == 9
    assert words in str(fault)


def test_an_answer_that_the_fact_does_not_have_is_named_with_the_known_ones() -> None:
    _, sink = _read("choice", "nune", CHOICES)
    assert sink.faults[0].code == "JF-P013"
    assert "write 'none'" in str(sink.faults[0])
