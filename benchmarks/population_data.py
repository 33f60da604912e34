"""A population for Shanghai 2018, made fast: narrow columns, values at every break point.

It need not look like a city; it must make every rule count. Flags are rare and deductions rarer, so
that totals spread around the line.
"""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from jifen.cities import load
from jifen.policy.vocabulary import Fact
from jifen.scoring.population.program import build_program

ON = date(2025, 6, 1)
BLOCK = 1_000_000
_CONDITIONS = ("permit_valid", "employed_and_insured")


def build_people(count: int, seed: int = 7) -> pa.Table:
    """A population table of the facts that decide something, without nulls."""
    blocks = [build_block(min(BLOCK, count - n), seed + n) for n in range(0, count, BLOCK)]
    return pa.concat_tables(blocks)


def build_block(count: int, seed: int) -> pa.Table:
    """One block; every block has its own seed."""
    draw = np.random.default_rng(seed)
    axes = build_program(load("shanghai", "2018").rules_on(ON)).axes
    return pa.table(
        {fact_id: _build_column(axis.fact, count, draw) for fact_id, axis in axes.items()}
    )


def _build_column(fact: Fact, count: int, draw: np.random.Generator) -> pa.Array:
    if fact.type == "bool":
        return pa.array(draw.random(count) < (0.97 if fact.id in _CONDITIONS else 0.03))
    if fact.type == "choice":
        answers = list(fact.ids)
        codes = draw.integers(0, len(answers), count, dtype=np.int8)
        return pa.DictionaryArray.from_arrays(codes, answers)
    if fact.type == "count":
        return pa.array((draw.random(count) < 0.01).astype(np.uint8))
    if fact.type == "yuan":
        return pa.array(draw.integers(0, 25, count, dtype=np.int64) * 10_000)
    if fact.type == "number":
        return pa.array(draw.integers(0, 400, count).astype(np.float64) / 10)
    return _build_whole_numbers(fact, count, draw)


def _build_whole_numbers(fact: Fact, count: int, draw: np.random.Generator) -> pa.Array:
    most = 75 if fact.id == "age" else min(int(fact.most), 240)
    dtype: Any = np.uint8 if fact.most <= 254 else np.uint16
    return pa.array(draw.integers(0, most + 1, count, dtype=dtype))
