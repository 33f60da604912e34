"""The sign-ins of the sandbox, with the code of the moment; there is no such page elsewhere."""

import time
from datetime import timedelta
from http import HTTPStatus

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jifen.facts.spelling import try_read_day
from jifen.office.messages.models import OutboxSms
from jifen.office.sandbox.cast import OTHERS, PASSWORD, SECRET, STAFF
from jifen.office.sandbox.clock import ClockFault, find_next_april, read_target, send_clock_to
from jifen.office.sandbox.stories import STORIES
from jifen.office.sandbox.words import say
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences


@require_safe
def show_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who can sign in, and how."""
    if settings.JIFEN_MODE != "sandbox":
        raise Http404
    return _show_sandbox(request)


def _show_sandbox(request: HttpRequest, refused: str = "") -> HttpResponse:
    today = timezone.localdate()
    context = {
        "today": today,
        "target": read_target(),
        "choices": [
            (words, day)
            for words, day in (
                (say("views.a_day"), today + timedelta(days=1)),
                (say("views.a_week"), today + timedelta(days=7)),
                (say("views.next_april"), find_next_april(today)),
            )
        ],
        "refused": refused,
        "typed": request.POST.get("day", ""),
        "token": get_token(request),
        "staff": STAFF,
        "others": OTHERS,
        "password": PASSWORD,
        "code": compute_current_code(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    response = page(request, "sandbox/sandbox.html", context, status=status)
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


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Send the clock to a day; the worker takes it there."""
    if settings.JIFEN_MODE != "sandbox":
        raise Http404
    try:
        send_clock_to(try_read_day(request.POST.get("day", "").strip()))
    except ClockFault as fault:
        return _show_sandbox(request, fault.words(preferences(request).lang))
    return HttpResponseRedirect(reverse("sandbox"))


@require_safe
def show_stories(request: HttpRequest) -> HttpResponse:
    """What each role does, in five clicks."""
    if settings.JIFEN_MODE != "sandbox":
        raise Http404
    return page(request, "sandbox/stories.html", {"stories": STORIES})
