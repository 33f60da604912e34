"""Subscribing to the notices of a city, and leaving with one request."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jifen import cities
from jifen.office.consultation.actions.confirmations import leave_notices
from jifen.office.consultation.actions.subscriptions import subscribe as begin
from jifen.office.consultation.actions.voices import LONGEST_ADDRESS, voice_of
from jifen.office.consultation.faults import ConsultationFault
from jifen.office.web.consultation.opinions import MAILED, refuse_flood
from jifen.office.web.page import page
from jifen.office.web.signed import lang_of


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """A form for an address; a link in a mail confirms it."""
    known, fault, is_mailed = cities.index(), None, False
    sent = request.POST if request.method == "POST" else request.GET
    email, city = sent.get("email", "")[: LONGEST_ADDRESS + 1], sent.get("city", "")
    if city not in known:
        city = next(iter(known))
    if request.method == "POST":
        try:
            refuse_flood(request)
            begin(city, voice_of(None, email, lang_of(request)))
            is_mailed = True
        except ConsultationFault as error:
            fault = error
    context = {
        "cities": [(ident, found.label(lang_of(request))) for ident, found in known.items()],
        "city": city,
        "email": email,
        "fault": fault,
        "is_mailed": is_mailed,
        "said": MAILED,
        "token": get_token(request),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(request, "consultation/subscribe.html", context, status=status)


@csrf_exempt  # a mail program posts it (RFC 8058): the token of the address is the right to do it
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: UUID, token: str) -> HttpResponse:
    """End the notices. A second time changes nothing."""
    fault, is_done = None, False
    if request.method == "POST":
        try:
            leave_notices(key, token)
            is_done = True
        except ConsultationFault as error:
            fault = error
    context = {"fault": fault, "is_done": is_done, "address": request.path}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(request, "consultation/leave.html", context, status=status)
