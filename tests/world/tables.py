"""The rows of a table as the database holds them, compared and written back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Rows:
    """How a table changed: rows that came or became others by their key, and keys that went."""

    added: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Table:
    """A table with its columns; the key stands first."""

    name: str
    columns: tuple[str, ...]
    counts_up: bool

    def read(self) -> dict[Any, Row]:
        """All rows by their key. On SQLite as stored, without a converter for a declared type; on
        PostgreSQL as the text of the whole row."""
        if connection.vendor == "sqlite":
            columns = ", ".join(f'+"{name}"' for name in self.columns)
            query = f'SELECT {columns} FROM "{self.name}"'
        else:
            query = f'SELECT t."{self.columns[0]}", t::text FROM "{self.name}" t'
        with connection.cursor() as cursor:
            cursor.execute(query)
            return {row[0]: tuple(row) for row in cursor.fetchall()}

    def count(self) -> int:
        """How many rows there are."""
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{self.name}"')
            return int(cursor.fetchone()[0])

    def difference(self, before: Mapping[Any, Row], after: Mapping[Any, Row]) -> Rows:
        """What was done to the table between two readings."""
        return Rows(
            [row for key, row in after.items() if key not in before],
            [row for key, row in after.items() if key in before and before[key] != row],
            [key for key in before if key not in after],
        )

    def apply(self, rows: Rows) -> None:
        """Do it again."""
        key = self.columns[0]
        with connection.cursor() as cursor:
            if rows.removed:
                gone = [(value,) for value in rows.removed]
                cursor.executemany(f'DELETE FROM "{self.name}" WHERE "{key}" = %s', gone)
            if connection.vendor == "sqlite":
                self._apply_values(cursor, rows)
            else:
                self._apply_texts(cursor, rows)

    def _apply_values(self, cursor: Any, rows: Rows) -> None:
        names = ", ".join(f'"{name}"' for name in self.columns)
        places = ", ".join(["%s"] * len(self.columns))
        if rows.added:
            cursor.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({places})', rows.added)
        if rows.changed:
            sets = ", ".join(f'"{name}" = %s' for name in self.columns[1:])
            changed = [(*row[1:], row[0]) for row in rows.changed]
            query = f'UPDATE "{self.name}" SET {sets} WHERE "{self.columns[0]}" = %s'
            cursor.executemany(query, changed)

    def _apply_texts(self, cursor: Any, rows: Rows) -> None:
        key, *others = (f'"{name}"' for name in self.columns)
        for _, text in rows.added:
            cursor.execute(f'INSERT INTO "{self.name}" SELECT (%s::"{self.name}").*', [text])
        for value, text in rows.changed:
            sets = ", ".join(f"{name} = (r).{name}" for name in others)
            query = f'UPDATE "{self.name}" SET {sets} FROM (SELECT %s::"{self.name}" AS r) AS new'
            cursor.execute(f'{query} WHERE "{self.name}".{key} = %s', [text, value])
        if rows.added and self.counts_up:
            sequence = f"""pg_get_serial_sequence('"{self.name}"', '{self.columns[0]}')"""
            most = f'GREATEST((SELECT max({key}) FROM "{self.name}"), nextval({sequence}))'
            cursor.execute(f"SELECT setval({sequence}, {most})")


@cache
def all_tables() -> tuple[Table, ...]:
    """Every table of a model, and of the relations between them."""
    tables = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            fields = model._meta.concrete_fields
            first, *rest = sorted(fields, key=lambda field: not field.primary_key)
            counts_up = first.get_internal_type().endswith("AutoField")
            columns = tuple(str(field.column) for field in (first, *rest))
            tables.append(Table(model._meta.db_table, columns, counts_up))
    return tuple(tables)
