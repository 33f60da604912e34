"""The columns of the table of people that are records: a permit, a date of birth."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from jifen.facts.fault import FactFault
from jifen.facts.measures import ABSENT
from jifen.facts.registers.calendar import NO_DAY, Days, to_numpy_day
from jifen.facts.registers.derivation_task import DerivationTask
from jifen.facts.registers.derived_columns import DerivedColumn
from jifen.facts.registers.partition_people import Flags, PartitionPeople
from jifen.facts.registers.permits import PermitArrays
from jifen.facts.registers.value_coder import ValueCoder
from jifen.facts.spelling import normalize_day, read_flag

PERMIT_PARTS = ("issued_on", "valid_until", "endorsements", "area")
NO_PERMIT_COLUMN = "permit_not_applicable"
PERMIT_RECORDS = ("permit_issued_on", "permit_valid_until", "permit_endorsements", NO_PERMIT_COLUMN)
PERMIT_COLUMNS = (*PERMIT_RECORDS, "permit_area")
ROW, FILE = "#row", "#file"


def make_age_coder(work: DerivationTask, source: str, fact: str) -> ValueCoder:
    """A date (or its text) → the whole number that the plain path derives from it."""

    def read(value: Any) -> int | FactFault:
        situation, faults = work.examine_person({source: value})
        return faults[0] if faults else int(situation.derived[fact].value)

    return ValueCoder(read)


def derive_dates(
    work: DerivationTask, people: PartitionPeople, rows: pa.Table, readers: dict[str, ValueCoder]
) -> list[DerivedColumn]:
    """Completed years and whatever else comes from a date of the table of people."""
    columns = []
    for fact, how, _ in work.select_derivations("date"):
        column = DerivedColumn.create_empty(fact, len(people))
        raw = normalize_dates(pl.Series(how.source, rows[how.source]))
        numbers = readers[fact.id].code_series(raw, pl.Int64)
        column.known[:] = numbers.is_not_null().to_numpy()
        column.values[:] = numbers.fill_null(0).to_numpy()
        for at in (numbers.is_null() & raw.is_not_null()).arg_true().to_list():
            fault = readers[fact.id].find_fault(raw[at])
            if fault:
                _blame_row(people, rows, at, how.source, raw[at], fault)
        columns.append(column)
    return columns


_PLAIN_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def normalize_dates(raw: pl.Series) -> pl.Series:
    """Dates as dates; text as YYYY-MM-DD where a day can be read in it, else as it stands."""
    if raw.dtype.is_temporal():
        return raw.cast(pl.Date)
    words = raw.cast(pl.String)
    odd = ~words.str.contains(_PLAIN_DAY).fill_null(True)
    if odd.any():
        spelled = words.filter(odd).unique()
        days = pl.Series([normalize_day(text) for text in spelled.to_list()], dtype=pl.String)
        words = words.replace(spelled, days)
    return words.set(words == "", None)


def _blame_row(
    people: PartitionPeople, rows: pa.Table, at: int, column: str, value: Any, fault: FactFault
) -> None:
    file, row = rows[FILE][at].as_py(), rows[ROW][at].as_py()
    people.add_fault(at, file, row, column, value, fault)


def derive_permits(
    work: DerivationTask, people: PartitionPeople, rows: pa.Table
) -> list[DerivedColumn]:
    """Whether the permit is valid, since how many months, and where."""
    nobody = NO_PERMIT_COLUMN in rows.column_names
    columns = [
        DerivedColumn.create_empty(
            fact, len(people), may_not_apply=nobody and how.measure == "permit_area"
        )
        for fact, how, _ in work.select_derivations("permit")
    ]
    if not columns:
        return columns
    issued, until = (_read_days(rows, f"permit_{name}") for name in PERMIT_PARTS[:2])
    endorsements, endorsed, odd = _read_endorsements(rows)
    permits = PermitArrays(issued[0], until[0], endorsements, endorsed)
    area, odd_area = _read_areas(work, rows)
    today = to_numpy_day(work.on)
    odd |= issued[1] | until[1] | odd_area | (issued[0] > today) | (until[0] < issued[0])
    odd |= ((endorsements > today) | (endorsements < issued[0][:, None])).any(axis=1)
    none = _flag_no_permit(rows)
    for column, (_, how, _) in zip(columns, work.select_derivations("permit"), strict=True):
        if how.measure == "permit_valid":
            column.values, column.known = permits.flag_valid(work.on)
        elif how.measure == "permit_months":
            column.values, column.known = permits.count_months(work.counting_day)
        else:
            column.values, column.known = area, np.array([a is not None for a in area], np.bool_)
        _fill_without_permit(column, none)
    for at in np.flatnonzero(odd & ~none).tolist():
        _read_odd_permit(work, people, rows, at, columns)
    return columns


def _fill_without_permit(column: DerivedColumn, none: Flags) -> None:
    """Somebody who holds no permit: not valid, no months, and an area does not apply."""
    if column.applies is not None:
        column.applies, column.known = ~none, column.known & ~none
    elif column.fact.type != "choice":
        column.values, column.known = np.where(none, 0, column.values), column.known | none
        if column.fact.type == "bool":
            column.values = column.values.astype(np.bool_)


def _flag_no_permit(rows: pa.Table) -> Flags:
    if NO_PERMIT_COLUMN not in rows.column_names:
        return np.zeros(rows.num_rows, np.bool_)
    marks = pl.Series("", rows[NO_PERMIT_COLUMN]).cast(pl.String)
    yes = [mark for mark in marks.unique().to_list() if mark is not None and read_flag(mark)]
    return np.asarray(marks.is_in(yes).fill_null(False).to_numpy())


def _read_days(rows: pa.Table, name: str) -> tuple[Days, Flags]:
    """A column of dates, and where it holds something that is no plain date."""
    if name not in rows.column_names:
        return np.full(rows.num_rows, NO_DAY), np.zeros(rows.num_rows, np.bool_)
    return _parse_days(normalize_dates(pl.Series(name, rows[name])))


def _parse_days(raw: pl.Series) -> tuple[Days, Flags]:
    days = raw
    if raw.dtype == pl.String:
        shaped = raw.set(~raw.str.contains(_PLAIN_DAY).fill_null(False), None)
        days = shaped.str.to_date("%Y-%m-%d", strict=False)
    inside = days.dt.year().is_between(1900, 2199).fill_null(False)
    days = days.set(~inside, None)
    day_numbers = np.asarray(days.cast(pl.Int32).cast(pl.Int64).fill_null(0).to_numpy())
    is_known = days.is_not_null().to_numpy()
    return np.where(is_known, day_numbers.astype("M8[D]"), NO_DAY), (
        raw.is_not_null() & ~inside
    ).to_numpy()


def _read_endorsements(rows: pa.Table) -> tuple[Days, Flags, Flags]:
    """Endorsements as a matrix, whether they are known, and whose are not plain dates."""
    name, people = "permit_endorsements", rows.num_rows
    if name not in rows.column_names:
        nothing = np.zeros(people, np.bool_)
        return np.full((people, 0), NO_DAY), nothing, nothing.copy()
    lists = split_listed_days(pl.Series(name, rows[name]))
    endorsed = lists.is_not_null().to_numpy()
    lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    flat, strange = _parse_days(normalize_dates(lists.filter(lists.list.len() > 0).explode()))
    owner = np.repeat(np.arange(people), lengths)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    matrix = np.full((people, int(lengths.max(initial=0))), NO_DAY)
    matrix[owner, place] = flat
    odd = np.zeros(people, np.bool_)
    odd[owner[strange | np.isnat(flat)]] = True
    return matrix, endorsed, odd


def split_listed_days(raw: pl.Series) -> pl.Series:
    """A list of days; of a text, its parts between commas or semicolons."""
    if isinstance(raw.dtype, pl.List):
        return raw
    words = raw.cast(pl.String).str.replace_all(r"[\s\[\]]", "").str.replace_all("[;，；]", ",")
    filled = raw.cast(pl.String).str.strip_chars().str.len_chars() > 0
    lists = words.str.split(",").list.eval(pl.element().filter(pl.element() != ""))
    return lists.to_frame("d").select(pl.when(filled).then(pl.col("d")))["d"]


def _read_areas(work: DerivationTask, rows: pa.Table) -> tuple[np.ndarray[Any, Any], Flags]:
    """Where each permit says that its holder lives, and who gives an area that there is not."""
    fact = work.rules.vocabulary.get("permit_area")
    if fact is None or "permit_area" not in rows.column_names:
        return np.full(rows.num_rows, None, object), np.zeros(rows.num_rows, np.bool_)
    words = pl.Series("", rows["permit_area"]).cast(pl.String)
    words = words.set(words == "", None)
    is_area = words.is_in(list(fact.ids)).fill_null(False)
    area = words.set(~is_area, None).to_numpy().astype(object)
    return area, (words.is_not_null() & ~is_area).to_numpy()


def _read_odd_permit(
    work: DerivationTask,
    people: PartitionPeople,
    rows: pa.Table,
    at: int,
    columns: list[DerivedColumn],
) -> None:
    """A permit that is not plain: the plain path reads it, or says what is wrong."""
    given = {}
    for part in PERMIT_PARTS:
        name = f"permit_{part}"
        value = rows[name][at].as_py() if name in rows.column_names else None
        if part == "endorsements" and isinstance(value, str):
            value = split_listed_days(pl.Series([value])).to_list()[0]
        given[part] = None if value == "" else value
    if work.rules.vocabulary.get("permit_area") is None:
        del given["area"]
    situation, faults = work.examine_person({"permit": given})
    for fault in faults:
        name = "permit_" + (fault.path.split(".")[1:2] or ["issued_on"])[0]
        value = rows[name][at].as_py() if name in rows.column_names else None
        _blame_row(people, rows, at, name, _format_value(value), fault)
    for column in columns:
        value = situation.derived[column.fact.id].value if not faults else ABSENT
        column.known[at] = value is not ABSENT and value is not None
        if column.known[at]:
            column.values[at] = value


def _format_value(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return ", ".join(day.isoformat() if isinstance(day, date) else str(day) for day in value)


def read_day_column(rows: pa.Table, name: str) -> pa.Array:
    """A column of dates for the table: text becomes dates, what is no date becomes unknown."""
    days, _ = _parse_days(normalize_dates(pl.Series(name, rows[name])))
    return pa.array(days, pa.date32(), from_pandas=True)
