"""Pages for those who signed in: who asks, what went wrong, what was done."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import User
from jifen.office.administration.faults import AdministrationFault
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.notices.faults import NoticeFault
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.sheets.batch_reader import BatchFault
from jifen.office.uploads.fault import UploadFault
from jifen.office.web.errors import not_shown
from jifen.office.web.page import page
from jifen.office.web.preferences import preferences
from jifen.office.workshop.faults import NoSuchDraft, StudioFault
from jifen.policy.text import Lang, Text

View = Callable[..., HttpResponse]
WORDS = (
    AdministrationFault,
    CaseFault,
    NoticeFault,
    RegistryFault,
    RoleFault,
    StudioFault,
    UploadFault,
)
"""Faults that carry words for whoever asked."""


def signed_in(view: View) -> View:
    """Only for those who signed in. What is not theirs does not exist (404); a refused act is told
    in words, on the page where it was asked for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except (NoSuchCase, NoSuchDraft, NoSuchUnit) as error:
            raise Http404 from error
        except (*WORDS, BatchFault) as error:
            return _answer(request, error)
        # pages with personal data are nobody else's, on no shared machine either
        response.headers["Cache-Control"] = "private, no-store"
        return response

    found: View = login_required(guarded)
    return found


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    """Back to where it was asked, with the words; nothing was changed."""
    say(request, error.words, bad=True)
    return HttpResponseRedirect(own_path(request, request.headers.get("Referer", "")) or "/my/")


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    """An act that is refused, a file that cannot be shown, or what is not there."""
    if request.method == "POST":
        return _refused(request, error)
    if status := _not_shown(error):
        return not_shown(request, error.words, status)
    raise Http404 from error


def _not_shown(error: Any) -> HTTPStatus | None:
    """The status of a page that says why a file is not shown; None for any other fault."""
    if getattr(error, "is_busy", False):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if error.code in _LOST:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    is_file = isinstance(error, BatchFault | UploadFault) and error.code != _NO_SUCH_PAGE
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_file else None


_NO_SUCH_PAGE, _LOST = "JF-U011", ("JF-U017", "JF-T009")


def own_path(request: HttpRequest, address: str) -> str:
    """The path of an address of this site; '' for any other."""
    base = f"{request.scheme}://{request.get_host()}/"
    return address[len(base) - 1 :] if address.startswith(base) else ""


def say(request: HttpRequest, words: Text, *, bad: bool = False) -> None:
    """Words for the next page."""
    level = messages.ERROR if bad else messages.SUCCESS
    messages.add_message(request, level, words(lang_of(request)))


def lang_of(request: HttpRequest) -> Lang:
    """The language of the page."""
    return preferences(request).lang


def user_of(request: HttpRequest) -> User:
    """Who signed in. The decorator has seen to it that somebody did."""
    user = request.user
    if not isinstance(user, User):
        raise NoSuchCase
    return user


def work_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page with its words of the last act and the token of its forms."""
    said = [(m.level_tag, str(m)) for m in messages.get_messages(request)]
    own = {"said": said, "token": get_token(request), "user": request.user}
    return page(request, template, own | dict(context or {}), status=status, here="my")


def go(where: str) -> HttpResponse:
    """After an act, a page of its own: going back does not act again."""
    return HttpResponseRedirect(where)
