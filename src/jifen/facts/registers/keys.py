"""The key of a person: whole numbers where every register has them, text otherwise."""

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

from jifen.facts.identity import NUMBER_CELL, fold_key
from jifen.facts.registers.faults import COLUMN, RegisterError
from jifen.facts.registers.files import RegisterFile
from jifen.facts.words import say

PERSON = "person"
KeyType = pl.Int64 | pl.String


def choose_key_type(schemas: Sequence[tuple[RegisterFile, pa.Schema]]) -> KeyType:
    """The type in which all registers can be matched."""
    kinds = [(part, schema.field(PERSON).type) for part, schema in schemas]
    for part, kind in kinds:
        if not (_is_text_type(kind) or pa.types.is_integer(kind)):
            raise RegisterError(
                COLUMN,
                part.path,
                say("registers.keys.persons_of_the_type", kind=kind),
                say("registers.keys.text_or_whole_numbers"),
                say("registers.keys.write_the_key_as_text", number_cell=NUMBER_CELL)
                if pa.types.is_floating(kind)
                else say("registers.keys.choose_key_type_write_the_key_as_text"),
            )
    whole = all(pa.types.is_integer(kind) and kind != pa.uint64() for _, kind in kinds)
    return pl.Int64() if whole else pl.String()


def _is_text_type(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.DictionaryType):
        kind = kind.value_type
    return kind in (pa.string(), pa.large_string(), pa.string_view())


_ODD = r"[^!-~]|^['`]|^[0-9]{17}x$"
"""What `fold_key` may change: anything beside visible ASCII, and a small check character."""
_SCIENTIFIC = r"(?i)^[0-9]([.,][0-9]+)?E\+?1[4-9]$"


def read_persons(rows: pa.Table, key: KeyType) -> pl.Series:
    """The keys of rows as they are matched (`fold_key`); null where the row names nobody."""
    keys = pl.Series(PERSON, rows[PERSON]).cast(key)
    if key != pl.String:
        return keys
    odd = keys.str.contains(_ODD).fill_null(False)
    if odd.any():
        spelled = keys.filter(odd).unique()
        folded = pl.Series([fold_key(text) for text in spelled.to_list()], dtype=pl.String)
        keys = keys.replace(spelled, folded)
    return keys.set(keys == "", None)


def flag_number_cells(keys: pl.Series) -> pl.Series:
    """Which keys are long numbers as a spreadsheet writes them (3.10101E+17)."""
    if keys.dtype != pl.String:
        return pl.repeat(False, len(keys), dtype=pl.Boolean, eager=True)
    return keys.str.contains(_SCIENTIFIC).fill_null(False)


def mask_keys(keys: pl.Series) -> pl.Series:
    """Keys as the side table shows those of strangers: identity numbers hidden but for the
    region's first digits."""
    words = keys.cast(pl.String).str.slice(0, 40)
    return words.str.replace_all(r"([0-9]{3})[0-9]{12,14}[0-9Xx]?", "${1}***************")
