"""Which registers a run reads, and which of their columns: checked before anything is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen.facts.registers import dated, spells
from jifen.facts.registers.files import parts_of, schema_of
from jifen.facts.registers.population import TEXT, people_schema
from jifen.facts.registers.spread import Source
from jifen.facts.registers.words import COLUMN, RegisterError
from jifen.policy.fault import one_of
from jifen.policy.model import Rules
from jifen.policy.text import Text


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
                Text(f"以下之一：{one_of(known)}", f"one of: {one_of(known)}"),
                Text("请更正名称", "correct the name"),
            )
    return None if named is None else tuple(named)


def sources_of(
    contributions: Sequence[Path], people: Path | None, records: Path | None
) -> dict[str, Source]:
    """Every register with the columns that are read of it, checked before anything is written."""
    found = {"contributions": _narrowed("contributions", contributions, spells.columns_of)}
    if people:
        parts = [(part, schema_of(part, TEXT)) for part in parts_of([people])]
        schema = people_schema(parts)
        found["people"] = Source("people", tuple((p, schema) for p, _ in parts), True)
    if records:
        found["records"] = _narrowed("records", [records], dated.columns_of)
    return found


def _narrowed(name: str, paths: Sequence[Path], columns_of: Any) -> Source:
    parts = []
    for part in parts_of(paths):
        schema = schema_of(part)
        columns = columns_of(part, schema)
        parts.append((part, pa.schema([schema.field(column) for column in columns])))
    return Source(name, tuple(parts))
