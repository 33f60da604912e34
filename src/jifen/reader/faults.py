"""A file that was not read, and why."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a file was not read. What is `given` beside it stands in brackets."""

    DAMAGED = "damaged"
    PIXELS = "pixels"  # most
    NO_PAGE = "no_page"
    PAGES = "pages"  # pages, most
    NO_SUCH_PAGE = "no_such_page"  # page, pages
    PASSWORD = "password"
    ACTIVE = "active"  # name
    NESTED = "nested"  # page
    NOT_A_WORKBOOK = "not_a_workbook"
    MACROS = "macros"
    UNPACKED = "unpacked"  # most (bytes)
    ENTRIES = "entries"  # most
    FAR_CELL = "far_cell"  # cell, most
    TEXT = "text"  # most (bytes)
    TOO_SLOW = "too_slow"
    MEMORY = "memory"
    CRASHED = "crashed"
    BUSY = "busy"


ReasonValues = dict[str, int | str]


class RefusedFile(ValueError):
    """A file that was not read. `given`: numbers and names that its words need; never content."""

    def __init__(self, reason: RefusalReason, **given: int | str) -> None:
        super().__init__(reason.value, given)
        self.reason, self.given = reason, given
