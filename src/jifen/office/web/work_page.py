"""Everything that waits on somebody, on one page; and what waits on others meanwhile."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen.office.accounts.models import User
from jifen.office.accounts.roles import list_posts
from jifen.office.casework.access import visible_to
from jifen.office.casework.assignees import (
    LEADING,
    count_by_kind,
    list_open_rows,
    list_rows_for_user,
    list_rows_of_office,
    order_by_due,
)
from jifen.office.registry.access import list_own_units
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import rule_of
from jifen.office.web.data_access import log_look
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.waiting_labels import shown
from jifen.policy.text import Lang

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 100


@signed_in
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits on whoever asks, oldest due first; on others, of the own cases or of the office
    that one leads."""
    user, lang, today = user_of(request), lang_of(request), timezone.localdate()
    desk = bool(list_posts(user))
    mine = list_rows_for_user(user, today)
    others = order_by_due(_of_others(user).exclude(pk__in=mine.order_by().values("pk")))
    kind, late = request.GET.get("kind", ""), request.GET.get("late") == "1"
    context = {
        "mine": shown(_chosen(mine, kind, late)[:MOST], lang, today, desk=desk),
        "others": shown(_chosen(others, kind, late)[:MOST], lang, today, desk=desk),
        "counts": _counts(mine, lang),
        "counts_of_others": _counts(others, lang),
        "kind": kind if kind in WaitKind.values else "",
        "late": late,
        "most": MOST,
    }
    if context["mine"] or context["others"]:
        log_look(request, f"user:{user.pk}", "list of work")
    return work_page(request, "work/work.html", context)


def _of_others(user: User) -> "QuerySet[Waiting]":
    own = list_posts(user)
    leading = [post for post in own if post.role in LEADING]
    if not own:
        cases = visible_to(user).order_by().values("pk")
        units = [f"unit:{unit.pk}" for unit in list_own_units(user)]
        return list_open_rows().filter(Q(application__in=cases) | Q(subject__in=units))
    rows = Waiting.objects.none()
    for post in leading:
        rows |= list_rows_of_office(post)
    return rows


def _chosen(rows: "QuerySet[Waiting]", kind: str, late: bool) -> "QuerySet[Waiting]":
    if kind in WaitKind.values:
        rows = rows.filter(kind=kind)
    return rows.filter(due_on__lt=timezone.localdate()) if late else rows


def _counts(rows: "QuerySet[Waiting]", lang: Lang) -> list[dict[str, Any]]:
    found = count_by_kind(rows, timezone.localdate())
    return [row | {"what": rule_of(row["kind"]).words(lang)} for row in found]
