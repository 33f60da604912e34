"""Drawing people: block by block, each from its own generator, so that a person depends on the
margins, the seed and the person's number and on nothing else.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.lab.people.kinds import DRAW, Drawn
from jifen.lab.people.margins_file import Margin, Margins
from jifen.policy.vocabulary import WHOLE_TYPES, Fact

BLOCK = 1 << 16
ENGINE = "1"
_FURTHER = 1 << 62


def draw_people(margins: Margins, count: int, seed: int, *, unknown: float = 0.0) -> pa.Table:
    """`count` synthetic people as a population table. `unknown` blanks that share of the facts."""
    batches = list(generate_batches(margins, count, seed, unknown=unknown))
    schema = schema_of(margins, seed)
    return pa.Table.from_batches(batches, schema)


def generate_batches(
    margins: Margins, count: int, seed: int, *, start: int = 0, unknown: float = 0.0
) -> Iterator[pa.RecordBatch]:
    """The people from number `start` on, in batches of at most 65,536."""
    schema, position = schema_of(margins, seed), start
    while position < start + count:
        block, first = divmod(position, BLOCK)
        last = min(BLOCK, first + start + count - position)
        batch = _draw_block(margins, schema, seed, block, unknown)
        yield batch.slice(first, last - first)
        position += last - first


def schema_of(margins: Margins, seed: int) -> pa.Schema:
    """The columns of synthetic people, labelled as such."""
    fields = [pa.field("person", pa.uint64()), pa.field("synthetic", pa.bool_())]
    for margin in margins.columns:
        fact = margins.vocabulary.get(margin.id)
        if fact is None:
            fields.append(pa.field(margin.id, _get_further_type(margin)))
            continue
        fields.append(pa.field(margin.id, _get_column_type(fact)))
        if may_not_apply(margin, fact):
            fields.append(pa.field(f"{margin.id}_not_applicable", pa.bool_()))
    labels = {
        "jifen.synthetic": "true",
        "jifen.margins": f"{margins.id} {margins.hash}",
        "jifen.seed": str(seed),
        "jifen.people_engine": ENGINE,
    }
    return pa.schema(fields, metadata=labels)


def may_not_apply(margin: Margin, fact: Fact) -> bool:
    """Whether the fact does not apply to some of the people."""
    if margin.kind == "pay_ratio":
        return True
    return bool(margin.only_if) and fact.type == "choice" and "none" not in fact.ids


def _get_column_type(fact: Fact) -> pa.DataType:
    if fact.type == "bool":
        return pa.bool_()
    if fact.type == "choice":
        return pa.dictionary(pa.int8(), pa.string())
    if fact.type in WHOLE_TYPES:
        return (
            pa.uint8() if fact.most <= 255 else pa.uint16() if fact.most <= 65535 else pa.uint32()
        )
    return pa.int64() if fact.type == "yuan" else pa.float64()


def _get_further_type(margin: Margin) -> pa.DataType:
    if margin.kind == "options":
        return pa.dictionary(pa.int8(), pa.string())
    if margin.kind == "flag":
        return pa.bool_()
    return pa.int64() if margin.is_whole else pa.float64()


def _draw_block(
    margins: Margins, schema: pa.Schema, seed: int, block: int, unknown: float
) -> pa.RecordBatch:
    draw = np.random.Generator(np.random.Philox(key=[seed, block]))
    lower = np.linalg.cholesky(margins.correlation)
    scores = draw.standard_normal((BLOCK, len(margins.scores))) @ lower.T
    drawn: dict[str, Drawn] = {}
    # further columns have a generator of their own: to add one changes no fact of anybody
    further = np.random.Generator(np.random.Philox(key=[seed, block | _FURTHER]))
    for margin in sorted(margins.margins, key=lambda margin: margin.label is not None):
        own = (draw if margin.label is None else further).standard_normal(BLOCK)
        if margin.follows:
            score = scores[:, margins.scores.index(margin.follows)]
            own = margin.weight * score + np.sqrt(1 - margin.weight**2) * own
        fact = margins.vocabulary.get(margin.id)
        draws = DRAW[margin.kind](margin, fact, to_uniform(own), drawn)
        drawn[margin.id] = _only_some(margin, fact, draws, drawn)
    number = np.arange(block * BLOCK, (block + 1) * BLOCK, dtype=np.uint64)
    columns: dict[str, Any] = {"person": number, "synthetic": np.ones(BLOCK, bool)}
    for ident, draws in drawn.items():
        if ident in margins.vocabulary:
            hidden = draw.random(BLOCK) < unknown if unknown else None
            _add_columns(columns, schema, ident, margins.vocabulary[ident], draws, hidden)
        elif ident in schema.names:
            columns[ident] = _to_further_column(draws, schema.field(ident).type)
    return pa.RecordBatch.from_arrays([_to_arrow(columns[n]) for n in schema.names], schema=schema)


def _to_further_column(draws: Drawn, kind: pa.DataType) -> pa.Array:
    if draws.answers:
        codes = pa.array(draws.values.astype(np.int8))
        return pa.DictionaryArray.from_arrays(codes, list(draws.answers))
    return pa.array(draws.values.astype(kind.to_pandas_dtype()), kind)


def _to_arrow(column: Any) -> pa.Array:
    return column if isinstance(column, pa.Array) else pa.array(column)


def to_uniform(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal → uniform on (0, 1): the normal distribution function (Abramowitz and Stegun
    26.2.17, exact to 7.5e-8).
    """
    size = np.abs(normal)
    slope = 1 / (1 + 0.2316419 * size)
    series = slope * (
        0.319381530
        + slope
        * (-0.356563782 + slope * (1.781477937 + slope * (-1.821255978 + slope * 1.330274429)))
    )
    tail = np.exp(-size * size / 2) / np.sqrt(2 * np.pi) * series
    shares = np.where(normal > 0, 1 - tail, tail)
    return np.asarray(np.clip(shares, 1e-12, 1 - 1e-12))


def _only_some(margin: Margin, fact: Fact | None, draws: Drawn, drawn: dict[str, Drawn]) -> Drawn:
    """Who does not meet the conditions has none of it: 0, no, 'none', or it does not apply."""
    if not margin.only_if:
        return draws
    meets = np.ones(BLOCK, bool)
    for ident, answers in margin.only_if:
        meets &= drawn[ident].is_one_of(answers)
    values, not_applicable = draws.values.copy(), draws.aside
    if fact is not None and fact.type == "choice":
        if "none" in fact.ids:
            values[~meets] = fact.ids.index("none")
        else:
            not_applicable = ~meets
    else:
        values[~meets] = 0
    return Drawn(values, draws.answers, not_applicable)


def _add_columns(
    columns: dict[str, Any],
    schema: pa.Schema,
    ident: str,
    fact: Fact,
    draws: Drawn,
    hidden: NDArray[np.bool_] | None,
) -> None:
    beside = f"{ident}_not_applicable"
    flagged = beside in schema.names
    not_applicable = draws.aside if draws.aside is not None else np.zeros(BLOCK, bool)
    if hidden is not None:
        not_applicable = not_applicable & ~hidden
    if flagged:
        columns[beside] = not_applicable
    empty = not_applicable if hidden is None else not_applicable | hidden
    mask = empty if (flagged or hidden is not None) else None
    if fact.type == "choice":
        codes = pa.array(draws.values.astype(np.int8), mask=mask)
        columns[ident] = pa.DictionaryArray.from_arrays(codes, list(fact.ids))
    else:
        kind = schema.field(ident).type
        values = draws.values.astype(kind.to_pandas_dtype())
        columns[ident] = pa.array(values, kind, mask=mask)
