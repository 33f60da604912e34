"""The steps of the migrations that seal what an earlier release kept plain, and the way back."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from jifen.office.audit.triggers import list_append_only_tables, without_triggers
from jifen.office.casework.models import Edit, Item
from jifen.office.casework.retention import APPEND_ONLY
from jifen.office.vault import sealing_migration
from jifen.office.vault.sealing_migration import open_columns, seal_columns
from tests.world.office import Office

pytestmark = pytest.mark.django_db
ITEM = ("casework", "item")


class _Schema:
    """As much of a schema editor as the steps use."""

    connection = connection


def _read_rows(table: str, *columns: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
        return list(cursor.fetchall())


def test_rows_are_opened_and_sealed_again_without_a_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing_migration, "PORTION", 3)
    case = Office().submitted()
    before = [(i.fact, i.conflict, i.found, i.given, i.typed, i.words) for i in case.items.all()]
    fields = ("given", "typed", "words")
    open_columns(apps, _Schema, ITEM, *fields)
    plain = _read_rows("casework_item", "given", "typed")
    assert [json.loads(given) for given, _ in plain] == [given for _, _, _, given, _, _ in before]
    assert not any(str(typed).startswith("k1.") for _, typed in plain)
    seal_columns(apps, _Schema, ITEM, *fields)
    assert all(
        given == "" or given.startswith("k1.")
        for given, _ in _read_rows("casework_item", "given", "typed")
    )
    after = [
        (i.fact, i.conflict, i.found, i.given, i.typed, i.words)
        for i in Item.objects.filter(application=case)
    ]
    assert after == before


def test_rows_that_are_only_added_keep_their_triggers() -> None:
    case = Office().submitted()
    typed = list(Edit.objects.filter(application=case).values_list("typed", flat=True))
    assert set(APPEND_ONLY) <= list_append_only_tables(connection)
    with without_triggers(connection, ("casework_edit",)):
        open_columns(apps, _Schema, ("casework", "edit"), "typed")
        seal_columns(apps, _Schema, ("casework", "edit"), "typed")
    assert list(Edit.objects.filter(application=case).values_list("typed", flat=True)) == typed
    assert set(APPEND_ONLY) <= list_append_only_tables(connection)
