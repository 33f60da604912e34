"""The first pass: every register is read once, in order, and spread over partitions by person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from jifen.facts.extracts.rows import LeftOut
from jifen.facts.registers.files import Part, batches
from jifen.facts.registers.keys import PERSON, Key, number_cells, persons
from jifen.facts.registers.sidetable import SideTable, Where
from jifen.facts.registers.spill import Spill
from jifen.facts.registers.words import no_person, number_cell

Narrow = Callable[[pa.Table, "object", Part, int], pa.Table]
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A register: its name, its parts with the columns that are read."""

    name: str
    parts: tuple[tuple[Part, pa.Schema], ...]
    blank_is_null: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the parts by number."""
        return tuple(part.path.name for part, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Spreader:
    """Spreads registers over `count` partitions below `folder`."""

    folder: Path
    count: int
    key: Key
    faults: SideTable
    tell: Tell
    left_out: LeftOut = field(default_factory=LeftOut)

    def spread(self, source: Source, narrow: Narrow) -> tuple[Spill, int]:
        """The rows of a register as `narrow` makes them, by person; and how many were read."""
        spill, rows = Spill(self.folder, source.name, self.count), 0
        sizes = [part.size for part, _ in source.parts]
        for number, (part, schema) in enumerate(source.parts):
            for batch in batches(part, schema, blank_is_null=source.blank_is_null):
                rows += batch.rows.num_rows
                if batch.out:
                    self.left_out.add(batch.out)
                if not batch.rows.num_rows:
                    continue
                self._one(spill, part, batch.rows, batch.first, narrow)
                done = sum(sizes[:number]) + batch.done * sizes[number]
                self.tell(f"reading {source.name}", done / max(sum(sizes), 1))
        spill.close()
        return spill, rows

    def _one(self, spill: Spill, part: Part, rows: pa.Table, first: int, narrow: Narrow) -> None:
        person = persons(rows, self.key)
        cells = number_cells(person)
        for index in cells.arg_true().to_list():
            where = Where(None, part.path.name, first + index)
            self.faults.add(where, PERSON, person[index], number_cell())
        person = person.set(cells, None)
        made = narrow(rows, person, part, first)
        nobody = person.is_null()
        for index in (nobody & ~cells).arg_true().to_list():
            where = Where(None, part.path.name, first + index)
            self.faults.add(where, PERSON, None, no_person())
        kind = pa.int64() if person.dtype.is_integer() else pa.large_string()
        keyed = person.to_arrow().cast(kind)
        made = made.drop_columns([PERSON]) if PERSON in made.column_names else made
        made = made.add_column(0, PERSON, keyed)
        if nobody.any():
            made, person = made.filter((~nobody).to_arrow()), person.drop_nulls()
        spill.write(made, person)
