"""Stories that are put back: the database is as it was after they were told."""

from typing import Any

import pytest
from django.conf import settings as site
from django.db import transaction
from pytest_django import Settings

from jifen.office.audit.verification import verify_log
from jifen.office.casework.models import Application, State
from tests.world.office import Office, user
from tests.world.snapshots import HISTORY
from tests.world.tables import all_tables

pytestmark = pytest.mark.django_db


def _tables() -> dict[str, Any]:
    return {table.name: table.read() for table in all_tables()}


@pytest.fixture
def told() -> dict[str, Any]:
    """The tables after the story of a decision, as it was told for the first time."""
    HISTORY.recordings.clear()
    with transaction.atomic():
        office = Office()
        office.decided(office.submitted())
        tables = _tables()
        transaction.set_rollback(True)
    HISTORY.begin()
    return tables


def test_a_story_put_back_leaves_what_it_left(told: dict[str, Any]) -> None:
    recorded = dict(HISTORY.recordings)
    office = Office()
    case = office.decided(office.submitted())
    assert HISTORY.recordings == recorded  # nothing was told anew
    assert _tables() == told
    assert case.state == State.DECIDED
    assert verify_log()[1] == []


def test_after_a_write_of_the_test_itself_stories_are_told_in_full(told: dict[str, Any]) -> None:
    office = Office()
    user("somebody")
    recorded = len(HISTORY.recordings)
    Application.objects.filter(pk=0).update(number="")
    case = office.decided(office.submitted())
    assert HISTORY.state is None
    assert len(HISTORY.recordings) == recorded
    assert case.state == State.DECIDED
    assert set(told) == set(_tables())


def test_with_another_setting_or_a_patch_stories_are_told_in_full(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JIFEN_ADDRESS = "https://elsewhere.example"
    assert HISTORY.state is None
    HISTORY.begin()
    monkeypatch.setattr("jifen.office.casework.actions.registers.LEASE", None)
    assert HISTORY.state is None


def test_the_settings_of_the_tests_keep_nothing_in_the_checkout() -> None:
    storages: Any = site.STORAGES
    for place in (site.JIFEN_KEYS, storages["documents"]["OPTIONS"]["location"]):
        assert "/var/" not in str(place).replace("/var/folders/", "/")
