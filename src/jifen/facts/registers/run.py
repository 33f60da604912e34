"""`derive`: registers in, a population table out, in two passes and bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen.drafts import keep_together
from jifen.facts.extracts.rows import LeftOut
from jifen.facts.registers import dated
from jifen.facts.registers.dated import DatedReader, derive_counts
from jifen.facts.registers.distinct import Distinct
from jifen.facts.registers.files import Part, rows_of
from jifen.facts.registers.held import age_reader, derive_dates, derive_permits
from jifen.facts.registers.insured import derive_insured
from jifen.facts.registers.keys import PERSON, Key, key_of
from jifen.facts.registers.partition import People
from jifen.facts.registers.place import Finished, check_target, faults_path, workspace
from jifen.facts.registers.population import (
    PeopleColumns,
    numbered,
    passed,
    people_of,
    refuse_doubles,
)
from jifen.facts.registers.sidetable import SideTable
from jifen.facts.registers.sources import Mappings, lists_of, sources_of
from jifen.facts.registers.spells import SpellReader
from jifen.facts.registers.spill import Spill
from jifen.facts.registers.spread import Source, Spreader, Tell
from jifen.facts.registers.table import Column
from jifen.facts.registers.words import NO_ROWS, STRICT, RegisterError
from jifen.facts.registers.work import Work, derivations
from jifen.policy.model import Rules
from jifen.policy.text import Text

ROWS_A_PARTITION = 1_000_000
MOST_PARTITIONS = 500
"""Each partition keeps a file open while rows are spread."""


@dataclass(frozen=True, slots=True)
class Summary:
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
    left_out: LeftOut = field(default_factory=LeftOut)
    """Title, blank and total rows of tables of text."""


def derive(
    rules: Rules,
    on: date,
    contributions: Sequence[Path],
    target: Path,
    *,
    people: Path | None = None,
    records: Path | None = None,
    record_facts: Sequence[str] | None = None,
    mappings: Mappings = Mappings(),  # noqa: B008 - frozen
    strict: bool = False,
    progress: Tell | None = None,
) -> Summary:
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
    sources = sources_of(rules.vocabulary, contributions, people, records, mappings)
    registers = lists_of(rules, record_facts)
    with workspace(target) as folder:
        return _Run(rules, on, target, sources, registers, folder, progress or _quiet).run(strict)


def _quiet(stage: str, done: float) -> None:
    del stage, done


@dataclass
class _Run:
    """One run: what it reads, where it writes, and what it has met so far."""

    rules: Rules
    on: date
    target: Path
    sources: dict[str, Source]
    registers: tuple[str, ...] | None
    folder: Path
    tell: Tell
    key: Key = field(init=False)
    work: Work = field(init=False)
    partitions: int = 1
    persons: int = 0
    faulty: int = 0
    strangers: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)

    def run(self, strict: bool) -> Summary:
        self.key = key_of([entry for source in self.sources.values() for entry in source.parts])
        self.partitions = self._partitions()
        made, side = self.folder / "made.parquet", self.folder / "faults.parquet"
        with SideTable(side, self.key) as faults:
            spills, rows, unrecorded = self._spread(faults)
            self._write(made, spills, faults)
        if strict and faults.count:
            raise _strict(self.target, faults)
        keep_together(Finished(side, faults_path(self.target)), Finished(made, self.target))
        return Summary(
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

    def _spread(self, faults: SideTable) -> tuple[dict[str, Spill], int, tuple[str, ...]]:
        spreader = Spreader(
            self.folder, self.partitions, self.key, faults, self.tell, self.left_out
        )
        reader, dates = self._readers(faults)
        narrow: dict[str, Any] = {
            "contributions": reader.spells,
            "people": lambda rows, _, part, first: numbered(rows, part, first),
            "records": dates.records,
        }
        self._choose(())  # a fact that is both given and derived is found before hours of reading
        done = {name: spreader.spread(s, narrow[name]) for name, s in self.sources.items()}
        rows = done["contributions"][1]
        if rows == 0:
            first = self.sources["contributions"].parts[0][0].path
            raise RegisterError(
                NO_ROWS,
                first,
                Text("一行数据也没有", "no row at all"),
                Text("至少一行", "at least one row"),
                Text("请核对导出的文件", "check the export"),
            )
        covered = self.registers if self.registers is not None else tuple(sorted(dates.named))
        self._choose(covered if "records" in self.sources else ())
        missing = set(dated.registers_of(self.rules)) - set(covered)
        unrecorded = tuple(sorted(missing)) if "records" in self.sources else ()
        return {name: spill for name, (spill, _) in done.items()}, rows, unrecorded

    def _readers(self, faults: SideTable) -> tuple[SpellReader, DatedReader]:
        return SpellReader(self.rules, self.on, faults), DatedReader(self.rules, self.on, faults)

    def _partitions(self) -> int:
        rows = max(
            sum(rows_of(part) for part, _ in source.parts) for source in self.sources.values()
        )
        return min(max(-(-rows // ROWS_A_PARTITION), 1), MOST_PARTITIONS)

    def _choose(self, registers: tuple[str, ...]) -> None:
        """Which facts this run derives."""
        columns = self._people_columns()
        names = tuple(columns.schema.names) if columns else ()
        permit = columns.permit if columns else False
        chosen = derivations(self.rules, names, registers, permit=permit)
        self.work = Work(self.rules, self.on, chosen)
        if columns:
            refuse_doubles(self.work, columns.schema, self.sources["people"].parts[0][0])

    def _people_columns(self) -> PeopleColumns | None:
        if "people" not in self.sources:
            return None
        return PeopleColumns(self.sources["people"].parts[0][1])

    def _write(self, made: Path, spills: dict[str, Spill], faults: SideTable) -> None:
        count, writer = self.partitions, None
        ages = {
            fact.id: age_reader(self.work, how.source, fact.id)
            for fact, how, _ in self.work.of("date")
        }
        try:
            for number in range(count):
                taken = {name: spill.take(number) for name, spill in spills.items()}
                table = self._table(taken, faults, ages)
                if writer is None:
                    writer = pq.ParquetWriter(made, table.schema, compression="zstd")
                writer.write_table(table)
                self.tell("deriving", (number + 1) / count)
        finally:
            if writer:
                writer.close()

    def _table(
        self, taken: dict[str, pa.Table | None], faults: SideTable, ages: dict[str, Distinct]
    ) -> pa.Table:
        people, own = self._people(taken, faults)
        columns = derive_insured(
            self.work, self._as_told(people, "contributions"), taken["contributions"]
        )
        columns += derive_counts(self.work, self._as_told(people, "records"), taken.get("records"))
        self._as_told(people, "people")
        if own is not None:
            columns += derive_dates(self.work, people, own, ages)
            columns += derive_permits(self.work, people, own)
        for column in columns:
            column.forget(people.faulty)
        self.persons += len(people)
        self.faulty += int(people.faulty.sum())
        self.strangers += people.strangers
        return self._assembled(people, own, columns)

    def _as_told(self, people: People, source: str) -> People:
        """The same persons, with the files in which a fault may stand."""
        people.files = self.sources[source].files if source in self.sources else ()
        return people

    def _people(
        self, taken: dict[str, pa.Table | None], faults: SideTable
    ) -> tuple[People, pa.Table | None]:
        if "people" not in self.sources:
            rows = taken["contributions"]
            empty = pl.Series(PERSON, [], dtype=self.key)
            keys = empty if rows is None else pl.Series(PERSON, rows[PERSON]).cast(self.key)
            return People(keys.unique().sort(), (), faults), None
        source, rows = self.sources["people"], taken["people"]
        if rows is None:
            rows = _no_rows(source.parts[0][1], self.key)
        return people_of(rows, self.key, source.files, faults)

    def _assembled(self, people: People, own: pa.Table | None, columns: list[Column]) -> pa.Table:
        person = people.keys.to_arrow()
        kind = pa.int64() if self.key == pl.Int64 else pa.string()
        fields, arrays = [pa.field(PERSON, kind)], [person.cast(kind)]
        declared = self._people_columns()
        if own is not None and declared is not None:
            kept = declared.kept(self.work)
            fields += kept
            arrays += passed(own, kept)
        for column in columns:
            fields += column.fields()
            arrays += column.arrays()
        return pa.table(arrays, schema=pa.schema(fields))


def _no_rows(schema: pa.Schema, key: Key) -> pa.Table:
    """A partition in which nobody is."""
    table = schema.empty_table()
    kind = pa.int64() if key == pl.Int64 else pa.large_string()
    at = schema.get_field_index(PERSON)
    table = table.set_column(at, PERSON, pa.array([], kind))
    part = Part(Path(), "parquet", 0)
    return numbered(table, part, 1)


def _strict(target: Path, faults: SideTable) -> RegisterError:
    zh, en = ("; ".join(words(lang) for words in faults.first) for lang in ("zh", "en"))
    if faults.count > len(faults.first):
        zh, en = f"{zh} …（共 {faults.count} 处）", f"{en} … ({faults.count} in all)"
    return RegisterError(
        STRICT,
        target,
        Text(f"有错误：{zh}", f"faults: {en}"),
        Text("没有错误（已指定 --strict）", "none, since --strict was asked for"),
        Text(
            "请更正；或不用 --strict，错误会写入旁边的错误表",
            "correct them, or run without --strict: the faults then go to a side table",
        ),
    )
