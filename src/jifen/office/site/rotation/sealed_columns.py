"""Where sealed text stands in the database: sealed fields, sessions and second factors."""

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from jifen.office.accounts.signin import adapters, sessions
from jifen.office.vault.fields import SealedField
from jifen.office.vault.seal import seal, unseal

Key = int | str
Row = tuple[Key, str]
"""The key of a row, and what is sealed in it."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed text. `place`: what the text is bound to."""

    table: str
    key: str
    column: str
    place: str

    def count_sealed_with(self, name: str) -> int:
        """How many rows are sealed with the key of that name."""
        return self._count(f"SELECT count(*) FROM {self._table} WHERE {self._text} LIKE %s", name)

    def count_to_reseal(self, current: str) -> int:
        """How many rows are sealed with another key than the current one."""
        return self._count(f"SELECT count(*) {self._not_like}", current)

    def list_rows_to_reseal(self, current: str, after: Key | None, most: int) -> list[Row]:
        """Rows sealed with another key, some at a time, in the order of their keys."""
        beyond = "" if after is None else f"AND {self._key} > %s"
        params: list[Key] = [f"{current}.%", *([] if after is None else [after])]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self._key}, {self._text} {self._not_like} {beyond} "
                f"ORDER BY {self._key} LIMIT {most}",
                params,
            )
            rows: list[Row] = cursor.fetchall()
        return rows

    def reseal_row(self, key: Key, old: str) -> bool:
        """Seal one row anew, where it still holds what was read: whoever writes meanwhile wins.
        Raises Unreadable."""
        new = seal(unseal(old, self.place), self.place)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._table} SET {self._text} = %s "
                f"WHERE {self._key} = %s AND {self._text} = %s",
                [new, key, old],
            )
            return bool(cursor.rowcount)

    @property
    def _not_like(self) -> str:
        return f"FROM {self._table} WHERE {self._text} <> '' AND {self._text} NOT LIKE %s"

    @property
    def _table(self) -> str:
        return connection.ops.quote_name(self.table)

    @property
    def _key(self) -> str:
        return connection.ops.quote_name(self.key)

    @property
    def _text(self) -> str:
        return connection.ops.quote_name(self.column)

    def _count(self, statement: str, name: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, [f"{name}.%"])
            (count,) = cursor.fetchone()
        return int(count)


def list_sealed_columns() -> Iterator[SealedColumn]:
    """All columns of sealed text."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                key = str(model._meta.pk.column)
                yield SealedColumn(model._meta.db_table, key, str(field.column), field.place)
    yield SealedColumn(Session._meta.db_table, "session_key", "session_data", sessions.PLACE)


def list_second_factors_to_reseal(current: str) -> list[Authenticator]:
    """Second factors with a secret that is sealed with another key."""
    return [
        factor
        for factor in Authenticator.objects.order_by("pk")
        if any(
            not text.startswith(f"{current}.")
            for text in _list_sealed_secrets(factor.data).values()
        )
    ]


def reseal_second_factor(key: int, current: str) -> bool:
    """Seal the secret of one anew, as it is now. Raises Unreadable."""
    with transaction.atomic():
        factor = Authenticator.objects.select_for_update().filter(pk=key).first()
        if factor is None:
            return False
        for name, text in _list_sealed_secrets(factor.data).items():
            if not text.startswith(f"{current}."):
                factor.data[name] = seal(unseal(text, adapters.SECRET), adapters.SECRET)
        factor.save(update_fields=("data",))
    return True


def _list_sealed_secrets(data: dict[str, object]) -> dict[str, str]:
    named = {name: data.get(name) for name in ("secret", "seed")}
    return {name: text for name, text in named.items() if isinstance(text, str)}
