"""The models of notices."""

from jifen.office.notices.models.lookups import Checker, LookUp
from jifen.office.notices.models.notice import (
    Cursor,
    Kind,
    Notice,
    Removed,
    Revocation,
    Why,
)
from jifen.office.notices.models.series import Series
from jifen.office.notices.models.share import Opening, Share
from jifen.office.notices.models.sheet import Printing, Sheet

__all__ = [
    "Checker",
    "Cursor",
    "Kind",
    "LookUp",
    "Notice",
    "Opening",
    "Printing",
    "Removed",
    "Revocation",
    "Series",
    "Share",
    "Sheet",
    "Why",
]
