"""The table of people: one row each, spread by person; most of its columns pass through."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from jifen.facts.registers.derivation_task import DerivationTask
from jifen.facts.registers.faults import COLUMN, RegisterError, double_person_fault
from jifen.facts.registers.files import RegisterFile, require_columns
from jifen.facts.registers.keys import PERSON, KeyType
from jifen.facts.registers.partition_people import PartitionPeople
from jifen.facts.registers.people_records import (
    FILE,
    PERMIT_COLUMNS,
    PERMIT_RECORDS,
    ROW,
    read_day_column,
)
from jifen.facts.registers.side_table import SideTable
from jifen.facts.words import say

TEXT_COLUMNS = (PERSON, "birth_date", *PERMIT_COLUMNS)
"""Columns that are read as text from CSV; the type of the others is told from their values."""


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """What the table of people has: all columns, and whether some of them are a permit."""

    schema: pa.Schema

    @property
    def has_permit(self) -> bool:
        """Whether the columns of a permit are there; `permit_area` alone is a plain fact."""
        return any(name in PERMIT_RECORDS for name in self.schema.names)

    def list_kept_fields(self, work: DerivationTask) -> list[pa.Field]:
        """The columns that pass through; dates of which a fact is derived become dates."""
        records: tuple[str, ...] = PERMIT_COLUMNS if self.has_permit else ()
        if work.rules.vocabulary.get("permit_area") is None:
            records = tuple(name for name in records if name != "permit_area")
        dates = {how.source for _, how, _ in work.select_derivations("date")}
        return [
            pa.field(f.name, pa.date32()) if f.name in dates else f
            for f in self.schema
            if f.name != PERSON and f.name not in records
        ]


def check_people_schema(parts: list[tuple[RegisterFile, pa.Schema]]) -> pa.Schema:
    """The columns of all parts, which must agree. Raises RegisterError."""
    first, schema = parts[0]
    for part, other in parts:
        require_columns(part, other, {PERSON: say("registers.people_table.who_it")})
        if len(set(other.names)) < len(other.names):
            raise RegisterError(
                COLUMN,
                part.path,
                say("registers.people_table.two_columns_of_one_name"),
                say("registers.people_table.names_that_differ"),
                say("registers.people_table.rename_one"),
            )
        if not other.equals(schema):
            raise RegisterError(
                COLUMN,
                part.path,
                say("registers.people_table.other_columns_or_types_than"),
                say("registers.people_table.the_columns", path_name=first.path.name),
                say("registers.people_table.export_the_parts_alike"),
            )
    return schema.remove_metadata()


def refuse_given_and_derived(work: DerivationTask, schema: pa.Schema, where: RegisterFile) -> None:
    """A fact may be given or derived, not both."""
    clash = [
        fact.id
        for fact, how, kind in work.derivations
        if {fact.id, f"{fact.id}_not_applicable"} & set(schema.names)
        and not (kind == "permit" and how.measure == "permit_area")
    ]
    if clash:
        raise RegisterError(
            COLUMN,
            where.path,
            say("registers.people_table.the_column_which_is_derived", clash=clash[0]),
            say("registers.people_table.a_fact_that_is_given"),
            say("registers.people_table.leave_the_column_out"),
        )


def number_rows(rows: pa.Table, part: RegisterFile, first: int) -> pa.Table:
    """Rows with their place, for faults."""
    count = rows.num_rows
    placed = rows.append_column(ROW, pa.array(np.arange(first, first + count), pa.int64()))
    return placed.append_column(FILE, pa.array(np.full(count, part.number), pa.int16()))


def read_people(
    rows: pa.Table, key: KeyType, files: tuple[str, ...], faults: SideTable
) -> tuple[PartitionPeople, pa.Table]:
    """The persons of a partition by key, with the first row of each."""
    keys = pl.Series(PERSON, rows[PERSON]).cast(key)
    order = keys.arg_sort()
    if order.is_empty():
        return PartitionPeople(keys, files, faults), rows
    ordered = keys.gather(order)
    # a sort by key alone may change the order of equal keys: the first row is the least
    place = pl.DataFrame({"key": ordered, "at": order}).sort("key", "at")
    new = place.select(pl.col("key") != pl.col("key").shift(1)).to_series().fill_null(True)
    firsts = place.filter(new)
    people = PartitionPeople(firsts["key"], files, faults)
    first_rows = rows.take(firsts["at"].to_arrow()).combine_chunks()
    _blame_duplicates(people, rows, first_rows, place.filter(~new))
    return people, first_rows


def _blame_duplicates(
    people: PartitionPeople, rows: pa.Table, first_rows: pa.Table, others: pl.DataFrame
) -> None:
    for at, second in zip(
        people.find_row_numbers(others["key"]).tolist(), others["at"], strict=True
    ):
        file, row = rows[FILE][second].as_py(), rows[ROW][second].as_py()
        fault = double_person_fault(first_rows[ROW][at].as_py())
        people.add_fault(at, file, row, PERSON, None, fault)


def copy_columns(rows: pa.Table, fields: list[pa.Field]) -> list[pa.ChunkedArray | pa.Array]:
    """The columns that pass through."""
    return [
        read_day_column(rows, f.name)
        if f.type == pa.date32() and rows[f.name].type != pa.date32()
        else rows[f.name]
        for f in fields
    ]
