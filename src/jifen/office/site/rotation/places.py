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
class Column:
    """A column of sealed text. `place`: what the text is bound to."""

    table: str
    key: str
    column: str
    place: str

    def sealed_with(self, name: str) -> int:
        """How many rows are sealed with the key of that name."""
        return self._one(f"SELECT count(*) FROM {self._table} WHERE {self._text} LIKE %s", name)

    def left(self, current: str) -> int:
        """How many rows are sealed with another key than the current one."""
        return self._one(f"SELECT count(*) {self._not_like}", current)

    def rows(self, current: str, after: Key | None, most: int) -> list[Row]:
        """Rows sealed with another key, some at a time, in the order of their keys."""
        beyond = "" if after is None else f"AND {self._key} > %s"
        given: list[Key] = [f"{current}.%", *([] if after is None else [after])]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self._key}, {self._text} {self._not_like} {beyond} "
                f"ORDER BY {self._key} LIMIT {most}",
                given,
            )
            rows: list[Row] = cursor.fetchall()
        return rows

    def replace(self, key: Key, old: str) -> bool:
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

    def _one(self, statement: str, name: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, [f"{name}.%"])
            (count,) = cursor.fetchone()
        return int(count)


def columns() -> Iterator[Column]:
    """All columns of sealed text."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                key = str(model._meta.pk.column)
                yield Column(model._meta.db_table, key, str(field.column), field.place)
    yield Column(Session._meta.db_table, "session_key", "session_data", sessions.PLACE)


def second_factors(current: str) -> list[Authenticator]:
    """Second factors with a secret that is sealed with another key."""
    return [
        one
        for one in Authenticator.objects.order_by("pk")
        if any(not text.startswith(f"{current}.") for text in _secrets(one.data).values())
    ]


def replace_second_factor(key: int, current: str) -> bool:
    """Seal the secret of one anew, as it is now. Raises Unreadable."""
    with transaction.atomic():
        one = Authenticator.objects.select_for_update().filter(pk=key).first()
        if one is None:
            return False
        for name, text in _secrets(one.data).items():
            if not text.startswith(f"{current}."):
                one.data[name] = seal(unseal(text, adapters.SECRET), adapters.SECRET)
        one.save(update_fields=("data",))
    return True


def _secrets(data: dict[str, object]) -> dict[str, str]:
    named = {name: data.get(name) for name in ("secret", "seed")}
    return {name: text for name, text in named.items() if isinstance(text, str)}
