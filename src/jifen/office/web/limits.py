"""How often somebody may ask: counted in the cache that every process of the site shares."""

import hashlib
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

MINUTE = 60


def within(request: HttpRequest, what: str, each: int, all_: int) -> bool:
    """Whether one more request is within `each` a minute for its address, and `all_` for all of
    them together. An address is kept as a hash, for two minutes."""
    hashed = hashlib.sha256(asker_of(request).encode()).hexdigest()[:32]
    minute = int(timezone.now().timestamp()) // MINUTE
    own = _count(f"limit:{what}:{minute}:{hashed}")
    return own <= each and _count(f"limit:{what}:{minute}") <= all_


def _count(key: str) -> int:
    """One more of a minute. Two at once may be counted as one: the bound is against thousands."""
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two
        return 1


def asker_of(request: HttpRequest) -> str:
    """The address that asks, as the library of signing in finds it behind a city's proxy; of IPv6
    the network, as one household has very many addresses."""
    return _network(str(get_adapter().get_client_ip(request)), 32, 64)


def network_of(request: HttpRequest) -> str:
    """The network of an address: enough to recognise, too little to find somebody."""
    return _network(str(get_adapter().get_client_ip(request)), 16, 40)


def _network(address: str, four: int, six: int) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    kept = four if found.version == 4 else six
    return str(ip_network(f"{address}/{kept}", strict=False)).removesuffix("/32")
