"""Schemas of requests and answers. Their class names stand in the published OpenAPI document."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from jifen.office.api.words import say


class ProblemPart(Schema):
    """One of several faults of a request."""

    code: str
    place: str
    title: str


class Problem(Schema):
    """RFC 9457: what is wrong, where, and what to do. `code` is stable."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str = ""
    place: str = Field("", description="the fact, document or field that it is about")
    faults: list[ProblemPart] = Field(
        default_factory=list, description="every fault of the request, where several are looked for"
    )


class NewApplication(Schema):
    """A case to begin."""

    name: str = Field(min_length=1, max_length=60, examples=[say("schemas.liu_xiaoman").zh])
    identity_number: str = Field(
        min_length=15,
        max_length=40,
        examples=["11010519491231002X"],
        description="blanks, full-width characters and a small x are understood",
    )
    phone: str = Field("", max_length=20)
    facts: dict[str, Any] = Field(
        default_factory=dict,
        description="facts by the names of the project's vocabulary; partial and invalid ones stay",
        examples=[{"education": "bachelor_with_degree", "insured_months": 84}],
    )


class Facts(Schema):
    """Facts to change; `null` says that one does not apply."""

    facts: dict[str, Any]


class FactShown(Schema):
    """A fact of a case: what is claimed, whether it may be changed now, what the office found."""

    fact: str
    zh: str
    en: str
    value: Any = None
    may_change: bool
    finding: str = Field(description="open, confirmed, corrected or rejected")
    confirmed: Any = None
    reason: str = ""
    words: str = ""


class FactsShown(Schema):
    """The facts of a case. `facts` can be sent back as it is."""

    revision: int
    facts: dict[str, Any]
    items: list[FactShown]
    faults: list["Fault"] = Field(description="values that cannot be read, each with its place")


class Conflicting(Schema):
    """Somebody else changed the fact meanwhile; theirs was kept."""

    fact: str
    by: str


class Saved(Schema):
    """After a change of facts."""

    revision: int
    conflicts: list[Conflicting]
    faults: list["Fault"] = Field(description="values that cannot be read; they are kept")


class Fault(Schema):
    """Something that is wrong or missing, with its place."""

    code: str
    place: str
    zh: str
    en: str


class Amounts(Schema):
    """What a result amounts to. `number` is null where a veto or a condition decides; `over` and
    `lacking` are distances to the line."""

    state: str = Field(description="vetoed, refused, reached, below or open")
    number: float | None
    over: float | None
    lacking: float | None
    zh: str
    en: str


class Decided(Schema):
    """A signed decision."""

    outcome: str
    total: float
    on: date
    policy: str
    policy_version: str
    policy_hash: str
    signed_at: datetime
    standing: Amounts
    result: dict[str, Any] = Field(description="schema jifen.assessment.v1")


class Asked(Schema):
    """One item of a correction: a fact or a document, the reason, and what came back."""

    id: int
    kind: str = Field(description="fact or material")
    key: str = Field(description="the fact, or the document")
    zh: str
    en: str
    reason: str
    reason_zh: str
    reason_en: str
    words: str = Field(description="the clerk's own words")
    documents: list[str] = Field(description="documents that may be uploaded for it")
    before: Any = None
    after: Any = None
    answer: str


class CorrectionShown(Schema):
    """A correction. `due_on`: the last day; then the case lapses."""

    number: int
    state: str = Field(description="open, answered, lapsed or ended")
    asked_at: datetime
    due_on: date
    ended_at: datetime | None
    words: str
    items: list[Asked]


class Points(Schema):
    """Points that the unit of the token renews."""

    id: int
    case: UUID = Field(description="the case that they come from")
    name: str
    since: date
    until: date | None
    may_renew: bool
    renew_from: date | None
    zh: str = Field(description="what comes first, in words")
    en: str


class Shown(Schema):
    """A case."""

    key: UUID
    kind: str = Field(description="first or renewal")
    number: str | None
    city: str
    district: str
    name: str
    state: str
    due_on: date | None
    revision: int
    version: int
    acts: list[str] = Field(
        description="what may be done now: each is the operationId of an operation of this document"
    )
    lacking: list[Fault]
    correction: CorrectionShown | None = Field(description="the one that is open")
    decision: Decided | None
    points: Points | None = Field(description="the points of the decision, where this unit renews")


class Listed(Schema):
    """A case in a list."""

    key: UUID
    number: str | None
    state: str
    due_on: date | None


class Page(Schema):
    """A page; `next` is the cursor of the one after it."""

    items: list[Listed]
    next: str | None


class Version(Schema):
    """A file of a document."""

    number: int
    sha256: str
    pages: int
    at: datetime


class Wanted(Schema):
    """A document that is asked for."""

    id: str
    zh: str
    en: str
    required: bool
    uploaded: int
    versions: list[Version]


class Uploaded(Schema):
    """A file that was taken, or taken back."""

    number: int
    sha256: str
    pages: int


class Happened(Schema):
    """One line of the history."""

    id: int
    at: datetime
    act: str


class RouteWanted(Schema):
    """Somebody's facts, and what is asked of the years ahead. Nothing of it is stored."""

    city: str = Field(
        "", max_length=40, description="the first city where left out", examples=["shanghai"]
    )
    cities: list[str] = Field(
        default_factory=list,
        max_length=10,
        description="several cities side by side, in place of `city`; records are taken as of "
        "each, as if they had always been there",
    )
    on: date | None = Field(None, description="the first day; today where left out")
    facts: dict[str, Any] = Field(
        default_factory=dict,
        description="facts by the names of the project's vocabulary; what is left out is unknown",
        examples=[{"birth_date": "1990-05-01", "education": "college"}],
    )
    readings: dict[str, str] = Field(
        default_factory=dict, description="a switch of the measure: the reading that is taken"
    )
    version: str = Field(
        "", max_length=40, description="a version, for every day; the one in force where left out"
    )
    pays: float | None = Field(
        None, ge=0, le=10, description="contributions from now on, in average wages"
    )
    years: int = Field(10, ge=1, le=30)
    moves: int = Field(3, ge=1, le=5, description="at most so many moves in a route")
    without: list[str] = Field(default_factory=list, max_length=40)
    months: dict[str, int] = Field(default_factory=dict, description="a move: what it takes")
    yuan: dict[str, float] = Field(default_factory=dict, description="a move: what it costs")
