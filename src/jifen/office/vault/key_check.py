"""Whether the keys of this installation are there, and open what is sealed in its database."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from jifen.office.vault.fields import SealedField
from jifen.office.vault.keys import keys
from jifen.office.vault.seal import Unreadable, unseal

_BATCH_SIZE = 25
"""Rows at a time: a sealed workbook is many megabytes."""


def find_key_faults() -> Iterator[str]:
    """What is missing or does not fit, one sentence each. No key is made on the way."""
    sealed = list(_list_sealed_fields())
    if not Path(settings.JIFEN_KEYS).exists():
        if any(_read_sealed_values(field) for field in sealed):
            yield f"keys: {settings.JIFEN_KEYS} is missing; restore it from its backup"
        return
    try:
        keys()
    except ImproperlyConfigured as error:
        yield f"keys: {error}"
        return
    for field in sealed:
        yield from _find_unreadable_rows(field)


def _list_sealed_fields() -> Iterator[SealedField]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield field


def _find_unreadable_rows(field: SealedField) -> Iterator[str]:
    place, unreadable, last_key = field.place, [], 0
    while rows := _read_sealed_values(field, last_key):
        for key, value in rows:
            try:
                unseal(value, place)
            except Unreadable:
                unreadable.append(key)
        last_key = rows[-1][0]
    if unreadable:
        shown = ", ".join(map(str, unreadable[:5])) + (" …" if len(unreadable) > 5 else "")
        yield f"keys: {place} cannot be opened in {len(unreadable)} rows ({shown}) with {_NAME}"


_NAME = "the keys of JIFEN_KEYS: the file is another one, or the rows were changed"


def _read_sealed_values(field: SealedField, after: int = 0) -> list[tuple[int, str]]:
    """Sealed values as the database holds them, with the keys of their rows, some at a time."""
    quote = connection.ops.quote_name
    table, column = quote(field.model._meta.db_table), quote(str(field.column))
    key = quote(str(field.model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {table} WHERE {column} <> '' AND {key} > %s "
            f"ORDER BY {key} LIMIT {_BATCH_SIZE}",
            [after],
        )
        rows: list[tuple[int, str]] = cursor.fetchall()
    return rows
