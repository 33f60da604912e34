"""The models of published lists."""

from jifen.office.lists.models.entry import Entry, EntryEvent, State
from jifen.office.lists.models.objection import Objection, ObjectionState
from jifen.office.lists.models.published import PublicList
from jifen.office.lists.models.run import Run, RunPlace

__all__ = [
    "Entry",
    "EntryEvent",
    "Objection",
    "ObjectionState",
    "PublicList",
    "Run",
    "RunPlace",
    "State",
]
