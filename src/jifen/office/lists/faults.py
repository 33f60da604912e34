"""What the lists refuse, in words for whoever asked."""

from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed
from jifen.office.lists.words import say


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
        say("faults.somebody_else_has_just_acted"),
    )
