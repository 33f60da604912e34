"""The people of a raking as tables: their facts, the columns of the margins, and the weights."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from jifen.lab.population.people import People
from jifen.lab.population.unpack import tables_of
from jifen.lab.weights import Weights


def build_raked_tables(people: People, weights: Weights) -> tuple[pa.Schema, Iterator[pa.Table]]:
    """The schema, then the people a stretch at a time, each with `weight`; people with values that
    cannot be used are left out."""
    tables = [table for table, _ in tables_of(people)]
    schema = pa.unify_schemas([table.schema for table in tables]) if tables else pa.schema([])
    for name in people.other:
        schema = schema.append(pa.field(name, pa.string()))
    schema = schema.append(pa.field("weight", pa.float64()))
    labels = {name.encode(): value.encode() for name, value in people.labels.items()}
    schema = schema.with_metadata(labels)
    return schema, _weigh_tables(people, tables, weights, schema)


def _weigh_tables(
    people: People, tables: list[pa.Table], weights: Weights, schema: pa.Schema
) -> Iterator[pa.Table]:
    usable = np.ones(people.count, bool) if people.faulty is None else ~np.asarray(people.faulty)
    rows, done = np.flatnonzero(usable), 0
    for table in tables:
        stretch = rows[done : done + table.num_rows]
        done += table.num_rows
        columns = {name: table.column(name) for name in table.column_names}
        for name, (codes, words) in people.other.items():
            columns[name] = pa.array(np.array(words, object)[codes[stretch]], pa.string())
        columns["weight"] = pa.array(weights[stretch])
        arrays = [
            columns[field.name] if field.name in columns else pa.nulls(len(stretch), field.type)
            for field in schema
        ]
        yield pa.Table.from_arrays(arrays, schema=schema)
