"""People of a table in memory, without a folder."""

import pyarrow as pa

from jifen.lab.population.pack import numbers_of, sources_of
from jifen.lab.population.people import People
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.axis import Axis, is_wide
from jifen.scoring.population.coding import CellFault, Coder
from jifen.scoring.population.source_columns import CountingRule


def people_of(vocabulary: Vocabulary, table: pa.Table, counting: CountingRule) -> People:
    """Decode a table; values that cannot be used mark their people as faulty."""
    return decode_people(vocabulary, table, counting)[0]


def decode_people(
    vocabulary: Vocabulary, table: pa.Table, counting: CountingRule
) -> tuple[People, list[CellFault]]:
    """Decode a table, with the values that cannot be used."""
    sources = sources_of(vocabulary, table.column_names)
    facts = {ident: vocabulary[ident] for ident in sources}
    axes = {ident: Axis(fact, () if is_wide(fact) else None) for ident, fact in facts.items()}
    coded = Coder(axes, counting, sources, {}).encode(table)
    numbers = {
        ident: numbers_of(table.column(sources[ident][0]), codes, axes[ident])
        for ident, codes in coded.columns.items()
        if is_wide(facts[ident])
    }
    codes = {ident: codes for ident, codes in coded.columns.items() if ident not in numbers}
    metadata = table.schema.metadata or {}
    labels = {k.decode(): v.decode() for k, v in metadata.items() if k.startswith(b"jifen.")}
    people = People(vocabulary, table.num_rows, codes, numbers, coded.faulty, {}, labels)
    return people, coded.faults
