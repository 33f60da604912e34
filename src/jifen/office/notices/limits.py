"""How often a code may be asked for that there is not: a few times a minute from one network, and
not without end from all together. Codes that exist cost nothing, so nobody waits at a window."""

from datetime import datetime

from django.core.cache import cache

EACH, ALL = 20, 2_000
"""Unknown codes in a minute: from one address, and altogether."""
_KEPT = 120


def too_many(asker: str, at: datetime) -> bool:
    """Whether an asker has to wait for the next minute."""
    mine, everybody = _keys(asker, at)
    counts: dict[str, int] = cache.get_many((mine, everybody))
    return counts.get(mine, 0) >= EACH or counts.get(everybody, 0) >= ALL


def count_unknown(asker: str, at: datetime) -> None:
    """A code was asked for that there is not."""
    for key in _keys(asker, at):
        if not cache.add(key, 1, _KEPT):
            try:
                cache.incr(key)
            except ValueError:  # it ended between the two
                cache.set(key, 1, _KEPT)


def _keys(asker: str, at: datetime) -> tuple[str, str]:
    minute = int(at.timestamp()) // 60
    return f"codes.{asker}.{minute}", f"codes.all.{minute}"
