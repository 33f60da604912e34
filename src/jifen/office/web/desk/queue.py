"""The queue of a desk: what waits, filtered and sorted, with views of one's own."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.casework.assignees import list_rows_for_user
from jifen.office.casework.queries import Desk, list_desks, list_queue
from jifen.office.desk.absences import list_absences, list_absent_accounts
from jifen.office.desk.actions.notes import list_unread_mentions
from jifen.office.desk.colleagues import (
    list_office_staff,
    list_possible_substitutes,
    list_workers,
    may_assign,
)
from jifen.office.desk.models import Absence, SavedView
from jifen.office.desk.queue import PAGE_ROWS, list_gate_rows, read_filter
from jifen.office.desk.substitutes import list_covered_colleagues, list_covers
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.web.data_access import log_look
from jifen.office.web.desk.case_search import search_cases
from jifen.office.web.desk.queue_rows import describe_case_row, describe_gate_rows
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.waiting_labels import name_place, shown
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process

SHOWN = ("rows", "deciding", "signing", "others", "found", "mentions")
"""What of the page names people."""
IN_QUEUES = (WaitKind.GATE, WaitKind.DECISION, WaitKind.SIGNATURE)
MOST_OTHERS = 50
MOST_PAGES = 200


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show_queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest due first. A search is posted: names and numbers stand in no address."""
    return _show_page(request, request.GET, request.POST.get("q", "").strip())


def show_refused_form(request: HttpRequest, form: str, words: Text) -> HttpResponse:
    """The queue again with a form of it that was refused: why, and what was typed (422)."""
    refusal = {"form": form, "refused": words(lang_of(request)), "typed": request.POST}
    return _show_page(request, request.POST, "", refusal)


def _show_page(
    request: HttpRequest,
    filters: Mapping[str, str],
    searched: str,
    refusal: Mapping[str, Any] | None = None,
) -> HttpResponse:
    user, lang = user_of(request), lang_of(request)
    desks = list_desks(user)
    if not desks:
        raise Http404
    desk = choose_desk(request, desks)
    found = [describe_case_row(case, lang) for case in search_cases(user, searched)]
    context = (
        _collect_gates(filters, user, desk, lang)
        | _collect_other_rows(user, desk, lang)
        | _collect_people(user, desk, lang)
        | {"desks": desks, "chosen": desk, "found": found, "searched": searched}
        | {"form": "", "refused": "", "typed": {}}
        | dict(refusal or {})
    )
    if any(context[rows] for rows in SHOWN):
        what = "search" if searched else "queue"
        log_look(request, f"desk:{desk.city}:{desk.district}", what, city=desk.city)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return work_page(request, "desk/desk.html", context, status=status)


def choose_desk(request: HttpRequest, desks: list[Desk]) -> Desk:
    """The queue that an address or a form names, else the first."""
    number = whole_number(request.POST.get("desk", request.GET.get("desk", ""))) or 0
    return desks[number] if number < len(desks) else desks[0]


def _collect_gates(
    filters: Mapping[str, str], user: User, desk: Desk, lang: Lang
) -> dict[str, Any]:
    today = timezone.localdate()
    chosen = read_filter(filters)
    page = min(whole_number(filters.get("page", "")) or 0, MOST_PAGES)
    rows = list_gate_rows(user, desk, today, chosen, page * PAGE_ROWS)
    return {
        "rows": describe_gate_rows(rows[:PAGE_ROWS], lang, today),
        "more": len(rows) > PAGE_ROWS,
        "page": page,
        "filter": chosen,
        "views": list(SavedView.objects.filter(user=user)),
        "gates_of_desk": _list_gates(desk, lang),
        "today": today,
    }


def _list_gates(desk: Desk, lang: Lang) -> list[tuple[str, str]]:
    """The gates that are worked in a queue."""
    try:
        process = find_process(desk.city, timezone.localdate())
    except NoProcess:
        return []
    own = [gate for gate in process.gates if gate.department == desk.department]
    return [(gate.id, gate.label(lang)) for gate in own]


def _collect_other_rows(user: User, desk: Desk, lang: Lang) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "deciding": _list_cases(user, desk, WaitKind.DECISION, lang),
        "signing": _list_cases(user, desk, WaitKind.SIGNATURE, lang),
        "others": shown(_list_others(user, desk), lang, today, desk=True),
        "mentions": list_unread_mentions(user),
    }


def _list_others(user: User, desk: Desk) -> list[Waiting]:
    """What waits on somebody of the desk beside its queues: rechecks, findings, lanes, objections,
    registrations of units."""
    rows = list_rows_for_user(user, timezone.localdate())
    rows = rows.exclude(kind__in=IN_QUEUES).exclude(role="")
    return list(rows.filter(city=desk.city, department=desk.department)[:MOST_OTHERS])


def _list_cases(user: User, desk: Desk, kind: WaitKind, lang: Lang) -> list[dict[str, Any]]:
    if desk.department:
        return []
    rows = list_queue(user, desk, timezone.localdate(), kind)
    return [describe_case_row(row.application, lang) for row in rows if row.application is not None]


def _collect_people(user: User, desk: Desk, lang: Lang) -> dict[str, Any]:
    """Who works the queue, who of them is away, and whether the asker assigns to them."""
    today = timezone.localdate()
    workers = list(list_workers(desk))
    absent = list_absent_accounts(today)
    assigns = may_assign(user, desk)
    return {
        "assigns": assigns,
        "works": user.pk in {worker.pk for worker in workers},
        "takers": [worker for worker in workers if worker.pk not in absent],
        "workers": workers if assigns else [],
        "absent": [worker for worker in workers if worker.pk in absent],
    } | _collect_absences(user, desk, lang, assigns=assigns)


def _collect_absences(user: User, desk: Desk, lang: Lang, *, assigns: bool) -> dict[str, Any]:
    """Who of the office is or will be away and who stands in: of the asker, and for whoever leads
    of everybody."""
    today = timezone.localdate()
    staff = list(list_office_staff(desk).exclude(pk=user.pk)) if assigns else []
    away = list_absences(day=today, users=[user, *staff])
    return {
        "me": user.pk,
        "office_staff": staff,
        "substitutes": list(list_possible_substitutes(desk)),
        "own_absence": next((row for row in away if row.user_id == user.pk), None),
        "absences": [_describe_absence(row, lang) for row in away],
        "standing_in": [
            {
                "name": row.post.user.get_full_name(),
                "role": ROLE_NAMES[Role(row.post.role)](lang),
                "since": row.since,
                "until": row.until,
            }
            for row in list_covered_colleagues(user)
        ],
    }


def _describe_absence(absence: Absence, lang: Lang) -> dict[str, Any]:
    return {
        "user": absence.user,
        "since": absence.since,
        "until": absence.until,
        "covers": [
            {
                "post": cover.post.pk,
                "role": f"{ROLE_NAMES[Role(cover.post.role)](lang)} {name_place(cover.post, lang)}",
                "stand_in": cover.stand_in and cover.stand_in.substitute,
                "able": cover.able,
            }
            for cover in list_covers(absence)
        ],
    }
