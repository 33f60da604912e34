"""What casework refuses, in words for whoever asked."""

from collections.abc import Iterable

from jifen.office.casework.words import say
from jifen.policy.text import Text


class CaseFault(Exception):
    """An act that cannot be done now: what was found, what is to be done. Nothing was changed.

    `place` names the field or the item that it is about, where there is one.
    """

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place


class NoSuchCase(Exception):
    """There is none, or it is not the asker's to know: the two look the same from outside."""


class NotAllowed(CaseFault):
    """The case is visible, the act is somebody else's."""


class ConcurrentChange(CaseFault):
    """Somebody else acted meanwhile."""


def make_concurrent_change() -> ConcurrentChange:
    """The words of it."""
    return ConcurrentChange(
        "JF-K001",
        say("faults.somebody_else_has_just_acted"),
    )


class SeveralFaults(CaseFault):
    """Several faults of one request, all told at once; the first heads them."""

    def __init__(self, faults: Iterable[CaseFault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.code, first.words, first.place)
