"""How often somebody may ask: counted in the cache that every process of the site shares."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

MINUTE = 60


def within(request: HttpRequest, what: str, each: int, all_: int) -> bool:
    """Whether one more request is within `each` a minute for its address, and `all_` for all of
    them together. An address is kept as a hash, for two minutes."""
    address = get_adapter().get_client_ip(request) or "unknown"
    hashed = hashlib.sha256(address.encode()).hexdigest()[:32]
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
