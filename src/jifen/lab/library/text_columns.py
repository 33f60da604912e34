"""The text columns of dataframes: categories and views of strings as plain strings."""

import pyarrow as pa
import pyarrow.types as kinds


def decode_categories(table: pa.Table) -> pa.Table:
    """The table with categories and string views (polars has both, pandas the first) as strings.
    Arrow cannot turn a category of string views into strings in one step."""
    for number, field in enumerate(table.schema):
        kind = field.type
        if kinds.is_string_view(kind):
            texts = table.column(number).cast(pa.string())
        elif kinds.is_dictionary(kind) and _is_text(kind.value_type):
            chunks = [_decode_chunk(chunk) for chunk in table.column(number).chunks]
            texts = pa.chunked_array(chunks, pa.string())
        else:
            continue
        table = table.set_column(number, pa.field(field.name, pa.string()), texts)
    return table


def _decode_chunk(chunk: pa.DictionaryArray) -> pa.Array:
    return chunk.dictionary.cast(pa.string()).take(chunk.indices)


def _is_text(kind: pa.DataType) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))
