"""Whoever reads the database or the folder of documents reads nothing about a person."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Model

from jifen.office.casework.models import Decision, Item
from jifen.office.messages.models import Message
from jifen.office.notices.actions import issuance, printing
from jifen.office.notices.models import Notice
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import name_indexes
from jifen.office.vault.fields import SealedField
from tests.world.office import Office, identity, person

pytestmark = pytest.mark.django_db

NAME = "欧阳海棠"


def _read_every_text() -> Iterator[tuple[str, str]]:
    """Each value of each column of each table, as the database holds it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", str(value)


def test_no_table_and_no_file_says_who_a_person_is_or_what_they_claimed() -> None:
    office = Office()
    Person.objects.filter(pk=office.person.pk).update(name=NAME)
    office.person.refresh_from_db()
    case = office.submitted(education="master")
    office.decided(case)
    notice = issuance.issue_for_decision(Decision.objects.get())
    assert notice is not None
    assert printing.print_due_notices() == 1
    assert ["持有人", NAME] in Notice.objects.get().content["head"]
    marked = (NAME, identity(1), "1990-01-01", '"master"')
    read = [(place, text) for place, text in _read_every_text() for mark in marked if mark in text]
    assert read == []
    folder = Path(storages["documents"].path(""))
    for path in folder.rglob("*"):
        if path.is_file():
            assert NAME.encode() not in path.read_bytes()


def test_every_fact_comes_back_as_it_was() -> None:
    office = Office()
    case = office.submitted(education="master")
    item = Item.objects.get(application=case, fact="education")
    assert item.given == ["master"]
    assert item.found == []
    assert Item.objects.filter(application=case, found=[]).count() == case.items.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT given, found FROM casework_item WHERE id = %s", [item.pk])
        given, found = cursor.fetchone()
    assert given.startswith("k1.")
    assert found == "", "nothing is not sealed, so that rows without a value can be counted"


def test_values_of_every_shape_are_kept() -> None:
    office = Office()
    case = office.submitted()
    item = case.items.first()
    assert item is not None
    values: tuple[Any, ...] = (None, "", "文", 0, False, {"a": [1, None]}, [], [[]], "k1.AAAA")
    for value in values:
        item.typed = value
        item.save(update_fields=("typed",))
        item.refresh_from_db()
        assert (item.typed, type(item.typed)) == (value, type(value))
    assert json.dumps(item.given) == json.dumps(Item.objects.get(pk=item.pk).given)


def test_a_sealed_value_cannot_be_searched_or_compared() -> None:
    for model, name, value in (
        (Person, "name", "王小明"),
        (Item, "found", ["master"]),
        (Message, "params", {"a": 1}),
    ):
        with pytest.raises(TypeError, match="blind index"):
            model.objects.filter(**{name: value}).exists()
        with pytest.raises(TypeError, match="blind index"):
            model.objects.filter(**{f"{name}__contains": value}).exists()


def test_no_query_sorts_or_groups_by_a_sealed_column() -> None:
    """Sorting by sealed text would give an order that means nothing."""
    for model, field in _list_sealed_fields():
        orderings = [str(name).lstrip("-") for name in model._meta.ordering or ()]
        assert field.name not in orderings
        for index in model._meta.indexes:
            assert field.name not in index.fields


def _list_sealed_fields() -> Iterator[tuple[type[Model], SealedField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field


def test_a_person_is_found_by_the_whole_name_however_it_is_written() -> None:
    person(1, "阿卜杜拉·买买提")
    for spelling in ("阿卜杜拉·买买提", "阿卜杜拉• 买买提", "阿卜杜拉.买买提"):
        assert Person.objects.filter(name_index__in=name_indexes(spelling)).exists()
    assert not Person.objects.filter(name_index__in=name_indexes("阿卜杜拉")).exists()


def test_the_index_of_a_name_follows_it() -> None:
    made = person(1, "王小明")
    made.name = "王大明"
    made.save(update_fields=("name", "name_index"))
    assert Person.objects.filter(name_index__in=name_indexes("王大明")).exists()
    assert not Person.objects.filter(name_index__in=name_indexes("王小明")).exists()
