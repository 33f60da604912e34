"""At a window: codes by which people prove who they are, and links that are contested."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.roles import list_posts
from jifen.office.registry.actions import ties as acts
from jifen.office.registry.faults import RegistryFault
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ties(request: HttpRequest) -> HttpResponse:
    """Hand over a code, freeze a link that is contested, decide on one that a colleague froze."""
    user, post = user_of(request), request.POST
    if not any(held.role in acts.WINDOW_ROLES for held in list_posts(user)):
        raise Http404
    code, error, place = "", "", ""
    if request.method == "POST":
        try:
            if post.get("act") == "code":
                _, code = acts.hand_over_code(
                    user, post.get("identity", ""), post.get("name", ""), post.get("phone", "")
                )
            else:
                _contest_or_decide(request)
                return go(reverse("ties"))
        except RegistryFault as fault:
            error, place = fault.words(lang_of(request)), fault.place
    context = {
        "code": code,
        "error": error,
        "place": place,
        "typed": {} if code else post,
        "contests": acts.list_open_contests(user),
        "decides": any(held.role in acts.DECIDING_ROLES for held in list_posts(user)),
    }
    return work_page(request, "records/ties.html", context, status=422 if error else 200)


def _contest_or_decide(request: HttpRequest) -> None:
    user, post = user_of(request), request.POST
    if post.get("act") == "contest":
        acts.contest_tie(user, post.get("identity", ""), post.get("words", ""))
        say(request, _FROZEN)
    elif post.get("act") in ("undo", "keep"):
        undone = post["act"] == "undo"
        contest = whole_number(post.get("contest", "")) or 0
        acts.decide_contest(user, contest, undone=undone, reason=post.get("reason", ""))
        say(request, _UNDONE if undone else _KEPT)
    else:
        words = Text("请选择要办理的事项。", "Choose what is to be done.")
        raise RegistryFault("JF-G046", words, "act")


_FROZEN = Text(
    "绑定已冻结，由另一名复核人员决定。", "The link is frozen; a senior colleague decides on it."
)
_UNDONE = Text(
    "绑定已解除。可以当面向本人发放新的激活码。",
    "The link is undone. A new code can be handed over to the person.",
)
_KEPT = Text("绑定已恢复。", "The link is restored.")
