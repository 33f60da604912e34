"""The operation that checks many notices at once, for schools and offices with their own tokens."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from jifen.office.api.schemas import Problem
from jifen.office.api.words import say
from jifen.office.notices.checkers import (
    MOST,
    LookUpAnswer,
    NoticeQuery,
    find_checker,
    look_up_notices,
)
from jifen.office.notices.models import Checker
from jifen.office.notices.rate_limits import CHECKER, count_checker_misses, must_wait
from jifen.statements.codes import format_code

router = Router()


class CheckerToken(HttpBearer):
    """`Authorization: Bearer jifen_check_…`, given by the city's administrator."""

    def authenticate(self, request: HttpRequest, token: str) -> Checker | None:
        """The school or office, if the token holds."""
        del request
        return find_checker(token)


class PaperAsked(Schema):
    """A paper to be checked."""

    code: str = Field(min_length=1, max_length=40, examples=["7K3M-9QXD-2V0R"])
    name: str = Field("", max_length=60, description="the name on the paper, compared whole")


class PapersAsked(Schema):
    """Papers of one purpose. The holders see purpose and asker."""

    purpose: str = Field(
        min_length=2, max_length=100, examples=[say("verify.check_primary_school_2027").zh]
    )
    items: list[PaperAsked] = Field(min_length=1, max_length=MOST)


class PaperFound(Schema):
    """How a paper stands. Of one that is unknown nothing else is told; never the points."""

    code: str
    state: Literal["valid", "not_yet", "expired", "revoked", "unknown"]
    kind: str | None = None
    number: str | None = None
    name: str | None = Field(None, description="masked")
    name_matches: bool | None = Field(None, description="null where no name was given")
    result: str | None = None
    line: str | None = None
    office: str | None = None
    issued_on: date | None = None
    since: date | None = Field(None, description="not_yet before it")
    until: date | None = None
    revoked_on: date | None = None


class PapersFound(Schema):
    """The answers, in the order asked."""

    checked_at: datetime
    items: list[PaperFound]


@router.post(
    "/verify",
    auth=CheckerToken(),
    response={200: PapersFound, 401: Problem, 422: Problem, 429: Problem},
    summary="Check papers by their codes",
    tags=["papers"],
)
def verify_papers(request: HttpRequest, said: PapersAsked) -> Status[Any]:
    """Papers of the asker's own city. Every look-up is kept, and seen by the holder."""
    checker: Checker = request.auth  # type: ignore[attr-defined] # set by the bearer
    now, asker = timezone.now(), f"checker-{checker.pk}"
    if must_wait(asker, now, CHECKER):
        raise HttpError(429, "too many codes that do not exist: wait a minute")
    queries = [NoticeQuery(item.code, item.name) for item in said.items]
    answers = look_up_notices(checker, queries, said.purpose, timezone.localtime(now).date())
    count_checker_misses(asker, now, sum(answer.notice_status is None for answer in answers))
    return Status(
        200, {"checked_at": now, "items": [_to_paper_found(answer) for answer in answers]}
    )


def _to_paper_found(answer: LookUpAnswer) -> dict[str, Any]:
    status = answer.notice_status
    if status is None:
        return {"code": answer.query.code, "state": "unknown"}
    return {
        "code": format_code(status.notice.code),
        "state": status.state,
        "kind": status.kind,
        "number": status.number,
        "name": status.name,
        "name_matches": answer.name_matches,
        "result": status.result or None,
        "line": status.line or None,
        "office": status.city + status.office,
        "issued_on": status.issued_on,
        "since": status.since,
        "until": status.until,
        "revoked_on": status.ended_on if status.state == "revoked" else None,
    }
