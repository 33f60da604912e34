"""The key of a person: whole numbers where every register has them, text otherwise."""

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

from jifen.facts.registers.files import Part
from jifen.facts.registers.words import COLUMN, RegisterError

PERSON = "person"
Key = pl.Int64 | pl.String


def key_of(schemas: Sequence[tuple[Part, pa.Schema]]) -> Key:
    """The type in which all registers can be matched."""
    kinds = [(part, schema.field(PERSON).type) for part, schema in schemas]
    for part, kind in kinds:
        if not (_is_text(kind) or pa.types.is_integer(kind)):
            raise RegisterError(
                COLUMN,
                part.path,
                f"persons of the type {kind}",
                "text or whole numbers in the column 'person'",
                "write the key as text",
            )
    whole = all(pa.types.is_integer(kind) and kind != pa.uint64() for _, kind in kinds)
    return pl.Int64() if whole else pl.String()


def _is_text(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.DictionaryType):
        kind = kind.value_type
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def persons(rows: pa.Table, key: Key) -> pl.Series:
    """The keys of rows; null where the row names nobody."""
    found = pl.Series(PERSON, rows[PERSON]).cast(key)
    if key == pl.String:
        return found.set(found == "", None)
    return found
