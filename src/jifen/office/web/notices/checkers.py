"""Schools and offices with a token: the city administrator's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jifen.cities import index
from jifen.office.accounts.models import Role
from jifen.office.accounts.roles import list_posts
from jifen.office.notices.checkers import admit_checker, dismiss_checker
from jifen.office.notices.models import Checker
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def checkers(request: HttpRequest) -> HttpResponse:
    """Admit one, or end its token."""
    cities = [p.city for p in list_posts(user_of(request)) if p.role == Role.CITY_ADMIN]
    if not cities:
        raise Http404
    if request.method == "POST":
        _act(request, cities)
        return go("/checkers/")
    rows = Checker.objects.filter(city__in=cities, ended_at__isnull=True)
    context = {
        "rows": rows,
        "cities": [(city, index()[city].label) for city in cities],
        "secret": request.session.pop("secret.checker", ""),
    }
    return work_page(request, "notices/checkers.html", context)


def _act(request: HttpRequest, cities: list[str]) -> None:
    user, post = user_of(request), request.POST
    which = whole_number(post.get("which", ""))
    if post.get("act") == "end" and which is not None:
        row = Checker.objects.filter(city__in=cities, pk=which).first()
        if row:
            dismiss_checker(user, row)
            say(request, Text("令牌已停用。", "The token has ended."))
    elif post.get("act") == "admit" and post.get("city") in cities:
        _, secret = admit_checker(user, post["city"], post.get("name", ""))
        request.session["secret.checker"] = secret
