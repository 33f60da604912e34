"""Reports of an SMS gateway on messages, signed with the shared secret instead of a token."""

import hmac
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status

from jifen.office.api.schemas import Problem
from jifen.office.messages.channels.providers import sign_body
from jifen.office.messages.delivery import record_report

router = Router()


class Report(Schema):
    """The outcome of a message; telling it again changes nothing."""

    reference: UUID
    outcome: Literal["delivered", "failed", "unsubscribed"]


def is_signed_by_gateway(request: HttpRequest) -> bool:
    """Whether the body carries the gateway's signature; false where no gateway is set up."""
    secret = settings.JIFEN_SMS_SECRET
    if not secret:
        return False
    signature = request.headers.get("X-Jifen-Signature", "")
    return hmac.compare_digest(signature.encode(), sign_body(secret, request.body).encode())


@router.post(
    "/messages/report",
    auth=is_signed_by_gateway,
    operation_id="jifen_office_api_reports_told",
    response={200: None, 401: Problem, 404: Problem, 422: Problem},
    summary="A gateway tells what became of a message",
    tags=["messages"],
)
def receive_report(request: HttpRequest, said: Report) -> Status[None]:
    """Keep it."""
    del request
    is_known = record_report(str(said.reference), said.outcome)
    if not is_known:
        raise Http404
    return Status(200, None)
