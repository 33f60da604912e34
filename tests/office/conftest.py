"""What the tests of the office share."""

import os

import pytest
from django.test import Client

from tests.office.clock import clock
from tests.office.database import flush_past_triggers, own_keys

__all__ = ["clock", "flush_past_triggers", "own_keys"]

# Templates are Jinja's with StrictUndefined: an undefined name fails without pytest-django's help,
# which would hand its own option of the Django engine to Jinja.
os.environ.pop("FAIL_INVALID_TEMPLATE_VARS", None)


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
