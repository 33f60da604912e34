"""A table that is made anew keeps its triggers."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from jifen.office.lists.models import PublicList
from tests.office.lists.test_pages import MONDAY
from tests.office.lists.town import Town, steps


@pytest.mark.django_db(transaction=True)
def test_the_triggers_are_there_after_the_signature_grew() -> None:
    call_command("migrate", "lists", "0002", verbosity=0)
    call_command("migrate", "lists", verbosity=0)
    Town().listed()
    steps(MONDAY)
    assert PublicList.objects.count() == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PublicList.objects.update(people=9)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PublicList.objects.all()._raw_delete(connection.alias)
