"""Commenting, replying, supporting, and the links that confirm. What was typed is never lost: a
refused form comes back with it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.models import User
from jifen.office.consultation import days
from jifen.office.consultation.access import public_consultation
from jifen.office.consultation.actions.comments import (
    LONGEST_COMMENT,
    LONGEST_NAME,
    MOST_ATTACHMENTS,
    TypedComment,
    post_comment,
    support_comment,
)
from jifen.office.consultation.actions.confirmations import confirm_link
from jifen.office.consultation.actions.voices import LONGEST_ADDRESS, Voice, voice_of
from jifen.office.consultation.faults import ConsultationFault, refused
from jifen.office.consultation.models import CommentState, Consultation
from jifen.office.consultation.places import list_places, published_policy
from jifen.office.consultation.rules import is_running
from jifen.office.uploads.fault import UploadFault
from jifen.office.web.consultation.published import public_page
from jifen.office.web.limits import within
from jifen.office.web.numbers import whole_number
from jifen.office.web.page import page
from jifen.office.web.signed import go, lang_of
from jifen.policy.text import Text

EACH, ALL = 10, 600
"""Posts of one network address in a minute, and of all together."""
_FIELDS = ("words", "place", "name", "email", "reply_to")


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What a page says after an act."""

    title: Text
    words: Text


POSTED = OutcomeWords(
    Text("意见已公布", "Your comment is published"),
    Text("谢谢。您的意见已显示在草案下面。", "Thank you: it stands under the draft now."),
)
MAILED = OutcomeWords(
    Text("请查收邮件", "Look into your mail"),
    Text(
        "我们向您填写的邮箱发送了一个链接。请在 3 天内打开并确认，之后才会公布或计数。",
        "A link went to the address that you gave. Open it within 3 days and confirm; only then "
        "is anything published or counted.",
    ),
)
SUPPORTED = OutcomeWords(
    Text("支持已计入", "Your support counts"),
    Text("谢谢。每人对一条意见支持一次。", "Thank you. A person supports a comment once."),
)
CONFIRMED = OutcomeWords(
    Text("已确认", "Confirmed"),
    Text("谢谢，已经公布或计入。", "Thank you: it is published or counted now."),
)


def user_or_none(request: HttpRequest) -> User | None:
    """Who signed in, if anybody did."""
    return request.user if isinstance(request.user, User) else None


def refuse_flood(request: HttpRequest) -> None:
    """Raises ConsultationFault where a network address posts too much."""
    if not within(request, "consultation", EACH, ALL):
        raise refused("JF-D012", "source")


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def comment(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form of a comment or a reply."""
    row = public_consultation(key)
    sent = request.POST if request.method == "POST" else request.GET
    typed = {name: sent.get(name, "")[: LONGEST_COMMENT + 200] for name in _FIELDS}
    if request.method != "POST":
        return _form(request, row, typed)
    try:
        refuse_flood(request)
        voice = voice_of(
            user_or_none(request), typed["email"][: LONGEST_ADDRESS + 1], lang_of(request)
        )
        _post(request, row, voice, typed)
    except (ConsultationFault, UploadFault) as fault:
        return _form(request, row, typed, fault)
    done = "posted" if voice.user else "mailed"
    return go(f"{reverse('consultation_done', args=[row.key])}?done={done}")


def _post(request: HttpRequest, row: Consultation, voice: Voice, typed: dict[str, str]) -> None:
    # a form without its end says so; nobody loses the tail of a long text in silence
    words = request.POST.get("words", "")
    reply_to = whole_number(typed["reply_to"]) or 0
    files = [(one.name or "", one.read()) for one in request.FILES.getlist("files") if one.size]
    wanted = TypedComment(words, typed["place"], typed["name"], reply_to)
    post_comment(row, voice, wanted, files)


def _form(
    request: HttpRequest, row: Consultation, typed: dict[str, str], fault: Any = None
) -> HttpResponse:
    lang, number = lang_of(request), whole_number(typed["reply_to"]) or 0
    parent = row.comments.filter(number=number, state=CommentState.SHOWN).first()
    context = {
        "row": row,
        "typed": typed,
        "fault": fault,
        "place_of_fault": getattr(fault, "place", ""),
        "parent": parent,
        "places": list_places(published_policy(row), row.draft.on),
        "is_running": is_running(row, days.today()),
        "user": user_or_none(request),
        "token": get_token(request),
        "longest": LONGEST_COMMENT,
        "longest_name": LONGEST_NAME,
        "most_files": MOST_ATTACHMENTS,
        "lang": lang,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(request, "consultation/comment.html", context, here=row.city, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def support(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Support a comment."""
    row, fault = public_consultation(key), None
    email = request.POST.get("email", "")[: LONGEST_ADDRESS + 1]
    if request.method == "POST":
        try:
            refuse_flood(request)
            voice = voice_of(user_or_none(request), email, lang_of(request))
            support_comment(row, number, voice)
        except ConsultationFault as error:
            fault = error
        else:
            done = "supported" if voice.user else "mailed"
            return go(f"{reverse('consultation_done', args=[row.key])}?done={done}")
    context = {
        "row": row,
        "comment": row.comments.filter(number=number, state=CommentState.SHOWN).first(),
        "number": number,
        "email": email,
        "fault": fault,
        "user": user_or_none(request),
        "token": get_token(request),
        "is_running": is_running(row, days.today()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(request, "consultation/support.html", context, here=row.city, status=status)


_DONE = {"posted": POSTED, "mailed": MAILED, "supported": SUPPORTED, "confirmed": CONFIRMED}


@require_http_methods(["GET", "HEAD"])
@public_page
def done(request: HttpRequest, key: UUID) -> HttpResponse:
    """After an act: what became of it."""
    row = public_consultation(key)
    said = _DONE.get(request.GET.get("done", ""), POSTED)
    return page(request, "consultation/done.html", {"row": row, "said": said}, here=row.city)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, kind: str, key: UUID, token: str) -> HttpResponse:
    """The link of a mail: opening it does nothing, since programs open links too; the button
    does."""
    fault, row = None, None
    is_done = False
    if request.method == "POST":
        try:
            row = confirm_link(kind, key, token)
            is_done = True
        except ConsultationFault as error:
            fault = error
    context = {
        "address": request.path,
        "fault": fault,
        "row": row,
        "is_done": is_done,
        "said": CONFIRMED,
        "token": get_token(request),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    response = page(request, "consultation/confirm.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
