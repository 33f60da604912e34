"""Schemas of what is asked after filing: corrections, the expedited lane, rechecks, renewals."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from jifen.office.api.schemas import Points


class ItemAnswer(Schema):
    """What is said in words to an item of the open correction."""

    id: int
    words: str = Field(max_length=2000)


class Resubmission(Schema):
    """The correction goes back. `anyway`: although nothing that was asked for has changed."""

    answers: list[ItemAnswer] = Field(default_factory=list, max_length=200)
    anyway: bool = False


class Ground(Schema):
    """A ground of the expedited lane, and what proves it."""

    id: str
    zh: str
    en: str
    evidence_zh: str
    evidence_en: str


class ExpediteAsked(Schema):
    """The ground, and what it is about."""

    ground: str = Field(max_length=40)
    words: str = Field(max_length=2000)


class ExpediteShown(Schema):
    """A request for the expedited lane. `approved` is null while it waits."""

    id: int
    ground: str
    words: str
    asked_at: datetime
    documents: int
    approved: bool | None
    decided_at: datetime | None
    decision_words: str


class Expedites(Schema):
    """The grounds there are, and what was asked."""

    grounds: list[Ground]
    requests: list[ExpediteShown]


class LineReason(Schema):
    """Why a line of the result is not right."""

    line: str = Field(max_length=60, description="indicator of the result, or 'total'")
    words: str = Field(max_length=2000)


class RecheckAsked(Schema):
    """Reasons by line."""

    reasons: list[LineReason] = Field(max_length=100)


class RecheckShown(Schema):
    """A recheck."""

    id: int
    state: str = Field(description="open, upheld or changed")
    asked_at: datetime
    due_on: date
    reasons: list[dict[str, Any]]
    documents: int
    decided_at: datetime | None
    words: str


class RenewalChoice(Schema):
    """Whether points are renewed each year without asking, where nothing has changed."""

    automatically: bool


class PointsPage(Schema):
    """A page of points; `next` is the cursor of the one after it."""

    items: list[Points]
    next: str | None


class NoticeShown(Schema):
    """A notice of a case. `ready`: its PDF can be fetched."""

    key: UUID
    kind: str
    number: str
    issued_on: date
    since: date | None
    until: date | None
    state: str = Field(description="valid, not_yet, expired or revoked")
    ready: bool
