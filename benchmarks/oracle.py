"""A million random people per measure against the plain evaluator, every column of the result.

Not timed: a proof too long for the tests, which draw thousands. Break points are drawn often,
one fact in fifty is unknown. `JIFEN_ORACLE_PEOPLE` sets the number (default 1,000,000), and
`JIFEN_ORACLE_CITY` takes one city alone. Of a measure of several purposes each is proved.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from jifen.cities import index, load
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.vocabulary import WHOLE_TYPES
from jifen.scoring import assess
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.program import build_program
from jifen.scoring.population.scorer import score_population

PEOPLE = int(os.environ.get("JIFEN_ORACLE_PEOPLE", "1000000"))
CITY = os.environ.get("JIFEN_ORACLE_CITY", "")
_BLOCK = 10_000


def run() -> None:
    """Every version of every city; stops at the first difference."""
    print(f"the kernel against the plain evaluator, {PEOPLE:,} random people per measure:")
    with ProcessPoolExecutor() as pool:
        for city in index().values():
            if CITY not in ("", city.id):
                continue
            for version in city.versions:
                for purpose in _list_purposes(load(city.id, version.version)):
                    seeds = range(0, PEOPLE, _BLOCK)
                    named = (city.id, version.version, purpose)
                    checked = sum(pool.map(_check_block, *([n] * len(seeds) for n in named), seeds))
                    name = f"{city.id} {version.version} {purpose}".strip()
                    print(f"  {name}: {checked:,} people, the same on every line", flush=True)


def _list_purposes(policy: Policy) -> list[str]:
    """The ids of the purposes of a measure; one empty id where it has a single one."""
    return [purpose.id for purpose in policy.purposes] or [""]


def _assessment_day(policy: Policy) -> date:
    return policy.until or date(2025, 6, 1)


def _check_block(city: str, version: str, purpose: str, seed: int) -> int:
    policy = load(city, version)
    readings = {CHOICE: purpose} if purpose else {}
    on, draw = _assessment_day(policy), np.random.default_rng(seed)
    axes = build_program(policy.rules_on(on, readings)).axes
    count = min(_BLOCK, PEOPLE - seed)
    columns = {fact_id: _draw_values(axis, count, draw) for fact_id, axis in axes.items()}
    table = pa.table({fact_id: pa.array(values) for fact_id, values in columns.items()})
    results = score_population(policy, table, on=on, readings=readings, lines=True).to_pylist()
    for row, result in enumerate(results):
        facts = {
            fact_id: v for fact_id, values in columns.items() if (v := values[row]) is not None
        }
        assessment = assess(policy, facts, on, readings=readings)
        _assert_same(assessment, result, facts)
    return count


def _assert_same(one: Any, result: dict[str, Any], facts: dict[str, Any]) -> None:
    ends = tuple(result.get(f"total_{end}", result["total"]) for end in ("least", "most"))
    verdict = tuple(result[name] for name in ("eligible", "vetoed", "reached"))
    assert ends == one.bounds, facts
    assert verdict == (one.eligible, one.vetoed, one.reached), facts
    for line in one.lines:
        name = f"points_{line.indicator.id}"
        points = tuple(result.get(f"{name}_{end}", result[name]) for end in ("least", "most"))
        assert points == line.bounds, (name, facts)


def _draw_values(axis: Axis, count: int, draw: np.random.Generator) -> list[Any]:
    values = _list_values(axis)
    rare = axis.fact.type == "count" and len(values) < 30
    weights = None
    if rare:  # records are rare, or every total would lie at the floor
        weights = np.array([20.0] + [1.0] * (len(values) - 1))
        weights /= weights.sum()
    picked = draw.choice(len(values), count, p=weights)
    unknown = draw.random(count) < 0.02
    return [None if hidden else values[n] for n, hidden in zip(picked, unknown, strict=True)]


def _list_values(axis: Axis) -> list[Any]:
    """All values of a narrow fact; both sides of each cut of a wide one."""
    fact = axis.fact
    if fact.type == "bool":
        return [False, True]
    if fact.type == "choice":
        return list(fact.ids)
    if axis.cuts is None:
        return list(range(int(fact.least), int(fact.most) + 1))
    step = Decimal(1) if fact.type in WHOLE_TYPES else Decimal("0.01")
    near = {cut.value + d for cut in axis.cuts for d in (-step, Decimal(0), step)}
    possible_values = sorted(
        v for v in near | {fact.least, fact.most} if fact.least <= v <= fact.most
    )
    return [int(v) if fact.type in WHOLE_TYPES else v for v in possible_values]
