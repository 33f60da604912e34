"""A made-up measure in which every mechanism has every part, with two decimals of points; and ways
to decide that no shipped measure has."""

import json
from typing import Any

from jifen.policy.model import Rules
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from tests.people.small_policies import build_rules

FACTS = """
city: sample
sections: [{id: person, label: {zh: 本人, en: You}}]
facts:
  - {id: born, type: date, always_applies: true, section: person, label: {zh: 生日, en: Born}}
  - id: age
    type: years
    unit: years_of_age
    most: 70
    always_applies: true
    label: {zh: 年龄, en: Age}
    derive: {from: born, measure: completed_years}
  - {id: lapses, type: dates, presumed: [], section: person, label: {zh: 记录, en: Lapses}}
  - id: lapses_ever
    type: count
    unit: records
    most: 20
    label: {zh: 次数, en: Lapses ever}
    derive: {from: lapses, measure: records_in_window}
  - id: age_in_may
    type: years
    unit: years_of_age
    most: 70
    always_applies: true
    label: {zh: 五月年龄, en: Age in May}
    derive: {from: born, measure: completed_years, at: {month: 5, day: 31}}
  - id: lapses_18
    type: count
    unit: records
    most: 2
    label: {zh: 近次数, en: Late lapses}
    derive: {from: lapses, measure: records_in_window, window: 18}
  - {id: score, type: number, least: -3, most: 20, section: person, label: {zh: 成绩, en: Score}}
  - {id: rate, type: ratio, most: 5, section: person, label: {zh: 倍数, en: Rate}}
  - {id: tax, type: yuan, section: person, label: {zh: 税额, en: Tax}}
  - {id: months, type: months, section: person, label: {zh: 月数, en: Months}}
  - {id: late_months, type: months, section: person, label: {zh: 近月数, en: Late months}}
  - {id: warned, type: bool, presumed: false, section: person, label: {zh: 警告, en: Warned}}
  - {id: barred, type: bool, section: person, label: {zh: 禁止, en: Barred}}
  - {id: resident, type: bool, section: person, label: {zh: 居住, en: Resident}}
  - id: work
    type: choice
    section: person
    label: {zh: 工作, en: Work}
    choices:
      - {id: none, label: {zh: 无, en: None}}
      - {id: clerk, label: {zh: 职员, en: Clerk}}
      - {id: constructor, label: {zh: 工匠, en: Builder}}
relations:
  - {fact: late_months, at_most: months, plus: 2}
"""
BANDS = [
    {"under": 0, "points": -1.25},
    {"from": 0, "to": 2.5, "points": 1,
     "rises": {"each": 0.35, "side": "above", "pivot": 0, "most": 1.5}},
    {"over": 2.5, "under": 7, "points": 2,
     "rises": {"each": 0.15, "side": "below", "pivot": 7}},
    {"from": 7, "points": 4},
]  # fmt: skip
STEPPED = {
    "of": "tax", "each": 0.75, "every": "12.34 yuan", "most": 15,
    "starts_at": "20 yuan", "first": {"amount": "10.01 yuan", "points": 2.5},
    "half": {"amount": "6.17 yuan", "points": 0.5},
}  # fmt: skip
LADDER = [
    {"when": "work = constructor and not (months < 6)",
     "per_unit": {"of": "months", "each": 0.5, "every": "5 months", "most": 9}},
    {"when": "rate >= 1.25 or work in [clerk]", "points": 3.33},
    {"when": "age != 30 or age_in_may > 29", "points": 0.01},
]  # fmt: skip
INDICATORS: dict[str, Any] = {
    "banded": {"group": "best", "scale": {"of": "score", "bands": BANDS}},
    "stepped": {"group": "best", "per_unit": STEPPED},
    "ladder": {"group": "inner", "first_of": {"steps": LADDER}},
    "older": {"group": "capped", "when": "rate < 3 and score > 1",
              "scale": {"of": "age", "bands": [{"from": 0, "to": 40, "points": 0.2}]}},
    "kind": {"group": "capped", "when": "months >= 3",
             "choice": {"of": "work", "points": {"none": 0, "clerk": 2, "constructor": 7.07}}},
    "share": {"group": "capped",
              "accrual": {"of": "late_months", "each": 1, "every": "24 months", "most": 3.5,
                          "starts_at": "2 months", "round": {"places": 2, "mode": "half_up"}}},
    "down": {"group": "less",
             "accrual": {"of": "rate", "each": -0.7, "every": "3 times",
                         "round": {"places": 1, "mode": "down"}}},
    "together": {"group": "inner", "sum_of": {"most": 4.2, "parts": [
        {"per_unit": {"of": "months", "each": 0.5, "every": "7 months", "most": 3}},
        {"accrual": {"of": "tax", "each": 1, "every": "7 yuan", "most": 2,
                     "round": {"places": 1, "mode": "up"}}},
        {"condition": {"when": "resident", "points": -0.55}}]}},
    "ever": {"group": "less", "each_record": {"count": "lapses_ever", "each": -0.4}},
    "late": {"group": "less", "each_record": {"count": "lapses_18", "each": -5}},
    "flat": {"group": "less", "condition": {"when": "warned and rate <= 1.5", "points": -2}},
    "bar": {"group": "less", "veto": {"when": "barred and not resident"}},
    "warn": {"group": "less", "veto": {"when": "warned", "effect": "warn"}},
}  # fmt: skip
GROUPS: dict[str, dict[str, Any]] = {
    "best": {"combine": "best_of"},
    "inner": {"parent": "best", "most": 5},
    "capped": {"most": 8.5},
    "less": {},
}
DECISIONS: dict[str, dict[str, Any]] = {
    "a line": {"mode": "threshold", "lines": [{"from": "2020-01-01", "points": 9.75}]},
    "a line of nothing": {"mode": "threshold", "lines": [{"from": "2020-01-01", "points": 0}]},
    "a ranking": {"mode": "rank", "lines": [{"from": "2020-01-01", "points": 9.75}]},
    "a ranking without a line": {"mode": "rank", "lines": []},
}
_BASIS = {"confidence": "likely"}


def _build_element(ident: str, **parts: Any) -> dict[str, Any]:
    return {"id": ident, "label": {"zh": f"项{ident}", "en": ident.capitalize()}, **_BASIS, **parts}


def synthetic_rules(decision: str, reference: dict[str, Any], floor: int | None = None) -> Rules:
    """The measure with a way to decide and a counting day, on 2023-08-01."""
    sink = Sink()
    vocabulary = read_vocabulary(parse_yaml(FACTS, "facts.yaml"), sink)
    assert not sink.faults, sink.faults
    decided = json.loads(json.dumps(DECISIONS[decision]))
    for line in decided["lines"]:
        line.update(_BASIS)
    return build_rules(
        [_build_element(ident, **parts) for ident, parts in GROUPS.items()],
        [_build_element(ident, **parts) for ident, parts in INDICATORS.items()],
        [
            _build_element(
                "home", when="resident", remedy={"zh": "先居住。", "en": "Live here first."}
            ),
            _build_element(
                "time",
                when="months >= 6 or late_months >= 3",
                remedy={"zh": "再等等。", "en": "Wait a little."},
            ),
        ],
        floor,
        vocabulary,
        precision=2,
        decision=decided,
        reference={**reference, **_BASIS},
        warnings=[
            {"id": "young", "when": "age < 18", "words": {"zh": "年轻。", "en": "Young."}, **_BASIS}
        ],
    )
