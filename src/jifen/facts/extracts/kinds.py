"""The types of columns that are no facts: they are carried through a run as what they are.

A column is numbers, true and false or days only where each of its first values is written in the
one way in which it would be written again: 007 and an identity number stay text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jifen.facts.extracts.delimited import RowNumbers, read_blocks
from jifen.facts.extracts.layout import Layout
from jifen.facts.extracts.rows import keep_persons
from jifen.facts.words import say
from jifen.policy.text import Text

_PATTERNS = (
    (pa.int64(), r"^(0|-?[1-9][0-9]{0,16})$"),
    (pa.float64(), r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"),
    (pa.bool_(), r"^(true|false)$"),
    (pa.date32(), r"^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$"),
)
KIND_LABELS = {
    pa.int64(): say("extracts.kinds.whole_numbers"),
    pa.float64(): say("extracts.kinds.numbers"),
    pa.bool_(): say("extracts.kinds.true_or_false"),
    pa.date32(): say("extracts.kinds.days"),
}
_MOST_MISFITS = 1_000


@dataclass(frozen=True, slots=True)
class Misfit:
    """A cell of a column that is carried through, of another kind than those before."""

    row: int
    line: int
    column: str
    value: str
    kind: Text


def detect_kinds(
    data: bytes, layout: Layout, path: Path, is_fact: Sequence[bool]
) -> dict[str, pa.DataType]:
    """The types of the columns that are not `known` facts, from the first rows."""
    rows: pa.Table | None = None
    begin = Layout("utf-8", layout.separator, 0, 0, layout.names, 0)
    for block in read_blocks(BytesIO(data), path, begin):
        rows = keep_persons(block)[0].table
        break
    if rows is None or not rows.num_rows:
        return {}
    kinds = {
        name: _detect_kind(rows.column(number))
        for number, name in enumerate(layout.names)
        if not is_fact[number]
    }
    return {name: kind for name, kind in kinds.items() if kind is not None}


def _detect_kind(column: pa.ChunkedArray) -> Any:
    values = pc.drop_null(column)
    if not len(values):
        return None
    for kind, pattern in _PATTERNS:
        if pc.all(pc.match_substring_regex(values, pattern)).as_py():
            try:
                pc.cast(values, kind)
            except pa.ArrowInvalid:
                continue
            return kind
    return None


def cast_block(
    table: pa.Table, names: Sequence[str], kinds: Mapping[str, pa.DataType], lines: RowNumbers
) -> tuple[pa.Table, list[Misfit]]:
    """A block with its columns named as in the file, and of their types. A cell that does not fit
    is null, and told."""
    columns, misfits = list[Any](), list[Misfit]()
    for number, name in enumerate(names):
        column = table.column(number)
        if name in kinds:
            column, wrong = _cast_column(column, kinds[name])
            listed = wrong[: _MOST_MISFITS - len(misfits)]
            texts = table.column(number)
            misfits += [
                Misfit(row, int(lines[row]), name, texts[row].as_py(), KIND_LABELS[kinds[name]])
                for row in listed
            ]
        columns.append(column)
    return pa.table(columns, names=list(names)), misfits


def _cast_column(column: pa.ChunkedArray, kind: pa.DataType) -> tuple[Any, list[int]]:
    try:
        return pc.cast(column, kind), []
    except pa.ArrowInvalid:
        pass
    pattern = dict(_PATTERNS)[kind]
    fits = pc.fill_null(pc.match_substring_regex(column, pattern), True)
    clean = pc.if_else(fits, column, None)
    try:
        converted = pc.cast(clean, kind)
    except pa.ArrowInvalid:  # such as 2024-02-31
        converted, fits = pa.nulls(len(column), kind), pc.is_null(column)
    return converted, np.flatnonzero(~fits.to_numpy()).tolist()
