"""Operations on points and their renewal."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from jifen.office.api.case_descriptions import describe_case, describe_points, to_json
from jifen.office.api.idempotency import answer_once
from jifen.office.api.request_schemas import PointsPage, RenewalChoice
from jifen.office.api.routes import PAGE, read_cursor
from jifen.office.api.schemas import Shown
from jifen.office.api.tokens import READ, WRITE
from jifen.office.api.unit_cases import (
    FAULTS,
    access_unit_case,
    access_unit_points,
    get_token,
    get_user,
    list_unit_points,
)
from jifen.office.casework.actions import drafts
from jifen.office.casework.renewal.creation import begin_renewal
from jifen.office.web.data_access import log_look

router = Router()


@router.get("/points", response={200: PointsPage, **FAULTS}, auth=READ)
def list_points(request: HttpRequest, after: str = "", limit: int = PAGE) -> dict[str, Any]:
    """Running points of the unit's staff. `after`: the cursor of the page before."""
    unit = get_token(request).unit
    log_look(request, f"unit:{unit.pk}", "points of staff", city=unit.city, by=get_user(request))
    rows = list_unit_points(request)
    if after:
        rows = rows.filter(pk__gt=read_cursor(after))
    size = min(max(limit, 1), 200)
    periods = list(rows[: size + 1])
    next_cursor = str(periods[size - 1].pk) if len(periods) > size else None
    return {"items": [describe_points(period) for period in periods[:size]], "next": next_cursor}


@router.post(
    "/points/{points}/renewal",
    response={201: Shown, **FAULTS},
    auth=WRITE,
    operation_id="renew",
)
def renew_points(request: HttpRequest, points: int) -> Status[Any]:
    """Begin a renewal: a draft with everything that holds still. With an Idempotency-Key, once."""

    def work() -> tuple[int, dict[str, Any]]:
        period, token = access_unit_points(request, points), get_token(request)
        case = begin_renewal(token.user, period, unit=token.unit, on=timezone.localdate())
        return 201, to_json(describe_case(access_unit_case(request, case.application.key)))

    return Status(*answer_once(request, work))


@router.put(
    "/applications/{key}/renewal-choice",
    response={200: Shown, **FAULTS},
    auth=WRITE,
    operation_id="choose_renewal",
)
def choose_renewal(request: HttpRequest, key: UUID, body: RenewalChoice) -> dict[str, Any]:
    """Whether the points are renewed each year without asking, where nothing has changed."""
    case = access_unit_case(request, key, "choose_renewal")
    drafts.choose_renewal(case, automatically=body.automatically)
    return describe_case(access_unit_case(request, key))
