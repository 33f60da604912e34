"""Limits on asking for codes that do not exist: a few a minute from one network, and one for all
networks together. A code that exists is shown to everybody even beyond the common bound, since its
55 bits cannot be found by trying.

Counts stand in the cache that all processes of the site share. Other pages use `add_count` and
`read_count` as well."""

import hashlib
from datetime import datetime

from django.core.cache import cache

EACH, ALL, CHECKER = 20, 2_000, 600
"""Unknown codes in a minute: from one address, altogether, and from one school or office."""
_CACHE_SECONDS = 120
_CODES, EVERYBODY = "codes", "all"


def must_wait(asker: str, at: datetime, most: int = EACH) -> bool:
    """Whether an asker has to wait for the next minute."""
    return read_count(_CODES, asker, at) >= most


def must_all_wait(at: datetime) -> bool:
    """Whether all networks together asked for so many unknown codes that no answer is given."""
    return read_count(_CODES, EVERYBODY, at) >= ALL


def count_unknown_code(asker: str, at: datetime) -> None:
    """Count that a visitor asked for a code that does not exist."""
    add_count(_CODES, asker, at)
    add_count(_CODES, EVERYBODY, at)


def count_checker_misses(asker: str, at: datetime, misses: int = 1) -> None:
    """Count unknown codes of a school or office under its own name, so that no visitor waits."""
    if misses:
        add_count(_CODES, asker, at, misses)


def read_count(subject: str, asker: str, at: datetime) -> int:
    """How many were counted in the minute."""
    return int(cache.get(_build_cache_key(subject, asker, at), 0))


def add_count(subject: str, asker: str, at: datetime, amount: int = 1) -> int:
    """Add to the count of the minute and return it. Two at the same moment may be counted as one:
    the bound is against thousands."""
    key = _build_cache_key(subject, asker, at)
    if cache.add(key, amount, _CACHE_SECONDS):
        return amount
    try:
        return int(cache.incr(key, amount))
    except ValueError:  # it ended between the two
        cache.set(key, amount, _CACHE_SECONDS)
        return amount


def _build_cache_key(subject: str, asker: str, at: datetime) -> str:
    """Whoever reads the cache finds no address in it."""
    hashed = hashlib.sha256(asker.encode()).hexdigest()[:32]
    return f"limit:{subject}:{int(at.timestamp()) // 60}:{hashed}"
