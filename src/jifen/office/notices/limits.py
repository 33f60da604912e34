"""How often a code may be asked for that there is not: a few times a minute from one network, and
not without end from all together. A code that exists is refused to nobody for what others ask: its
55 bits are not found by trying, whatever the bound of all together."""

from datetime import datetime

from django.core.cache import cache

EACH, ALL, CHECKER = 20, 2_000, 600
"""Unknown codes in a minute: from one address, altogether, and from one school or office."""
_KEPT = 120
_EVERYBODY = "all"


def too_many(asker: str, at: datetime, most: int = EACH) -> bool:
    """Whether an asker has to wait for the next minute."""
    return bool(cache.get(_key(asker, at), 0) >= most)


def too_many_altogether(at: datetime) -> bool:
    """Whether nothing is said any more about codes that there are not."""
    return bool(cache.get(_key(_EVERYBODY, at), 0) >= ALL)


def count_unknown(asker: str, at: datetime) -> None:
    """A visitor asked for a code that there is not."""
    _one_more(_key(asker, at))
    _one_more(_key(_EVERYBODY, at))


def count_of_checker(asker: str, at: datetime) -> None:
    """A school or office did, under its own name: no visitor waits for it."""
    _one_more(_key(asker, at))


def _one_more(key: str) -> None:
    if not cache.add(key, 1, _KEPT):
        try:
            cache.incr(key)
        except ValueError:  # it ended between the two
            cache.set(key, 1, _KEPT)


def _key(asker: str, at: datetime) -> str:
    return f"codes.{asker}.{int(at.timestamp()) // 60}"
