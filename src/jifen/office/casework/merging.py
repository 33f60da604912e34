"""Two people change one field of a draft: what becomes of it. Drafts of cases and drafts of
measures follow the same rule."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any


class Merged(StrEnum):
    """What is kept of a field."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    CONFLICT = "conflict"
    """Theirs is kept, and whoever typed the other value is told."""


def merge_field(stored: Any, typed: Any, shown: Callable[[], Any], *, by_another: bool) -> Merged:
    """`stored`: what the field holds now; `typed`: what a page sends; `shown`: what the field held
    when that page was made; `by_another`: whether somebody else changed it since."""
    if typed == stored:
        return Merged.SAME
    if not by_another:
        return Merged.MINE
    return Merged.THEIRS if typed == shown() else Merged.CONFLICT
