"""Which registers a run reads, and which of their columns: checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen.facts.extracts.column_names import build_fact_names, build_register_names
from jifen.facts.extracts.mapping import ExtractMapping
from jifen.facts.extracts.table import TableReading
from jifen.facts.registers import dated_records, spells
from jifen.facts.registers.faults import COLUMN, RegisterError
from jifen.facts.registers.files import list_files, read_schema
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.partitioner import RegisterSource
from jifen.facts.registers.people_records import PERMIT_RECORDS
from jifen.facts.registers.people_table import TEXT_COLUMNS, check_people_schema
from jifen.facts.words import say
from jifen.policy.fault import join_words
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Vocabulary


def check_record_facts(rules: Rules, named: Sequence[str] | None) -> tuple[str, ...] | None:
    """The lists of dates that a run is told of. Raises RegisterError for one that there is not."""
    list_ids = dated_records.list_date_registers(rules)
    for name in named or ():
        if name not in list_ids:
            raise RegisterError(
                COLUMN,
                "record facts",
                say("registers.sources.which_is_no_list", name=name[:40]),
                say("registers.sources.one_of", list_ids=join_words(list_ids)),
                say("registers.sources.correct_the_name"),
            )
    return None if named is None else tuple(named)


@dataclass(frozen=True)
class RegisterMappings:
    """What a person says of each register, where it does not say it by itself."""

    contributions: ExtractMapping | None = None
    people: ExtractMapping | None = None
    records: ExtractMapping | None = None


_SPELLS = (PERSON, "from", "to", "month", "base", "status", "schemes")
_RECORDS = (PERSON, "fact", "date")


def open_sources(
    vocabulary: Vocabulary,
    contributions: Sequence[Path],
    people: Path | None,
    records: Path | None,
    mappings: RegisterMappings,
) -> dict[str, RegisterSource]:
    """Every register with the columns that are read of it, checked before anything is written."""
    spell = _build_reading(mappings.contributions, _SPELLS, {"from", "to", "month"})
    sources = {
        "contributions": _narrow_source(
            "contributions", contributions, spells.select_columns, spell
        )
    }
    if people:
        reading = _build_people_reading(vocabulary, mappings.people)
        parts = [(part, read_schema(part, TEXT_COLUMNS)) for part in list_files([people], reading)]
        schema = check_people_schema(parts)
        sources["people"] = RegisterSource("people", tuple((p, schema) for p, _ in parts), True)
    if records:
        reading = _build_reading(mappings.records, _RECORDS, {"date"})
        sources["records"] = _narrow_source(
            "records", [records], dated_records.select_columns, reading
        )
    return sources


def _build_reading(
    mapping: ExtractMapping | None, column_ids: Sequence[str], days: set[str]
) -> TableReading:
    """Columns of records by their names, by what registers call them, or as a mapping says."""
    names = build_register_names(column_ids, mapping.facts if mapping else None)
    return TableReading(names, mapping, frozenset(days))


def _build_people_reading(vocabulary: Vocabulary, mapping: ExtractMapping | None) -> TableReading:
    """Columns of people: the key and the permit as registers call them, facts by id or label."""
    given = mapping.facts if mapping else None
    names = build_register_names((PERSON, *PERMIT_RECORDS), given).merge_before(
        build_fact_names([vocabulary])
    )
    days = {fact.id for fact in vocabulary if fact.type == "date"}
    return TableReading(names, mapping, frozenset({*days, *PERMIT_RECORDS[:2]}))


def _narrow_source(
    name: str, paths: Sequence[Path], columns_of: Any, reading: TableReading
) -> RegisterSource:
    parts = []
    for part in list_files(paths, reading):
        schema = read_schema(part)
        columns = columns_of(part, schema)
        parts.append((part, pa.schema([schema.field(column) for column in columns])))
    return RegisterSource(name, tuple(parts))
