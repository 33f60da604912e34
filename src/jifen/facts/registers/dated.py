"""Dated records (detentions, bad credit …): rows → counts inside the window of the measure."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from jifen.facts.fault import FactFault
from jifen.facts.registers.distinct import Distinct
from jifen.facts.registers.files import Part, require
from jifen.facts.registers.held import plain_dates
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.partition import People, numpy_of
from jifen.facts.registers.sidetable import SideTable, Where
from jifen.facts.registers.table import Column
from jifen.facts.registers.words import unknown_register
from jifen.facts.registers.work import Work
from jifen.facts.values import BadValue, day
from jifen.policy.model import Rules
from jifen.policy.months import first_day, subtract_months, to_month
from jifen.policy.text import Text
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
    PERSON: Text("人员编号", "whose record it is"),
    "fact": Text("记录种类", "what it is"),
    "date": Text("日期", "its day"),
}


def columns_of(part: Part, schema: pa.Schema) -> list[str]:
    """The columns that are read of a part. Raises RegisterError where one is missing."""
    require(part, schema, _COLUMNS)
    return list(_COLUMNS)


def registers_of(rules: Rules) -> tuple[str, ...]:
    """The lists of dates that the city's vocabulary knows."""
    return tuple(fact.id for fact in rules.vocabulary if fact.type == "dates")


@dataclass
class DatedReader:
    """Reads dated records; what is wrong goes to the side table."""

    rules: Rules
    on: date
    faults: SideTable
    named: set[str] = field(default_factory=set)
    """The lists of which at least one record was met."""

    def __post_init__(self) -> None:
        self._known = registers_of(self.rules)
        self._facts = Distinct(self._fact)
        self._days = Distinct(self._day)

    def _fact(self, value: Any) -> int | FactFault:
        if value in self._known:
            return self._known.index(value)
        return unknown_register(value, self._known)

    def _day(self, value: Any) -> int | FactFault:
        try:
            found = day(value)
        except BadValue as error:
            return error.at("date")
        if found > self.on:
            return self._future(found)
        return (found - _EPOCH).days

    def _future(self, found: date) -> FactFault:
        work = Work(self.rules, self.on, ())
        return work.examine({self._known[0]: [found]})[1][0]

    def records(self, rows: pa.Table, person: pl.Series, part: Part, first: int) -> pa.Table:
        """The rows of a batch as narrow records, in order."""
        names = pl.Series("fact", rows["fact"]).cast(pl.String)
        dates = plain_dates(pl.Series("date", rows["date"]))
        facts, days = self._facts.numbers(names, pl.Int16), self._days.numbers(dates, pl.Int32)
        self.named |= {self._known[number] for number in facts.drop_nulls().unique()}
        bad = facts.is_null() | days.is_null()
        for index in bad.arg_true().to_list():
            where = Where(person[index], part.path.name, first + index)
            for column, values, read in (("fact", names, self._facts), ("date", dates, self._days)):
                fault = read.fault(values[index])
                if fault:
                    self.faults.add(where, column, values[index], fault)
        count = rows.num_rows
        narrow = {
            "row": np.arange(first, first + count),
            "file": np.full(count, part.number),
            "fact": facts.fill_null(0).to_numpy(),
            "day": days.fill_null(0).to_numpy(),
            "bad": bad.to_numpy(),
        }
        return pa.table({name: pa.array(narrow[name], NARROW.field(name).type) for name in narrow})


def derive_counts(work: Work, people: People, rows: pa.Table | None) -> list[Column]:
    """Each count for all persons; 0 for a person without a record of that list."""
    columns, size = [], len(people)
    at = facts = days = np.zeros(0, np.int64)
    if rows is not None:
        at = people.find(rows)
        bad = numpy_of(rows, "bad")
        people.faulty[at[bad & (at >= 0)]] = True
        good = ~bad & (at >= 0)
        at, facts, days = at[good], numpy_of(rows, "fact")[good], numpy_of(rows, "day")[good]
        _refuse_long(work, people, (at, facts, days), rows.filter(pa.array(good)))
    known = registers_of(work.rules)
    for fact, how, _ in work.of("dates"):
        least, most = _window(work, how)
        inside = (facts == known.index(how.source)) & (days >= least) & (days <= most)
        column = Column.empty(fact, size)
        column.values = np.bincount(at[inside], minlength=size)
        column.known[:] = True
        columns.append(column)
    return columns


def _window(work: Work, how: Derivation) -> tuple[int, int]:
    """The first and the last day that count, as days since 1970 (measures.in_window)."""
    last = work.counting_day
    if how.window is None:
        first = date.min
    elif work.rules.reference.kind != "on_the_day":
        first = first_day(to_month(last) - how.window + 1)
    else:
        first = subtract_months(last, how.window) + timedelta(days=1)
    return (first - _EPOCH).days, (last - _EPOCH).days


def _refuse_long(work: Work, people: People, records: Any, rows: pa.Table) -> None:
    """A list that is longer than the plain path takes."""
    at, facts, days = records
    known = registers_of(work.rules)
    lists, first, counts = np.unique(at * len(known) + facts, return_index=True, return_counts=True)
    for place in np.flatnonzero(counts > DATES_MOST).tolist():
        who, which = divmod(int(lists[place]), len(known))
        own = days[(at == who) & (facts == which)]
        given = [_EPOCH + timedelta(days=int(number)) for number in own]
        row = rows.slice(int(first[place]), 1)
        for fault in work.examine({known[which]: given})[1]:
            number, file = row["row"][0].as_py(), row["file"][0].as_py()
            people.blame(who, file, number, "fact", known[which], fault)
