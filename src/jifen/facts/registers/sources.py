"""Which registers a run reads, and which of their columns: checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen.facts.extracts.mapping import ExtractMap
from jifen.facts.extracts.names import names_for, names_of_registers
from jifen.facts.extracts.table import Reading
from jifen.facts.registers import dated, spells
from jifen.facts.registers.files import parts_of, schema_of
from jifen.facts.registers.held import PERMIT_RECORDS
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.population import TEXT, people_schema
from jifen.facts.registers.spread import Source
from jifen.facts.registers.words import COLUMN, RegisterError
from jifen.policy.fault import join_words
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary


def lists_of(rules: Rules, named: Sequence[str] | None) -> tuple[str, ...] | None:
    """The lists of dates that a run is told of. Raises RegisterError for one that there is not."""
    known = dated.registers_of(rules)
    for name in named or ():
        if name not in known:
            raise RegisterError(
                COLUMN,
                "record facts",
                Text(
                    f"“{name[:40]}”，本市没有这种日期记录",
                    f"'{name[:40]}', which is no list of dates of this city",
                ),
                Text(f"以下之一：{join_words(known)}", f"one of: {join_words(known)}"),
                Text("请更正名称", "correct the name"),
            )
    return None if named is None else tuple(named)


@dataclass(frozen=True)
class Mappings:
    """What a person says of each register, where it does not say it by itself."""

    contributions: ExtractMap | None = None
    people: ExtractMap | None = None
    records: ExtractMap | None = None


_SPELLS = (PERSON, "from", "to", "month", "base", "status", "schemes")
_RECORDS = (PERSON, "fact", "date")


def sources_of(
    vocabulary: Vocabulary,
    contributions: Sequence[Path],
    people: Path | None,
    records: Path | None,
    mappings: Mappings,
) -> dict[str, Source]:
    """Every register with the columns that are read of it, checked before anything is written."""
    spell = _reading(mappings.contributions, _SPELLS, {"from", "to", "month"})
    found = {"contributions": _narrowed("contributions", contributions, spells.columns_of, spell)}
    if people:
        reading = _reading_of_people(vocabulary, mappings.people)
        parts = [(part, schema_of(part, TEXT)) for part in parts_of([people], reading)]
        schema = people_schema(parts)
        found["people"] = Source("people", tuple((p, schema) for p, _ in parts), True)
    if records:
        reading = _reading(mappings.records, _RECORDS, {"date"})
        found["records"] = _narrowed("records", [records], dated.columns_of, reading)
    return found


def _reading(mapping: ExtractMap | None, idents: Sequence[str], days: set[str]) -> Reading:
    """Columns of records by their names, by what registers call them, or as a mapping says."""
    names = names_of_registers(idents, mapping.facts if mapping else None)
    return Reading(names, mapping, frozenset(days))


def _reading_of_people(vocabulary: Vocabulary, mapping: ExtractMap | None) -> Reading:
    """Columns of people: the key and the permit as registers call them, facts by id or label."""
    given = mapping.facts if mapping else None
    names = names_of_registers((PERSON, *PERMIT_RECORDS), given).before(names_for([vocabulary]))
    days = {fact.id for fact in vocabulary if fact.type == "date"}
    return Reading(names, mapping, frozenset({*days, *PERMIT_RECORDS[:2]}))


def _narrowed(name: str, paths: Sequence[Path], columns_of: Any, reading: Reading) -> Source:
    parts = []
    for part in parts_of(paths, reading):
        schema = schema_of(part)
        columns = columns_of(part, schema)
        parts.append((part, pa.schema([schema.field(column) for column in columns])))
    return Source(name, tuple(parts))
