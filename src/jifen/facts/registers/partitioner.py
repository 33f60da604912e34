"""The first pass: every register is read once, in order, and spread over partitions by person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from jifen.facts.extracts.rows import SkippedRows
from jifen.facts.registers.faults import no_person_fault, number_cell_fault
from jifen.facts.registers.files import RegisterFile, read_batches
from jifen.facts.registers.keys import PERSON, KeyType, flag_number_cells, read_persons
from jifen.facts.registers.partition_files import PartitionFiles
from jifen.facts.registers.side_table import RowPlace, SideTable

NarrowRows = Callable[[pa.Table, "object", RegisterFile, int], pa.Table]
ReportProgress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class RegisterSource:
    """A register: its name, its parts with the columns that are read."""

    name: str
    parts: tuple[tuple[RegisterFile, pa.Schema], ...]
    blank_is_null: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the parts by number."""
        return tuple(part.path.name for part, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Partitioner:
    """Spreads registers over `count` partitions below `folder`."""

    folder: Path
    count: int
    key: KeyType
    faults: SideTable
    report_progress: ReportProgress
    left_out: SkippedRows = field(default_factory=SkippedRows)

    def spread_source(
        self, source: RegisterSource, narrow: NarrowRows
    ) -> tuple[PartitionFiles, int]:
        """The rows of a register as `narrow` makes them, by person; and how many were read."""
        spill, rows = PartitionFiles(self.folder, source.name, self.count), 0
        sizes = [part.size for part, _ in source.parts]
        for number, (part, schema) in enumerate(source.parts):
            for batch in read_batches(part, schema, blank_is_null=source.blank_is_null):
                rows += batch.rows.num_rows
                if batch.skipped:
                    self.left_out.add(batch.skipped)
                if not batch.rows.num_rows:
                    continue
                self._spread_batch(spill, part, batch.rows, batch.first, narrow)
                done = sum(sizes[:number]) + batch.done * sizes[number]
                self.report_progress(f"reading {source.name}", done / max(sum(sizes), 1))
        spill.close()
        return spill, rows

    def _spread_batch(
        self,
        spill: PartitionFiles,
        part: RegisterFile,
        rows: pa.Table,
        first: int,
        narrow: NarrowRows,
    ) -> None:
        person = read_persons(rows, self.key)
        cells = flag_number_cells(person)
        for index in cells.arg_true().to_list():
            where = RowPlace(None, part.path.name, first + index)
            self.faults.add_fault(where, PERSON, person[index], number_cell_fault())
        person = person.set(cells, None)
        narrow_rows = narrow(rows, person, part, first)
        nobody = person.is_null()
        for index in (nobody & ~cells).arg_true().to_list():
            where = RowPlace(None, part.path.name, first + index)
            self.faults.add_fault(where, PERSON, None, no_person_fault())
        kind = pa.int64() if person.dtype.is_integer() else pa.large_string()
        keyed = person.to_arrow().cast(kind)
        narrow_rows = (
            narrow_rows.drop_columns([PERSON])
            if PERSON in narrow_rows.column_names
            else narrow_rows
        )
        narrow_rows = narrow_rows.add_column(0, PERSON, keyed)
        if nobody.any():
            narrow_rows, person = narrow_rows.filter((~nobody).to_arrow()), person.drop_nulls()
        spill.write_rows(narrow_rows, person)
