"""What the tests of the office share."""

import pytest
from django.test import Client

import tests.world.settings as settings_of_tests  # isort: skip
from tests.world.budgets import empty_budgets
from tests.world.clock import clock
from tests.world.database import flush_past_triggers, history, own_keys, watched_changes

__all__ = [
    "clock",
    "empty_budgets",
    "flush_past_triggers",
    "history",
    "own_keys",
    "watched_changes",
]


def pytest_configure(config: pytest.Config) -> None:
    settings_of_tests.refuse_unmarked_tests(config)


@pytest.fixture
def visitor(db: None) -> Client:
    """A visitor whose forms are checked as in service; an error of a page is raised."""
    del db
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def shown_errors(db: None) -> Client:
    """A visitor who sees error pages instead of exceptions."""
    del db
    return Client(raise_request_exception=False)
