"""A column of months, of bases, of statuses or of schemes → narrow numbers, null where wrong.

Each function also gives the values as a fault tells them and as the plain path reads them.
"""

import polars as pl

from jifen.facts.registers.scalar_reader import BETWEEN, MISSING_BASE
from jifen.facts.registers.value_coder import ValueCoder

CodedColumn = tuple[pl.Series, pl.Series]
_MOST_BASE = 10_000_000
_PLAIN_AMOUNT = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"


def read_month_column(raw: pl.Series, read: ValueCoder) -> CodedColumn:
    """Months as int16 since the year 0, from 'YYYY-MM' or from any day of the month."""
    words = raw.dt.strftime("%Y-%m") if raw.dtype.is_temporal() else raw.cast(pl.String)
    return read.code_series(words, pl.Int16), words


def read_base_column(raw: pl.Series, read: ValueCoder) -> CodedColumn:
    """Bases in fen as int32; MISSING_BASE where none is given.

    Plain amounts are turned to fen at once; whatever else a register holds, the plain path reads.
    """
    number = raw.dtype.is_float() or raw.dtype.is_integer()
    words = raw if number else raw.cast(pl.String)
    fen = _convert_to_fen(words).set(words.is_null(), MISSING_BASE)
    odd = fen.is_null()
    if odd.any():
        fen = fen.scatter(odd.arg_true(), read.code_series(words.filter(odd), pl.Int64))
    return fen.cast(pl.Int32), words


def _convert_to_fen(raw: pl.Series) -> pl.Series:
    """Fen (int64) where an amount is written plainly and in range; null elsewhere."""
    if raw.dtype.is_integer():
        fits = raw.is_between(0, _MOST_BASE).fill_null(False)
        return raw.cast(pl.Int64, strict=False).set(~fits, None) * 100
    if raw.dtype == pl.String:
        raw = raw.set(~raw.str.contains(_PLAIN_AMOUNT).fill_null(False), None)
    yuan = raw.cast(pl.Float64)
    fen = (yuan * 100).round()
    # the float nearest to an amount of two places is that of its own fen ÷ 100, and of no other
    exact = (fen / 100 == yuan) & yuan.is_between(0, _MOST_BASE)
    return fen.set(~exact.fill_null(False), None).cast(pl.Int64)


def read_status_column(raw: pl.Series, read: ValueCoder) -> CodedColumn:
    """Statuses as their place in STATUSES, uint8."""
    words = raw.cast(pl.String)
    return read.code_series(words, pl.UInt8), words


def read_schemes_column(raw: pl.Series, read: ValueCoder) -> CodedColumn:
    """Schemes as bits, uint8, from a list or from a text such as 'pension,medical'."""
    if isinstance(raw.dtype, pl.List):
        raw = raw.cast(pl.List(pl.String)).list.join(BETWEEN, ignore_nulls=False)
    words = raw.cast(pl.String)
    return read.code_series(words, pl.UInt8), words
