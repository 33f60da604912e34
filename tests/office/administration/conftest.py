"""A small city with its administrators."""

from collections.abc import Iterator

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.administration.calendar_years import forget_years
from jifen.office.administration.districts import forget_districts
from tests.world.office import staff


@pytest.fixture(autouse=True)
def shipped_calendar() -> Iterator[None]:
    """Each test begins and ends with the calendar and the districts that Jifen ships."""
    forget_years()
    forget_districts()
    yield
    forget_years()
    forget_districts()


@pytest.fixture
def city_admin(db: None, monkeypatch: pytest.MonkeyPatch) -> User:
    """The administrator of Shanghai, who signs in without a second factor."""
    del db
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return staff("cityadmin", "city_admin")


@pytest.fixture
def browser(city_admin: User) -> Client:
    """The administrator, signed in."""
    client = Client()
    client.force_login(city_admin)
    return client
