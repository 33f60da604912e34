"""Working days of a year: entered by one administrator, confirmed by another."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.actions import CONFIRMING
from jifen.office.administration.calendar_years import decide_year, list_years, propose_year
from jifen.office.administration.faults import AdministrationFault
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, say, signed_in, user_of
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage_calendar(request: HttpRequest) -> HttpResponse:
    """Enter a year, confirm or decline one."""
    list_administered_cities(request, *CONFIRMING)
    refused = None
    if request.method == "POST":
        try:
            _act(request)
        except AdministrationFault as fault:
            refused = fault
        else:
            return go(reverse("calendar_desk"))
    rows = list_years()
    context = {
        "known_until": working_calendar().known_until,
        "waiting": [row for row in rows if row.decided_at is None],
        "decided": [row for row in rows if row.decided_at is not None],
    }
    return show_administration(request, "administration/calendar.html", context, refused)


def _act(request: HttpRequest) -> None:
    post, user = request.POST, user_of(request)
    if post.get("act") in ("confirm", "decline"):
        confirm = post["act"] == "confirm"
        decide_year(user, whole_number(post.get("which", "")) or 0, confirm=confirm)
        say(request, _CONFIRMED if confirm else _DECLINED)
        return
    holidays, working = post.get("holidays", "")[:4000], post.get("working", "")[:2000]
    year = whole_number(post.get("year", ""))
    propose_year(user, year, post.get("notice", ""), holidays, working)
    say(request, _PROPOSED)


_PROPOSED = Text(
    "已录入，须由另一名管理员确认后生效。",
    "Entered: another administrator confirms it before it holds.",
)
_CONFIRMED = Text(
    "已确认，此后计算的期限按此安排。", "Confirmed: deadlines counted from now on follow it."
)
_DECLINED = Text("已退回，没有改动。", "Declined: nothing was changed.")
