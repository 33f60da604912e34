"""`derive`: registers in, a population table out, in two passes and bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen.drafts import move_together
from jifen.facts.extracts.rows import SkippedRows
from jifen.facts.registers import dated_records
from jifen.facts.registers.dated_records import DatedRecordReader, derive_counts
from jifen.facts.registers.derivation_task import DerivationTask, choose_derivations
from jifen.facts.registers.derived_columns import DerivedColumn
from jifen.facts.registers.faults import NO_ROWS, STRICT, RegisterError
from jifen.facts.registers.files import RegisterFile, count_rows
from jifen.facts.registers.insured_months import derive_insured
from jifen.facts.registers.keys import PERSON, KeyType, choose_key_type
from jifen.facts.registers.partition_files import PartitionFiles
from jifen.facts.registers.partition_people import PartitionPeople
from jifen.facts.registers.partitioner import Partitioner, RegisterSource, ReportProgress
from jifen.facts.registers.people_records import derive_dates, derive_permits, make_age_coder
from jifen.facts.registers.people_table import (
    PeopleColumns,
    copy_columns,
    number_rows,
    read_people,
    refuse_given_and_derived,
)
from jifen.facts.registers.side_table import SideTable
from jifen.facts.registers.sources import RegisterMappings, check_record_facts, open_sources
from jifen.facts.registers.spells import SpellReader
from jifen.facts.registers.target import FinishedFile, check_target, faults_path, open_workspace
from jifen.facts.registers.value_coder import ValueCoder
from jifen.facts.words import say
from jifen.policy.model import Rules
from jifen.policy.text import Text, join_texts

ROWS_A_PARTITION = 1_000_000
MOST_PARTITIONS = 500
"""Each partition keeps a file open while rows are spread."""


@dataclass(frozen=True, slots=True)
class DerivationSummary:
    """What was done: persons written, rows of the extract, faults, persons with a fault, rows of
    persons that are not in PEOPLE, the derived facts, and the lists of dates without any record.
    """

    target: Path
    faults_table: Path
    persons: int
    rows: int
    faults: int
    faulty_persons: int
    strangers: int
    derived: tuple[str, ...]
    unrecorded: tuple[str, ...]
    left_out: SkippedRows = field(default_factory=SkippedRows)
    """Title, blank and total rows of tables of text."""


def derive_registers(
    rules: Rules,
    on: date,
    contributions: Sequence[Path],
    target: Path,
    *,
    people: Path | None = None,
    records: Path | None = None,
    record_facts: Sequence[str] | None = None,
    mappings: RegisterMappings = RegisterMappings(),  # noqa: B008 - frozen
    strict: bool = False,
    progress: ReportProgress | None = None,
) -> DerivationSummary:
    """Derive the fact columns of everybody in register extracts, as `examine` would for each.

    `contributions`, `people` and `records` are files or folders of parts (Parquet, CSV, Arrow IPC).
    Without `people` the persons are those of the contributions. `record_facts` are the lists of
    dates that `records` covers, so that nobody without a record has more than 0; without it, those
    that occur there. `progress` is told a stage and the share of it that is done.

    Writes `target`, one row for each person, and beside it the side table of faults, whole or not
    at all. A person with a fault has no derived facts (null). Raises RegisterError for what is
    wrong with a whole register, and with `strict` for any fault.
    """
    given = [*contributions, *(path for path in (people, records) if path)]
    check_target(target, given)
    sources = open_sources(rules.vocabulary, contributions, people, records, mappings)
    registers = check_record_facts(rules, record_facts)
    with open_workspace(target) as folder:
        return _DerivationRun(
            rules, on, target, sources, registers, folder, progress or _ignore_progress
        ).run(strict)


def _ignore_progress(stage: str, done: float) -> None:
    del stage, done


@dataclass
class _DerivationRun:
    """One run: what it reads, where it writes, and what it has met so far."""

    rules: Rules
    on: date
    target: Path
    sources: dict[str, RegisterSource]
    registers: tuple[str, ...] | None
    folder: Path
    report_progress: ReportProgress
    key: KeyType = field(init=False)
    work: DerivationTask = field(init=False)
    partitions: int = 1
    persons: int = 0
    faulty: int = 0
    strangers: int = 0
    left_out: SkippedRows = field(default_factory=SkippedRows)

    def run(self, strict: bool) -> DerivationSummary:
        self.key = choose_key_type(
            [entry for source in self.sources.values() for entry in source.parts]
        )
        self.partitions = self._count_partitions()
        table_draft, faults_draft = self.folder / "made.parquet", self.folder / "faults.parquet"
        with SideTable(faults_draft, self.key) as faults:
            spills, rows, unrecorded = self._spread_rows(faults)
            self._write_tables(table_draft, spills, faults)
        if strict and faults.count:
            raise _strict_error(self.target, faults)
        move_together(
            FinishedFile(faults_draft, faults_path(self.target)),
            FinishedFile(table_draft, self.target),
        )
        return DerivationSummary(
            self.target,
            faults_path(self.target),
            self.persons,
            rows,
            faults.count,
            self.faulty,
            self.strangers,
            tuple(fact.id for fact, _, _ in self.work.derivations),
            unrecorded,
            self.left_out,
        )

    def _spread_rows(
        self, faults: SideTable
    ) -> tuple[dict[str, PartitionFiles], int, tuple[str, ...]]:
        spreader = Partitioner(
            self.folder, self.partitions, self.key, faults, self.report_progress, self.left_out
        )
        reader, dates = self._make_readers(faults)
        narrow: dict[str, Any] = {
            "contributions": reader.read_spells,
            "people": lambda rows, _, part, first: number_rows(rows, part, first),
            "records": dates.read_records,
        }
        self._choose_facts(
            ()
        )  # a fact that is both given and derived is found before hours of reading
        done = {name: spreader.spread_source(s, narrow[name]) for name, s in self.sources.items()}
        rows = done["contributions"][1]
        if rows == 0:
            first = self.sources["contributions"].parts[0][0].path
            raise RegisterError(
                NO_ROWS,
                first,
                say("registers.derivation.no_row_at_all"),
                say("registers.derivation.at_least_one_row"),
                say("registers.derivation.check_the_export"),
            )
        covered = self.registers if self.registers is not None else tuple(sorted(dates.named))
        self._choose_facts(covered if "records" in self.sources else ())
        missing = set(dated_records.list_date_registers(self.rules)) - set(covered)
        unrecorded = tuple(sorted(missing)) if "records" in self.sources else ()
        return {name: spill for name, (spill, _) in done.items()}, rows, unrecorded

    def _make_readers(self, faults: SideTable) -> tuple[SpellReader, DatedRecordReader]:
        return SpellReader(self.rules, self.on, faults), DatedRecordReader(
            self.rules, self.on, faults
        )

    def _count_partitions(self) -> int:
        rows = max(
            sum(count_rows(part) for part, _ in source.parts) for source in self.sources.values()
        )
        return min(max(-(-rows // ROWS_A_PARTITION), 1), MOST_PARTITIONS)

    def _choose_facts(self, registers: tuple[str, ...]) -> None:
        """Which facts this run derives."""
        columns = self._people_columns()
        names = tuple(columns.schema.names) if columns else ()
        permit = columns.has_permit if columns else False
        chosen = choose_derivations(self.rules, names, registers, permit=permit)
        self.work = DerivationTask(self.rules, self.on, chosen)
        if columns:
            refuse_given_and_derived(self.work, columns.schema, self.sources["people"].parts[0][0])

    def _people_columns(self) -> PeopleColumns | None:
        if "people" not in self.sources:
            return None
        return PeopleColumns(self.sources["people"].parts[0][1])

    def _write_tables(
        self, table_draft: Path, spills: dict[str, PartitionFiles], faults: SideTable
    ) -> None:
        count, writer = self.partitions, None
        ages = {
            fact.id: make_age_coder(self.work, how.source, fact.id)
            for fact, how, _ in self.work.select_derivations("date")
        }
        try:
            for number in range(count):
                taken = {name: spill.take_partition(number) for name, spill in spills.items()}
                table = self._build_table(taken, faults, ages)
                if writer is None:
                    writer = pq.ParquetWriter(table_draft, table.schema, compression="zstd")
                writer.write_table(table)
                self.report_progress("deriving", (number + 1) / count)
        finally:
            if writer:
                writer.close()

    def _build_table(
        self, taken: dict[str, pa.Table | None], faults: SideTable, ages: dict[str, ValueCoder]
    ) -> pa.Table:
        people, own = self._read_people(taken, faults)
        columns = derive_insured(
            self.work, self._with_files_of(people, "contributions"), taken["contributions"]
        )
        columns += derive_counts(
            self.work, self._with_files_of(people, "records"), taken.get("records")
        )
        self._with_files_of(people, "people")
        if own is not None:
            columns += derive_dates(self.work, people, own, ages)
            columns += derive_permits(self.work, people, own)
        for column in columns:
            column.forget_people(people.faulty)
        self.persons += len(people)
        self.faulty += int(people.faulty.sum())
        self.strangers += people.strangers
        return self._assemble_table(people, own, columns)

    def _with_files_of(self, people: PartitionPeople, source: str) -> PartitionPeople:
        """The same persons, with the files in which a fault may stand."""
        people.files = self.sources[source].files if source in self.sources else ()
        return people

    def _read_people(
        self, taken: dict[str, pa.Table | None], faults: SideTable
    ) -> tuple[PartitionPeople, pa.Table | None]:
        if "people" not in self.sources:
            rows = taken["contributions"]
            empty = pl.Series(PERSON, [], dtype=self.key)
            keys = empty if rows is None else pl.Series(PERSON, rows[PERSON]).cast(self.key)
            return PartitionPeople(keys.unique().sort(), (), faults), None
        source, rows = self.sources["people"], taken["people"]
        if rows is None:
            rows = _build_empty_rows(source.parts[0][1], self.key)
        return read_people(rows, self.key, source.files, faults)

    def _assemble_table(
        self, people: PartitionPeople, own: pa.Table | None, columns: list[DerivedColumn]
    ) -> pa.Table:
        person = people.keys.to_arrow()
        kind = pa.int64() if self.key == pl.Int64 else pa.string()
        fields, arrays = [pa.field(PERSON, kind)], [person.cast(kind)]
        declared = self._people_columns()
        if own is not None and declared is not None:
            kept_fields = declared.list_kept_fields(self.work)
            fields += kept_fields
            arrays += copy_columns(own, kept_fields)
        for column in columns:
            fields += column.list_fields()
            arrays += column.build_arrays()
        return pa.table(arrays, schema=pa.schema(fields))


def _build_empty_rows(schema: pa.Schema, key: KeyType) -> pa.Table:
    """A partition in which nobody is."""
    table = schema.empty_table()
    kind = pa.int64() if key == pl.Int64 else pa.large_string()
    at = schema.get_field_index(PERSON)
    table = table.set_column(at, PERSON, pa.array([], kind))
    part = RegisterFile(Path(), "parquet", 0)
    return number_rows(table, part, 1)


def _strict_error(target: Path, faults: SideTable) -> RegisterError:
    first = join_texts(faults.first, Text("; ", "; "))
    if faults.count > len(faults.first):
        first = say("registers.derivation.first_of_all", first=first, count=faults.count)
    return RegisterError(
        STRICT,
        target,
        say("registers.derivation.faults", first=first),
        say("registers.derivation.none_since_strict_was_asked"),
        say("registers.derivation.correct_them_or_run_without"),
    )
