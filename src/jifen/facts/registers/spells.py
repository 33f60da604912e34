"""The contribution extract: rows → narrow spells, and the faults of single rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import polars as pl
import pyarrow as pa

from jifen.facts.fault import FactFault
from jifen.facts.registers import scalar_reader
from jifen.facts.registers.faults import ALL_WRONG, RegisterError, shorten_value
from jifen.facts.registers.files import RegisterFile, require_columns
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.side_table import RowPlace, SideTable
from jifen.facts.registers.spell_columns import (
    read_base_column,
    read_month_column,
    read_schemes_column,
    read_status_column,
)
from jifen.facts.registers.value_coder import ValueCoder
from jifen.facts.spelling import means_now
from jifen.facts.words import say
from jifen.policy.model import Rules
from jifen.policy.months import to_month

SOUND, LATE, BAD = 0, 1, 2
"""A spell that counts as it stands; one that reaches past the day; a row that is no spell."""
_BOTH = 3
_ENOUGH_ROWS = 1000

NARROW = pa.schema(
    [
        ("row", pa.int64()),
        ("file", pa.int16()),
        ("since", pa.int16()),
        ("until", pa.int16()),
        ("base", pa.int32()),
        ("status", pa.uint8()),
        ("schemes", pa.uint8()),
        ("state", pa.uint8()),
        ("spell", pa.bool_()),
    ]
)
"""A spell in 28 bytes with its person: months since the year 0, base in fen (−1: not given),
status as its place in STATUSES, schemes as bits, whether the row was a spell or a single month."""


def select_columns(part: RegisterFile, schema: pa.Schema) -> list[str]:
    """The columns that are read of a part. Raises RegisterError where one is missing."""
    months = {
        "from": say("registers.spells.the_first_month"),
        "to": say("registers.spells.its_last_month"),
    }
    if "month" in schema.names and "from" not in schema.names:
        months = {"month": say("registers.spells.the_month_of_a_row")}
    require_columns(part, schema, {PERSON: say("registers.spells.whose_months_they"), **months})
    others = [name for name in ("base", "status", "schemes") if name in schema.names]
    return [PERSON, *months, *others]


@dataclass
class SpellReader:
    """Reads rows under some rules on a day; what is wrong goes to the side table."""

    rules: Rules
    on: date
    faults: SideTable
    coders: dict[str, ValueCoder] = field(init=False)

    def __post_init__(self) -> None:
        month = ValueCoder(scalar_reader.code_month)
        self.coders = {
            "from": month,
            "to": ValueCoder(partial(scalar_reader.code_last_month, self.on)),
            "month": month,
            "base": ValueCoder(scalar_reader.code_base),
            "status": ValueCoder(scalar_reader.code_status),
            "schemes": ValueCoder(scalar_reader.code_schemes),
        }
        self._late = ValueCoder(partial(scalar_reader.find_late_fault, self.rules, self.on))

    def read_spells(
        self, rows: pa.Table, person: pl.Series, part: RegisterFile, first: int
    ) -> pa.Table:
        """The rows of a batch as narrow spells, in order. `first` is the number of its first row.

        Raises RegisterError where every row of a large batch is wrong.
        """
        numbers, words = self._code_columns(rows)
        table = self._with_state(pl.DataFrame(numbers)).with_columns(
            pl.int_range(first, first + rows.num_rows).alias("row"),
            pl.lit(part.number, pl.Int16).alias("file"),
            pl.lit("month" not in words).alias("spell"),
        )
        self._record_faults(table, words, person, part)
        spells = table.select(NARROW.names).with_columns(
            pl.col("since", "until", "base", "status", "schemes").fill_null(0)
        )
        return spells.to_arrow().cast(NARROW)

    def _with_state(self, numbers: pl.DataFrame) -> pl.DataFrame:
        readable = pl.all_horizontal(pl.all().is_not_null())
        backwards = pl.col("until") < pl.col("since")
        after = pl.col("until") > to_month(self.on)
        state = pl.when(~readable | backwards).then(BAD).when(after).then(LATE).otherwise(SOUND)
        return numbers.with_columns(state.cast(pl.UInt8).alias("state"))

    def _record_faults(
        self,
        table: pl.DataFrame,
        words: dict[str, pl.Series],
        person: pl.Series,
        part: RegisterFile,
    ) -> None:
        """Put what is wrong into the side table."""
        wrong = table["state"] != SOUND
        if not wrong.any():
            return
        row_faults = list(self._iter_faults(table, words, wrong))
        self._refuse_all_wrong(wrong, row_faults, part)
        for index, column, value, fault in row_faults:
            where = RowPlace(person[index], part.path.name, table["row"][index])
            self.faults.add_fault(where, column, value, fault)

    def _code_columns(self, rows: pa.Table) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
        raw = {name: pl.Series(name, rows[name]) for name in rows.column_names}
        both = [("since", "month"), ("until", "month")]
        months = both if "month" in raw else [("since", "from"), ("until", "to")]
        numbers, words = {}, {}
        for name, column in months:
            numbers[name], words[column] = read_month_column(raw[column], self.coders[column])
        if "to" in words:
            numbers["until"] = self._until_now(words["to"], numbers["since"], numbers["until"])
        length = rows.num_rows
        defaults = {"base": scalar_reader.MISSING_BASE, "status": 0, "schemes": _BOTH}
        how = {
            "base": read_base_column,
            "status": read_status_column,
            "schemes": read_schemes_column,
        }
        for name, default in defaults.items():
            if name in raw:
                numbers[name], words[name] = how[name](raw[name], self.coders[name])
            else:
                numbers[name] = pl.repeat(default, length, dtype=pl.Int32, eager=True)
        return numbers, words

    def _until_now(self, words: pl.Series, since: pl.Series, until: pl.Series) -> pl.Series:
        """A spell that begins in the month of the day and goes on (至今) ends in that month."""
        begun = since == to_month(self.on)
        if not begun.any():
            return until
        now = [word for word in words.filter(begun).unique() if word and means_now(word)]
        return until.zip_with(~(begun & words.is_in(now)).fill_null(False), since)

    def _iter_faults(
        self, table: pl.DataFrame, words: dict[str, pl.Series], wrong: pl.Series
    ) -> Iterator[tuple[int, str, object, FactFault]]:
        """Each fault: the row within the batch, the column, the value, what is wrong."""
        last = "month" if "month" in words else "to"
        for index in wrong.arg_true().to_list():
            count = 0
            for column, values in words.items():
                fault = self.coders[column].find_fault(values[index])
                if fault:
                    yield index, column, values[index], fault
                    count += 1
            if count:
                continue
            since, until = table["since"][index], table["until"][index]
            if until < since:
                yield (
                    index,
                    last,
                    words[last][index],
                    scalar_reader.find_reversed_fault(since, until),
                )
            else:
                late = self._late.find_fault(until)
                if late:
                    yield index, last, words[last][index], late

    def _refuse_all_wrong(
        self,
        wrong: pl.Series,
        row_faults: list[tuple[int, str, object, FactFault]],
        part: RegisterFile,
    ) -> None:
        if len(wrong) < _ENOUGH_ROWS or not wrong.all():
            return
        _, column, value, fault = row_faults[0]
        raise RegisterError(
            ALL_WRONG,
            part.path,
            say(
                "registers.spells.rows_in_a_row",
                wrong_count=len(wrong),
                column=column,
                value=shorten_value(value),
                code=fault.code,
            ),
            fault.expected,
            say("registers.spells.check_that_the_column"),
        )
