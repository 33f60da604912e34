"""Rows are read in portions, so that what is written for each meets no open cursor."""

from threading import Thread

import pytest
from django.db import connection, transaction

from jifen.office.audit import portions
from jifen.office.audit.portions import in_portions
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import name_indexes
from tests.world.office import person


def _elsewhere() -> None:
    """Another process writes."""
    try:
        Person.objects.filter(name_index="elsewhere").update(phone="13800000001")
        Person.objects.update(name_index="elsewhere")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_it_can_be_written_for_each_while_others_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "PORTION", 2)
    made = [person(number, "一二三四五"[number]) for number in range(5)]
    seen = []
    for one in in_portions(Person.objects.order_by("-pk")):
        thread = Thread(target=_elsewhere)
        thread.start()
        thread.join()
        with transaction.atomic():
            Person.objects.filter(pk=one.pk).update(phone="13900000000")
        seen.append(one.pk)
    assert seen == [one.pk for one in reversed(made)]


@pytest.mark.django_db(transaction=True)
def test_what_fits_no_more_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "PORTION", 1)
    for number in range(3):
        person(number, "甲")
    seen = 0
    for _ in in_portions(Person.objects.filter(name_index__in=name_indexes("甲"))):
        seen += 1
        Person.objects.update(name_index="elsewhere")
    assert seen == 1
