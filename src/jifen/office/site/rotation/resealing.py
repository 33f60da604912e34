"""Sealing values again under the key in use: in portions, while the site runs. A portion is a
transaction, and a row that is written meanwhile keeps the newer value, so that after an
interruption every row is whole and sealed under one of the keys."""

from collections.abc import Callable

from django.db import connection, transaction

from jifen.office.audit.triggers import list_append_only_tables, without_triggers
from jifen.office.site.rotation.sealed_columns import (
    Key,
    SealedColumn,
    list_sealed_columns,
    list_second_factors_to_reseal,
    reseal_second_factor,
)
from jifen.office.site.rotation.stored_files import count_files_sealed_with, reseal_files
from jifen.office.vault.seal import Unreadable

Progress = Callable[[str, int, int], None]
"""Is called with a place, how many of it are done, and how many there were to do."""

PORTION = 25
"""Rows at a time: a sealed workbook is many megabytes."""


def reseal_all(current: str, progress: Progress) -> tuple[int, list[str]]:
    """How many values were sealed anew, and what could not be opened, in words."""
    resealed, unreadable = 0, list[str]()
    append_only = list_append_only_tables(connection)
    for column in list_sealed_columns():
        locked = (column.table,) if column.table in append_only else ()
        first, _ = _reseal_column(column, current, locked, progress)
        # what a process wrote that read the file of keys late, and what cannot be opened
        late, unreadable_now = _reseal_column(column, current, locked, progress)
        resealed, unreadable = resealed + first + late, unreadable + unreadable_now
    for reseal_others in (_reseal_second_factors, _reseal_stored_files):
        count, unreadable_now = reseal_others(current, progress)
        resealed, unreadable = resealed + count, unreadable + unreadable_now
    return resealed, unreadable


def count_sealed_with(name: str) -> int:
    """How many values are sealed with a key."""
    in_columns = sum(column.count_sealed_with(name) for column in list_sealed_columns())
    return (
        count_files_sealed_with(name)
        + in_columns
        + sum(_is_sealed_with(name, factor.data) for factor in list_second_factors_to_reseal(""))
    )


def _is_sealed_with(name: str, data: dict[str, object]) -> bool:
    return any(str(text).startswith(f"{name}.") for text in data.values())


def _reseal_column(
    column: SealedColumn, current: str, locked: tuple[str, ...], progress: Progress
) -> tuple[int, list[str]]:
    """`locked`: the table, where its triggers refuse changes; they are away within a portion."""
    total, looked_at, resealed = column.count_to_reseal(current), 0, 0
    last: Key | None = None
    unreadable: list[Key] = []
    while rows := column.list_rows_to_reseal(current, last, PORTION):
        with transaction.atomic(), without_triggers(connection, locked):
            for key, text in rows:
                try:
                    resealed += column.reseal_row(key, text)
                except Unreadable:
                    unreadable.append(key)
        last, looked_at = rows[-1][0], looked_at + len(rows)
        progress(column.place, looked_at, max(total, looked_at))
    return resealed, _describe_unreadable(column.place, unreadable)


def _reseal_second_factors(current: str, progress: Progress) -> tuple[int, list[str]]:
    rows, resealed, unreadable = list_second_factors_to_reseal(current), 0, list[Key]()
    for number, factor in enumerate(rows, 1):
        try:
            resealed += reseal_second_factor(factor.pk, current)
        except Unreadable:
            unreadable.append(factor.pk)
        progress("second factors", number, len(rows))
    return resealed, _describe_unreadable("second factors", unreadable)


def _reseal_stored_files(_: str, progress: Progress) -> tuple[int, list[str]]:
    return reseal_files(progress)


def _describe_unreadable(place: str, keys: list[Key]) -> list[str]:
    if not keys:
        return []
    listed = ", ".join(str(key) for key in keys[:5]) + (" …" if len(keys) > 5 else "")
    if place == "session":
        return []  # whoever has one that cannot be opened signs in again
    return [f"{place}: {len(keys)} rows cannot be opened ({listed}); they are left as they are"]
