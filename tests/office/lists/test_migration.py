"""A table that is made anew keeps its triggers."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from jifen.office.audit.triggers import without_triggers
from jifen.office.lists.documents import LIST_SCHEMA, is_genuine
from jifen.office.lists.models import PublicList
from jifen.office.vault.signing import get_signer
from tests.world.town import MONDAY, Town, run_daily_steps


@pytest.mark.django_db(transaction=True)
def test_the_triggers_are_there_after_the_signature_grew() -> None:
    call_command("migrate", "lists", "0002", verbosity=0)
    call_command("migrate", verbosity=0)  # those that depend on it went back as well
    Town().listed()
    run_daily_steps(MONDAY)
    assert PublicList.objects.count() == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PublicList.objects.update(people=9)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PublicList.objects.all()._raw_delete(connection.alias)


@pytest.mark.django_db
def test_a_list_of_before_still_holds_and_promises_nothing() -> None:
    """Signed with the key of the log, as lists were."""
    Town().listed()
    run_daily_steps(MONDAY)
    row = PublicList.objects.get()
    old = get_signer()
    row.key_id = old.key_id
    row.signature = old.sign(f"{LIST_SCHEMA}\n{row.digest}".encode()).hex()
    assert not row.is_checkable
    assert is_genuine(row)
    row.document = row.document.replace("140", "141")
    assert not is_genuine(row)
    with without_triggers(connection, ("lists_publiclist",)):
        PublicList.objects.update(signature=row.signature, key_id=row.key_id)
    page = Client().get("/chengdu/lists/1").content.decode()
    assert "jifen verify" not in page
    assert Client().get("/chengdu/lists/1.jwt").status_code == 404
