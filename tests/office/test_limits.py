"""Whose requests are counted together, behind a proxy and without one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.utils import timezone

from jifen.office.notices.rate_limits import _build_cache_key
from jifen.office.site.settings import environment
from jifen.office.web.limits import network_of, within
from tests.world.clock import Clock


@pytest.fixture(autouse=True)
def empty(db: None, clock: Clock) -> Iterator[None]:
    """Nobody is counted yet, and the minute does not end while a test runs."""
    del db, clock
    cache.clear()
    yield
    cache.clear()


def _asks(address: str, visitor: str = "", most: int = 2, all_: int = 100) -> bool:
    headers = {"x-forwarded-for": visitor} if visitor else {}
    request = RequestFactory().post("/", headers=headers, REMOTE_ADDR=address)
    return within(request, "lists", most, all_)


def test_a_household_of_many_addresses_is_one_asker_for_every_limit() -> None:
    assert [_asks(f"2001:db8:1:2::{n}") for n in range(1, 4)] == [True, True, False]
    assert _asks("2001:db8:1:3::1")
    assert [_asks(f"203.0.113.{n}") for n in range(1, 4)] == [True, True, True]


def test_visitors_by_the_old_addresses_are_counted_alone_where_the_server_listens_on_both() -> None:
    assert [_asks(f"::ffff:203.0.113.{n}") for n in range(1, 4)] == [True, True, True]
    assert [_asks("::ffff:198.51.100.9"), _asks("198.51.100.9"), _asks("198.51.100.9")] == [
        True,
        True,
        False,
    ]
    request = RequestFactory().get("/", REMOTE_ADDR="::ffff:198.51.100.9")
    assert network_of(request) == "198.51.0.0/16"


def test_behind_a_proxy_each_visitor_is_counted_alone_and_nobody_chooses_who_they_are(
    settings: Any,
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    claims = [f"198.51.100.{n}, 203.0.113.7" for n in range(3)]
    assert [_asks("10.0.0.1", claim) for claim in claims] == [True, True, False]
    assert _asks("10.0.0.1", "203.0.113.8")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0  # without one, what is claimed counts for nothing
    assert [_asks("203.0.113.9", claim) for claim in claims] == [True, True, False]


def test_all_together_are_bounded_too() -> None:
    assert [_asks(f"203.0.113.{n}", all_=2) for n in range(3)] == [True, True, False]


def test_the_next_minute_counts_anew(clock: Clock) -> None:
    clock.stand_at(59, period=60)
    assert [_asks("203.0.113.7") for _ in range(3)] == [True, True, False]
    clock.go_on(1)
    assert [_asks("203.0.113.7") for _ in range(3)] == [True, True, False]


def test_nobody_finds_an_address_in_the_cache() -> None:
    assert "203.0.113.7" not in _build_cache_key("codes", "203.0.113.7", timezone.now())


def test_the_number_of_proxies_is_said_by_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, many in (("", 0), ("0", 0), ("2", 2)):
        monkeypatch.setenv("JIFEN_PROXIES", given)
        assert environment.read_proxy_count() == many
    for wrong in ("-1", "one", "10"):
        monkeypatch.setenv("JIFEN_PROXIES", wrong)
        with pytest.raises(ImproperlyConfigured, match="how many proxies"):
            environment.read_proxy_count()
