"""For migrations: sealing what a column holds in plain text, and opening it on the way back."""

import json
from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython

from jifen.office.vault.fields import SealedField, SealedJSONField
from jifen.office.vault.seal import seal, unseal

PORTION = 500
"""Rows at a time."""

Rewrite = Callable[[SealedField, str], str | None]
"""The text of a field as it is to stand from now on."""


def seal_columns(apps: Any, schema: Any, model: tuple[str, str], *names: str) -> None:
    """Seal these fields of all rows of a model (app, name), which are sealed fields already but
    whose rows still hold plain text or JSON."""
    _rewrite_columns(apps, schema, model, names, _seal_plain)


def open_columns(apps: Any, schema: Any, model: tuple[str, str], *names: str) -> None:
    """The way back: plain text again, before the fields are plain fields."""
    _rewrite_columns(apps, schema, model, names, _open_sealed)


def _seal_plain(field: SealedField, text: str) -> str | None:
    if isinstance(field, SealedJSONField):
        prepared: str | None = field.get_prep_value(json.loads(text))
        return prepared
    return seal(text, field.place) if text else ""


def _open_sealed(field: SealedField, text: str) -> str | None:
    plain = unseal(text, field.place) if text else ""
    if isinstance(field, SealedJSONField) and not plain:
        return json.dumps(field.get_default())
    return plain


def _rewrite_columns(
    apps: Any, schema: Any, model: tuple[str, str], names: tuple[str, ...], rewrite: Rewrite
) -> None:
    historical_model = apps.get_model(*model)
    fields = [historical_model._meta.get_field(name) for name in names]
    quote = schema.connection.ops.quote_name
    table, key = quote(historical_model._meta.db_table), quote(historical_model._meta.pk.column)
    columns = [quote(field.column) for field in fields]
    select = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} > %s ORDER BY {key}"
    update = f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in columns)}"
    last: Any = -1
    with schema.connection.cursor() as cursor:
        while True:
            cursor.execute(f"{select} LIMIT {PORTION}", [last])
            rows = cursor.fetchall()
            if not rows:
                break
            rewritten = [
                [
                    *(
                        None if text is None else rewrite(field, text)
                        for field, text in zip(fields, texts, strict=True)
                    ),
                    row_key,
                ]
                for row_key, *texts in rows
            ]
            cursor.executemany(f"{update} WHERE {key} = %s", rewritten)
            last = rows[-1][0]
    check_references(schema)


def check_references(schema: Any) -> None:
    """Check now what PostgreSQL would check at the end of the transaction: a later step cannot
    change a table while checks of it are pending."""
    if schema.connection.vendor == "postgresql":
        schema.connection.check_constraints()


def seal_rows(model: tuple[str, str], *names: str) -> RunPython:
    """The step of a migration that seals these fields, after they became sealed fields."""
    return RunPython(
        lambda apps, schema: seal_columns(apps, schema, model, *names),
        lambda apps, schema: open_columns(apps, schema, model, *names),
        elidable=False,
    )
