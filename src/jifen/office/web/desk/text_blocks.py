"""The text blocks of an office: written by whoever signs or leads, used by everybody."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.roles import has_post
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.queries import Desk, list_desks
from jifen.office.desk.actions import preferences
from jifen.office.waiting.rules import SIGNERS
from jifen.office.web.desk.queue import choose_desk
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage_text_blocks(request: HttpRequest) -> HttpResponse:
    """The texts of an office; those who sign or lead add and end them."""
    user = user_of(request)
    desks = [desk for desk in list_desks(user) if not desk.department]
    if not desks:
        raise Http404
    desk = choose_desk(request, desks)
    refused = ""
    writes = has_post(user, desk.city, desk.district, *SIGNERS)
    if request.method == "POST":
        if not writes:
            raise Http404
        try:
            _change_text_blocks(request, desk)
            return go(f"{reverse('text_blocks')}?desk={desks.index(desk)}")
        except CaseFault as fault:
            refused = fault.words(lang_of(request))
    blocks = preferences.list_text_blocks(desk.city, desk.district)
    context = {"desks": desks, "chosen": desk, "blocks": blocks, "writes": writes}
    context |= {"refused": refused, "typed": request.POST if refused else {}}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return work_page(request, "desk/text_blocks.html", context, status=status)


def _change_text_blocks(request: HttpRequest, desk: Desk) -> None:
    user, number = user_of(request), whole_number(request.POST.get("end", ""))
    if number is not None:
        preferences.end_text_block(user, desk, number)
        return
    name, words = request.POST.get("name", ""), request.POST.get("words", "")
    preferences.write_text_block(user, desk, name, words)
    say(request, Text("常用语已添加。", "The text was added."))
