"""Small random policies over a few facts with few values, so that everybody can be enumerated."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

from jifen.policy.model import Rules
from jifen.policy.policy_reader import read_policy
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary

ON = date(2023, 8, 1)
_FACTS = """
city: sample
sections:
  - {id: person, label: {zh: 本人, en: You}}
facts:
  - {id: urban, type: bool, label: {zh: 甲, en: Urban}}
  - {id: veteran, type: bool, label: {zh: 乙, en: Veteran}}
  - id: work
    type: choice
    label: {zh: 工作, en: Work}
    choices:
      - {id: none, label: {zh: 无, en: None}}
      - {id: clerk, label: {zh: 职员, en: Clerk}}
      - {id: smith, label: {zh: 工匠, en: Smith}}
  - id: study
    type: choice
    always_applies: true
    label: {zh: 学历, en: Study}
    choices:
      - {id: school, label: {zh: 中学, en: School}}
      - {id: college, label: {zh: 大学, en: College}}
  - {id: months, type: months, most: 9, label: {zh: 月数, en: Months}}
  - id: age
    type: years
    unit: years_of_age
    most: 6
    always_applies: true
    label: {zh: 年龄, en: Age}
  - {id: tax, type: yuan, most: 3, label: {zh: 税额, en: Tax}}
"""
_UNITS = {"months": "months", "age": "years_of_age", "tax": "yuan"}
_NUMBERS = tuple(_UNITS)
_CHOICES = {"work": ("none", "clerk", "smith"), "study": ("school", "college")}
_POINTS = st.integers(-12, 20)
_BASIS = {"confidence": "likely"}


@cache
def small_vocabulary() -> Vocabulary:
    """The facts of the made-up city."""
    sink = Sink()
    facts = read_vocabulary(parse_yaml(_FACTS, "facts.yaml"), sink)
    assert not sink.faults
    return facts


def _same_label(ident: str) -> dict[str, str]:
    return {"zh": ident, "en": ident}


@st.composite
def _conditions(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["atom", "atom", "and", "or", "not"] if depth else ["atom"]))
    if kind == "not":
        return f"not ({draw(_conditions(depth - 1))})"
    if kind != "atom":
        return f"({draw(_conditions(depth - 1))}) {kind} ({draw(_conditions(depth - 1))})"
    fact = draw(st.sampled_from(["urban", "veteran", *_CHOICES, *_NUMBERS]))
    if fact in _NUMBERS:
        sign = draw(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
        return f"{fact} {sign} {draw(st.integers(1, int(small_vocabulary()[fact].most) - 1))}"
    if fact in _CHOICES:
        return f"{fact} = {draw(st.sampled_from(_CHOICES[fact]))}"
    return fact


@st.composite
def _per_unit_parts(draw: st.DrawFn) -> dict[str, Any]:
    fact = draw(st.sampled_from(_NUMBERS))
    each = draw(st.integers(-5, 5))
    written: dict[str, Any] = {
        "of": fact,
        "each": each,
        "every": f"{draw(st.integers(1, 3))} {_UNITS[fact]}",
    }
    if draw(st.booleans()):
        written["most"] = draw(st.integers(0, 12))
    if draw(st.booleans()):
        written["starts_at"] = f"{draw(st.integers(1, 4))} {_UNITS[fact]}"
    return written


@st.composite
def _scale_parts(draw: st.DrawFn) -> dict[str, Any]:
    fact = draw(st.sampled_from(_NUMBERS))
    middle = draw(st.integers(1, int(small_vocabulary()[fact].most) - 1))
    low: dict[str, Any] = {"under": middle, "points": draw(_POINTS)}
    high: dict[str, Any] = {"from": middle, "points": draw(_POINTS)}
    if draw(st.booleans()):
        high["rises"] = {"each": draw(st.integers(-4, 4)), "side": "above", "pivot": middle}
    return {"of": fact, "bands": [low, high]}


@st.composite
def _ladder_parts(draw: st.DrawFn) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 3))):
        step: dict[str, Any] = {"when": draw(_conditions())}
        if draw(st.integers(0, 2)):
            step["points"] = draw(_POINTS)
        else:
            step["per_unit"] = draw(_per_unit_parts())
        steps.append(step)
    return {"steps": steps}


@st.composite
def _mechanisms(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            ["choice", "choice", "scale", "per_unit", "per_unit", "first_of", "condition", "veto"]
        )
    )
    if kind == "choice":
        fact = draw(st.sampled_from(list(_CHOICES)))
        return {kind: {"of": fact, "points": {option: draw(_POINTS) for option in _CHOICES[fact]}}}
    if kind == "condition":
        return {kind: {"when": draw(_conditions()), "points": draw(_POINTS)}}
    if kind == "veto":
        return {kind: {"when": draw(_conditions())}}
    return {
        kind: draw(
            {"scale": _scale_parts, "per_unit": _per_unit_parts, "first_of": _ladder_parts}[kind]()
        )
    }


@st.composite
def small_rules(draw: st.DrawFn) -> Rules:
    """Rules in which several indicators read the same few facts, in nested groups with caps."""
    groups: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        group: dict[str, Any] = {
            "id": f"group_{number}",
            "label": _same_label("g"),
            "combine": draw(st.sampled_from(["sum", "best_of"])),
            **_BASIS,
        }
        if number and draw(st.booleans()):
            group["parent"] = f"group_{draw(st.integers(0, number - 1))}"
        if draw(st.booleans()):
            group["most"] = draw(st.integers(0, 30))
        groups.append(group)
    indicators: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 6))):
        indicator: dict[str, Any] = {
            "id": f"indicator_{number}",
            "label": _same_label("i"),
            "group": draw(st.sampled_from(groups))["id"],
            **draw(_mechanisms()),
            **_BASIS,
        }
        if draw(st.integers(0, 3)) == 0:
            indicator["when"] = draw(_conditions())
        indicators.append(indicator)
    conditions = [
        {
            "id": f"condition_{number}",
            "label": _same_label("c"),
            "when": draw(_conditions()),
            "remedy": _same_label("r"),
            **_BASIS,
        }
        for number in range(draw(st.integers(0, 2)))
    ]
    floor = draw(st.sampled_from([None, None, 0, 5]))
    return build_rules(groups, indicators, conditions, floor)


def build_rules(
    groups: list[dict[str, Any]],
    indicators: list[dict[str, Any]],
    conditions: list[dict[str, Any]] | None = None,
    floor: int | None = None,
    facts: Vocabulary | None = None,
    **other: Any,
) -> Rules:
    """The rules of a policy of which only these parts matter; `other` are parts of its document."""
    document: dict[str, Any] = {
        "language": "1",
        "policy": "sample-points",
        "version": "2020",
        "recorded_on": "2026-11-23",
        "city": "sample",
        "title": _same_label("t"),
        "purpose": _same_label("p"),
        "instrument": {"title": _same_label("t"), "number": None},
        "in_force": {"from": "2020-01-01", **_BASIS},
        "reference": {"kind": "on_the_day", **_BASIS},
        "decision": {
            "mode": "threshold",
            "lines": [{"from": "2020-01-01", "points": 10, **_BASIS}],
        },
        "contributions": {"schemes": ["pension"], "includes_filing_month": True},
        "groups": groups,
        "indicators": indicators,
        "conditions": conditions or [],
        "sources": [],
        **other,
    }
    if floor is not None:
        document["floor"] = floor
    text = json.dumps(document, ensure_ascii=False)  # JSON is YAML, without anchors
    return read_policy(parse_yaml(text, "small.yaml"), facts or small_vocabulary(), ()).rules_on(ON)


def list_values(fact: Fact) -> tuple[Any, ...]:
    """Every value of a fact of this city (of yuan, those beside every whole one)."""
    found: list[Any]
    if fact.type == "bool":
        found = [False, True]
    elif fact.type == "choice":
        found = list(fact.ids)
    elif fact.type == "yuan":
        cent = Decimal("0.01")
        near = {n + d for n in range(int(fact.most) + 1) for d in (-cent, Decimal(0), cent)}
        found = sorted(value for value in near if fact.least <= value <= fact.most)
    else:
        found = list(range(int(fact.least), int(fact.most) + 1))
    return tuple(found) if fact.always_applies or fact.type == "bool" else (None, *found)


MOST_PEOPLE = 1_500


@st.composite
def known_facts(draw: st.DrawFn, rules: Rules) -> dict[str, Any]:
    """Some facts of a person; of the others there are at most MOST_PEOPLE combinations."""
    facts = {ident: list_values(rules.vocabulary[ident]) for ident in rules.used}
    known: dict[str, Any] = {}
    left = 1
    for ident in draw(st.permutations(list(facts))):
        if left * len(facts[ident]) <= MOST_PEOPLE and draw(st.integers(0, 3)):
            left *= len(facts[ident])
        else:
            known[ident] = draw(st.sampled_from(facts[ident]))
    return known


def list_completions(rules: Rules, known: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody who may be meant: every combination of what is not known."""
    absent = {
        ident: list_values(rules.vocabulary[ident]) for ident in rules.used if ident not in known
    }
    return [
        {**known, **dict(zip(absent, values, strict=True))} for values in product(*absent.values())
    ]
