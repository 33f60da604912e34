"""Dated records (detentions, bad credit …): rows → counts inside the window of the measure."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from jifen.facts.fault import FactFault
from jifen.facts.registers.derivation_task import DerivationTask
from jifen.facts.registers.derived_columns import DerivedColumn
from jifen.facts.registers.faults import unknown_register_fault
from jifen.facts.registers.files import RegisterFile, require_columns
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.partition_people import PartitionPeople, to_numpy
from jifen.facts.registers.people_records import normalize_dates
from jifen.facts.registers.side_table import RowPlace, SideTable
from jifen.facts.registers.value_coder import ValueCoder
from jifen.facts.values import BadValue, parse_day
from jifen.facts.words import say
from jifen.policy.model import Rules
from jifen.policy.months import first_day, subtract_months, to_month
from jifen.policy.vocabulary import DATES_MOST, Derivation

NARROW = pa.schema(
    [
        ("row", pa.int64()),
        ("file", pa.int16()),
        ("fact", pa.int16()),
        ("day", pa.int32()),
        ("bad", pa.bool_()),
    ]
)
_EPOCH = date(1970, 1, 1)
_COLUMNS = {
    PERSON: say("registers.dated_records.whose_record"),
    "fact": say("registers.dated_records.columns_fact"),
    "date": say("registers.dated_records.columns_date"),
}


def select_columns(part: RegisterFile, schema: pa.Schema) -> list[str]:
    """The columns that are read of a part. Raises RegisterError where one is missing."""
    require_columns(part, schema, _COLUMNS)
    return list(_COLUMNS)


def list_date_registers(rules: Rules) -> tuple[str, ...]:
    """The lists of dates that the city's vocabulary knows."""
    return tuple(fact.id for fact in rules.vocabulary if fact.type == "dates")


@dataclass
class DatedRecordReader:
    """Reads dated records; what is wrong goes to the side table."""

    rules: Rules
    on: date
    faults: SideTable
    named: set[str] = field(default_factory=set)
    """The lists of which at least one record was met."""

    def __post_init__(self) -> None:
        self._known = list_date_registers(self.rules)
        self._facts = ValueCoder(self._code_fact)
        self._days = ValueCoder(self._code_day)

    def _code_fact(self, value: Any) -> int | FactFault:
        if value in self._known:
            return self._known.index(value)
        return unknown_register_fault(value, self._known)

    def _code_day(self, value: Any) -> int | FactFault:
        try:
            record_day = parse_day(value)
        except BadValue as error:
            return error.to_fault("date")
        if record_day > self.on:
            return self._future_fault(record_day)
        return (record_day - _EPOCH).days

    def _future_fault(self, record_day: date) -> FactFault:
        work = DerivationTask(self.rules, self.on, ())
        return work.examine_person({self._known[0]: [record_day]})[1][0]

    def read_records(
        self, rows: pa.Table, person: pl.Series, part: RegisterFile, first: int
    ) -> pa.Table:
        """The rows of a batch as narrow records, in order."""
        names = pl.Series("fact", rows["fact"]).cast(pl.String)
        dates = normalize_dates(pl.Series("date", rows["date"]))
        facts, days = (
            self._facts.code_series(names, pl.Int16),
            self._days.code_series(dates, pl.Int32),
        )
        self.named |= {self._known[number] for number in facts.drop_nulls().unique()}
        bad = facts.is_null() | days.is_null()
        for index in bad.arg_true().to_list():
            where = RowPlace(person[index], part.path.name, first + index)
            for column, values, read in (("fact", names, self._facts), ("date", dates, self._days)):
                fault = read.find_fault(values[index])
                if fault:
                    self.faults.add_fault(where, column, values[index], fault)
        count = rows.num_rows
        narrow = {
            "row": np.arange(first, first + count),
            "file": np.full(count, part.number),
            "fact": facts.fill_null(0).to_numpy(),
            "day": days.fill_null(0).to_numpy(),
            "bad": bad.to_numpy(),
        }
        return pa.table({name: pa.array(narrow[name], NARROW.field(name).type) for name in narrow})


def derive_counts(
    work: DerivationTask, people: PartitionPeople, rows: pa.Table | None
) -> list[DerivedColumn]:
    """Each count for all persons; 0 for a person without a record of that list."""
    columns, size = [], len(people)
    person_rows = facts = days = np.zeros(0, np.int64)
    if rows is not None:
        person_rows = people.locate_rows(rows)
        bad = to_numpy(rows, "bad")
        people.faulty[person_rows[bad & (person_rows >= 0)]] = True
        good = ~bad & (person_rows >= 0)
        person_rows, facts, days = (
            person_rows[good],
            to_numpy(rows, "fact")[good],
            to_numpy(rows, "day")[good],
        )
        _refuse_long_lists(work, people, (person_rows, facts, days), rows.filter(pa.array(good)))
    list_ids = list_date_registers(work.rules)
    for fact, how, _ in work.select_derivations("dates"):
        least, most = _find_window_days(work, how)
        inside = (facts == list_ids.index(how.source)) & (days >= least) & (days <= most)
        column = DerivedColumn.create_empty(fact, size)
        column.values = np.bincount(person_rows[inside], minlength=size)
        column.known[:] = True
        columns.append(column)
    return columns


def _find_window_days(work: DerivationTask, how: Derivation) -> tuple[int, int]:
    """The first and the last day that count, as days since 1970 (measures.in_window)."""
    last = work.counting_day
    if how.window is None:
        first = date.min
    elif work.rules.reference.kind != "on_the_day":
        first = first_day(to_month(last) - how.window + 1)
    else:
        first = subtract_months(last, how.window) + timedelta(days=1)
    return (first - _EPOCH).days, (last - _EPOCH).days


def _refuse_long_lists(
    work: DerivationTask, people: PartitionPeople, records: Any, rows: pa.Table
) -> None:
    """A list that is longer than the plain path takes."""
    person_rows, facts, days = records
    list_ids = list_date_registers(work.rules)
    lists, first, counts = np.unique(
        person_rows * len(list_ids) + facts, return_index=True, return_counts=True
    )
    for place in np.flatnonzero(counts > DATES_MOST).tolist():
        person_row, list_number = divmod(int(lists[place]), len(list_ids))
        own_days = days[(person_rows == person_row) & (facts == list_number)]
        given = [_EPOCH + timedelta(days=int(number)) for number in own_days]
        row = rows.slice(int(first[place]), 1)
        for fault in work.examine_person({list_ids[list_number]: given})[1]:
            number, file = row["row"][0].as_py(), row["file"][0].as_py()
            people.add_fault(person_row, file, number, "fact", list_ids[list_number], fault)
