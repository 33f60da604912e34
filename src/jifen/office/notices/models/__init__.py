"""The models of notices."""

from jifen.office.notices.models.lookups import Checker, LookUp
from jifen.office.notices.models.notice import (
    Cursor,
    Notice,
    NoticeKind,
    Removed,
    Revocation,
    RevocationReason,
)
from jifen.office.notices.models.series import Series
from jifen.office.notices.models.share import Opening, Share
from jifen.office.notices.models.sheet import Printing, Sheet

__all__ = [
    "Checker",
    "Cursor",
    "LookUp",
    "Notice",
    "NoticeKind",
    "Opening",
    "Printing",
    "Removed",
    "Revocation",
    "RevocationReason",
    "Series",
    "Share",
    "Sheet",
]
