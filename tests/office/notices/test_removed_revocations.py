"""Papers that retention removed before their places were kept."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from jifen.office.audit.triggers import without_triggers
from jifen.office.notices.actions import events
from jifen.office.notices.models import Notice, Printing, Removed
from tests.world.office import Office

pytestmark = pytest.mark.django_db


def test_the_gaps_in_the_places_are_taken_for_removed_papers() -> None:
    office = Office()
    office.decided(office.submitted())
    events.issue_for_case_events()
    first, last = Notice.objects.order_by("pk")
    with without_triggers(connection, ("notices_notice",)):
        Printing.objects.all().delete()
        first.delete()
    step: Any = import_module("jifen.office.notices.migrations.0004_removed")
    step._gaps(apps, None)
    assert list(Removed.objects.values_list("place", flat=True)) == list(range(1, last.pk))
