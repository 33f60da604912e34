"""What casework refuses, in words for whoever asked."""

from collections.abc import Iterable

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
        Text(
            "此案件刚被其他人处理过，您的操作没有执行。请刷新后查看最新情况再操作。",
            "Somebody else has just acted on this case; your act was not done. Reload and look.",
        ),
    )


class SeveralFaults(CaseFault):
    """Several faults of one request, all told at once; the first heads them."""

    def __init__(self, faults: Iterable[CaseFault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.code, first.words, first.place)
