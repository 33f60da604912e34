"""How often a code may be asked for that there is not: a few times a minute from one network, and
not without end from all together. A code that exists is refused to nobody for what others ask: its
55 bits are not found by trying, whatever the bound of all together.

Counted in the cache that every process of the site shares, by `count` and `counted`, by which other
pages count as well."""

import hashlib
from datetime import datetime

from django.core.cache import cache

EACH, ALL, CHECKER = 20, 2_000, 600
"""Unknown codes in a minute: from one address, altogether, and from one school or office."""
_KEPT = 120
_CODES, EVERYBODY = "codes", "all"


def too_many(asker: str, at: datetime, most: int = EACH) -> bool:
    """Whether an asker has to wait for the next minute."""
    return counted(_CODES, asker, at) >= most


def too_many_altogether(at: datetime) -> bool:
    """Whether nothing is said any more about codes that there are not."""
    return counted(_CODES, EVERYBODY, at) >= ALL


def count_unknown(asker: str, at: datetime) -> None:
    """A visitor asked for a code that there is not."""
    count(_CODES, asker, at)
    count(_CODES, EVERYBODY, at)


def count_of_checker(asker: str, at: datetime, many: int = 1) -> None:
    """A school or office did, under its own name: no visitor waits for it."""
    if many:
        count(_CODES, asker, at, many)


def counted(what: str, who: str, at: datetime) -> int:
    """How many there were in the minute."""
    return int(cache.get(_key(what, who, at), 0))


def count(what: str, who: str, at: datetime, many: int = 1) -> int:
    """So many more; how many there were in the minute. Two at once may be counted as one: a bound
    is against thousands."""
    key = _key(what, who, at)
    if cache.add(key, many, _KEPT):
        return many
    try:
        return int(cache.incr(key, many))
    except ValueError:  # it ended between the two
        cache.set(key, many, _KEPT)
        return many


def _key(what: str, who: str, at: datetime) -> str:
    """Whoever reads the cache finds no address in it."""
    hashed = hashlib.sha256(who.encode()).hexdigest()[:32]
    return f"limit:{what}:{int(at.timestamp()) // 60}:{hashed}"
