"""The sign-ins of the sandbox, with the code of the moment; there is no such page elsewhere."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.office.messages.models import OutboxSms
from jifen.office.sandbox.cast import OTHERS, PASSWORD, SECRET, STAFF
from jifen.office.web.page import page


@require_safe
def show_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who can sign in, and how."""
    if settings.JIFEN_MODE != "sandbox":
        raise Http404
    context = {
        "staff": STAFF,
        "others": OTHERS,
        "password": PASSWORD,
        "code": compute_current_code(),
    }
    response = page(request, "sandbox/sandbox.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def compute_current_code() -> str:
    """The one-time code of every member of the staff, now."""
    value = hotp_value(SECRET, int(time.time()) // 30)
    return str(format_hotp_value(value))


@require_safe
def show_phones(request: HttpRequest) -> HttpResponse:
    """What the embedded SMS channel sent, as phones show it."""
    if settings.JIFEN_MODE != "sandbox":
        raise Http404
    rows = OutboxSms.objects.order_by("-id")[:200]
    phones: dict[str, list[OutboxSms]] = {}
    for sms in rows:
        phones.setdefault(sms.phone, []).append(sms)
    response = page(request, "sandbox/phone.html", {"phones": phones})
    response.headers["Cache-Control"] = "no-store"
    return response
