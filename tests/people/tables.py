"""Random tables of people for the tests of the lab: quick to make, near the break points."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from jifen.policy.model import Rules
from jifen.policy.vocabulary import Fact
from jifen.scoring.population.program import build_program


def build_table(
    rules: Rules, people: int, seed: int, *, unknown: float = 0.0, conduct: bool = True
) -> pa.Table:
    """A population table for some rules; `unknown` is the share of nulls. Without `conduct` nobody
    has a record, so that totals and conditions spread."""
    draw = np.random.default_rng(seed)
    columns: dict[str, Any] = {"person": np.arange(people)}
    for ident, axis in build_program(rules).axes.items():
        values = _draw_values(axis.fact, people, draw, conduct)
        hidden = draw.random(people) < unknown
        columns[ident] = [None if h else v for h, v in zip(hidden, values, strict=True)]
    return pa.table(columns)


def _draw_values(fact: Fact, people: int, draw: np.random.Generator, conduct: bool) -> list[Any]:
    if fact.type == "bool":
        likely = 0.95 if fact.section in ("person", "insurance") else 0.15
        crime = fact.section == "conduct" and not conduct
        return [bool(x) for x in draw.random(people) < (0.0 if crime else likely)]
    if fact.type == "choice":
        return [fact.ids[n] for n in draw.integers(0, len(fact.ids), people)]
    if fact.type == "count" and int(fact.most) <= 20:
        return [int(n) for n in (draw.random(people) < 0.05) * conduct]
    most = min(int(fact.most), 1_200_000 if fact.type == "yuan" else 200)
    if fact.type in ("yuan", "number", "ratio"):
        return [Decimal(int(n)) / 10 for n in draw.integers(0, most * 10, people)]
    return [int(n) for n in draw.integers(int(fact.least), most + 1, people)]
