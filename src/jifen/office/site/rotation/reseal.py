"""Seal anew, under the key in use, what is sealed with an older one: in portions, while the site
runs. A portion is a transaction, and a row that somebody writes meanwhile is left as they wrote it;
so whoever is stopped in the middle leaves every row whole, under one key or the other."""

from collections.abc import Callable

from django.db import transaction

from jifen.office.site.rotation.places import (
    Column,
    Key,
    columns,
    replace_second_factor,
    second_factors,
)
from jifen.office.vault.seal import Unreadable

Progress = Callable[[str, int, int], None]
"""Is called with a place, how many of it are done, and how many there were to do."""

PORTION = 25
"""Rows at a time: a sealed workbook is many megabytes."""


def reseal(current: str, progress: Progress) -> tuple[int, list[str]]:
    """How many values were sealed anew, and what could not be opened, in words."""
    done, unreadable = 0, list[str]()
    for column in columns():
        first, _ = _column(column, current, progress)
        # what a process wrote that read the file of keys late, and what cannot be opened
        late, bad = _column(column, current, progress)
        done, unreadable = done + first + late, unreadable + bad
    count, bad = _second_factors(current, progress)
    return done + count, unreadable + bad


def still_sealed_with(name: str) -> int:
    """How many values are sealed with a key."""
    beside = sum(one.sealed_with(name) for one in columns())
    return beside + sum(_is_sealed_with(name, one.data) for one in second_factors(""))


def _is_sealed_with(name: str, data: dict[str, object]) -> bool:
    return any(str(text).startswith(f"{name}.") for text in data.values())


def _column(column: Column, current: str, progress: Progress) -> tuple[int, list[str]]:
    total, seen, done = column.left(current), 0, 0
    last: Key | None = None
    bad: list[Key] = []
    while rows := column.rows(current, last, PORTION):
        with transaction.atomic():
            for key, text in rows:
                try:
                    done += column.replace(key, text)
                except Unreadable:
                    bad.append(key)
        last, seen = rows[-1][0], seen + len(rows)
        progress(column.place, seen, max(total, seen))
    return done, _told(column.place, bad)


def _second_factors(current: str, progress: Progress) -> tuple[int, list[str]]:
    rows, done, bad = second_factors(current), 0, list[Key]()
    for number, one in enumerate(rows, 1):
        try:
            done += replace_second_factor(one.pk, current)
        except Unreadable:
            bad.append(one.pk)
        progress("second factors", number, len(rows))
    return done, _told("second factors", bad)


def _told(place: str, keys: list[Key]) -> list[str]:
    if not keys:
        return []
    shown = ", ".join(str(key) for key in keys[:5]) + (" …" if len(keys) > 5 else "")
    if place == "session":
        return []  # whoever has one that cannot be opened signs in again
    return [f"{place}: {len(keys)} rows cannot be opened ({shown}); they are left as they are"]
