"""What the lists refuse, in words for whoever asked."""

from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed
from jifen.policy.text import Text


class ListFault(CaseFault):
    """An act on a list that cannot be done; nothing was changed."""


class NotYours(NotAllowed):
    """The list is visible, the act is somebody else's."""


class NoSuchList(NoSuchCase):
    """There is none, or it is not the asker's to know: the two look the same from outside."""


def make_changed_fault() -> ListFault:
    """Somebody else acted meanwhile."""
    return ListFault(
        "JF-Q010",
        Text(
            "此条目刚被其他人处理过，您的操作没有执行。请刷新后再操作。",
            "Somebody else has just acted on this; your act was not done. Reload and look.",
        ),
    )
