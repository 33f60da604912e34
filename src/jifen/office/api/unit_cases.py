"""The only doors of the API to cases and points: those of the token's unit."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from jifen.office.accounts.models import User
from jifen.office.api.models import Token
from jifen.office.api.schemas import Problem
from jifen.office.casework.access import CaseAccess, access_case, visible_to
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.faults import NoSuchCase
from jifen.office.casework.models import Application, PointsPeriod

FAULTS = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}
"""The answers of every operation that refuses."""


def get_token(request: HttpRequest) -> Token:
    """The token of the request."""
    token: Token = request.auth  # type: ignore[attr-defined] # set by the bearer
    return token


def get_user(request: HttpRequest) -> User:
    """Who made the token: acts are theirs."""
    return get_token(request).user


def list_unit_cases(request: HttpRequest) -> "QuerySet[Application]":
    """The cases of the token's unit."""
    token = get_token(request)
    return visible_to(token.user).filter(unit=token.unit_id)


def access_unit_case(request: HttpRequest, key: UUID, act: str = "") -> CaseAccess:
    """A case of the token's unit only, whatever else its maker may see. Raises NoSuchCase,
    NotAllowed."""
    case = access_case(get_user(request), key)
    if case.application.unit_id != get_token(request).unit_id:
        raise NoSuchCase
    if act:
        case.refuse_unless(act)
    return case


def list_unit_points(request: HttpRequest) -> "QuerySet[PointsPeriod]":
    """The running points whose renewal the token's unit files, by their end."""
    rows = list_running_periods().filter(employer=get_token(request).unit_id)
    rows = rows.select_related("person", "permit", "decision__application__person")
    return rows.order_by("id")


def access_unit_points(request: HttpRequest, pk: int) -> PointsPeriod:
    """Points whose renewal the token's unit files. Raises Http404."""
    period = list_unit_points(request).filter(pk=pk).first() if pk < 2**63 else None
    if period is None:
        raise Http404
    return period
