"""People and assumptions for the tests of the years ahead."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from jifen import cities
from jifen.lab.population import People
from jifen.lab.years import Assumptions, read_assumptions
from jifen.lab.years.checks import is_movable
from jifen.policy.policy import Policy
from jifen.policy.reform import read_reform
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis, is_wide

Person = dict[str, Any]
TODAY = date(2026, 1, 15)
QUIET: dict[str, str] = {
    "interruption": "{share: 0, months: 3, confidence: unsure}",
    "leavers": "{bands: [], reached_leave: 0, confidence: unsure}",
    "entrants": "{share: 0, like: {fact: age, below: 30}, confidence: unsure}",
}


def words(city: str) -> Vocabulary:
    """The facts of a city."""
    return cities.load_vocabulary(cities.find_city(city).folder)


def document(city: str, moves: Mapping[str, str] | None = None, **parts: str) -> str:
    """An assumptions file in which nothing changes but for `moves` (fact → keys of its movement)
    and the other parts."""
    moved = dict(moves or {})
    still = [f.id for f in words(city) if is_movable(f) and f.id not in moved]
    lines = ['language: "1"', "assumptions: trial", f"city: {city}", "as_of: 2026-01-01"]
    lines.append("label: {zh: 试, en: trial}")
    lines += [f"{key}: {value}" for key, value in (QUIET | parts).items()]
    lines += ["facts:"]
    lines += [
        f"  - {{facts: [{fact}], {keys}, confidence: unsure}}" for fact, keys in moved.items()
    ]
    lines += [f"  - {{facts: [{', '.join(still)}], moves: stays, confidence: unsure}}"]
    return "\n".join(lines) + "\n"


def assumed(city: str, moves: Mapping[str, str] | None = None, **parts: str) -> Assumptions:
    """The assumptions of such a file."""
    return read(document(city, moves, **parts), city)


def read(text: str, city: str) -> Assumptions:
    """A text → assumptions."""
    return read_assumptions(parse_yaml(text, "trial.yaml"), words(city), tuple(text.splitlines()))


def reform(policy: Policy, change: str) -> Policy:
    """A policy with one change, `path: value`."""
    text = (
        'language: "1"\nreform: trial\nlabel: {zh: 试, en: trial}\n'
        f"policy: {policy.id}\nchange:\n  {change}\n"
    )
    return policy.apply_reform(read_reform(parse_yaml(text, "reform.yaml"))[0])


def column_of(vocabulary: Vocabulary, fact: str, given: Sequence[Any]) -> Any:
    """Codes (or numbers, for wide facts); `...` is unknown, None does not apply."""
    declared = vocabulary[fact]
    if is_wide(declared):
        table = {id(...): np.nan, id(None): -np.inf}
        return np.array([table.get(id(v), v) for v in given], np.float64)
    axis = Axis(declared)
    return np.array([axis.absent if v is ... else axis.encode(v) for v in given], axis.dtype)


def people_of(city: str, persons: Sequence[Person], **labels: str) -> People:
    """A population: a fact that a person does not give is unknown."""
    vocabulary = words(city)
    facts = [f.id for f in vocabulary if is_movable(f) and any(f.id in p for p in persons)]
    columns = {
        fact: column_of(vocabulary, fact, [p.get(fact, ...) for p in persons]) for fact in facts
    }
    wide = {fact for fact in facts if is_wide(vocabulary[fact])}
    return People(
        vocabulary,
        len(persons),
        {fact: column for fact, column in columns.items() if fact not in wide},
        {fact: columns[fact] for fact in wide},
        labels={f"jifen.{key}": value for key, value in labels.items()},
    )


def value_of(vocabulary: Vocabulary, fact: str, code: int) -> Any:
    """What a code says; `...` is unknown."""
    axis = Axis(vocabulary[fact])
    if code == axis.absent:
        return ...
    if axis.fact.type == "bool":
        return bool(code)
    if code == NOT_APPLICABLE:
        return None
    if axis.fact.type == "choice":
        return axis.fact.ids[code - 1]
    return code - 1 + int(axis.fact.least)


def shanghai(**facts: Any) -> Person:
    """A person in Shanghai of 40 years with a bachelor's degree: 120 points reached at 3 years of
    insurance (age 30, degree 90)."""
    return {
        "age": 40,
        "permit_valid": True,
        "employed_and_insured": True,
        "insured_months": 0,
        "insured_months_run": 0,
        "insured_months_last_12": 12,
        "education": "bachelor_with_degree",
        "study_mode": "full_time",
        "study_place": None,
        "title": "none",
        "base_1x_months_last_12": 0,
        "base_08x_months_last_48": 0,
        "base_1x_months_last_48": 0,
        "base_2x_months_last_48": 0,
        "base_3x_months_last_36": 0,
        "entrepreneur": False,
        "startup_intermediary": False,
        "shortage_major": False,
        "fresh_graduate": False,
        "average_annual_tax": None,
        "average_local_staff": None,
        "public_service_months": None,
        "outer_suburb_area": None,
        "outer_suburb_months": None,
        "award": "none",
        "spouse_local_months": None,
        "false_material_count_3y": 0,
        "detention_count_5y": 0,
        "ordinary_crime_count_5y": 0,
        "serious_crime": False,
        "family_planning_breach": False,
    } | facts


def chengdu(**facts: Any) -> Person:
    """A person in Chengdu of 34 years (age 50 points) who meets every condition."""
    return {
        "age": 34,
        "permit_valid": True,
        "permit_area": "wuhou",
        "legal_residence": True,
        "employed_six_months": True,
        "pension_months": 40,
        "medical_months": 40,
        "permit_months": 0,
        "star_talent": "none",
        "qualification": "none",
        "award": "none",
        "veteran_merit": "none",
        "volunteer_hours": 0,
        "charity_yuan_last_36": 0,
        "blood_ml_last_12": 0,
        "bad_credit_count_3y": 0,
        "detoxification_count": 0,
        "detention_count": 0,
        "criminal_record": False,
        "banned_organisation": False,
    } | facts


def in_force(city: str, day: date = TODAY) -> Policy:
    """The version in force."""
    policy = cities.in_force(city, day)
    assert policy is not None
    return policy
