"""Queues of a desk, and finding a case."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.facts.identity import fold_number, is_identity_shaped
from jifen.office.accounts.models import User
from jifen.office.casework.access import visible_to
from jifen.office.casework.assignees import list_rows_for_user
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.queries import Desk, list_desks, list_queue
from jifen.office.registry.models.people import identity_indexes, name_indexes
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.web.cases import case_texts
from jifen.office.web.data_access import log_look
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.waiting_labels import shown
from jifen.policy.text import Lang


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, oldest due first. A search is posted: names and numbers stand in no address."""
    user, lang, today = user_of(request), lang_of(request), timezone.localdate()
    own = list_desks(user)
    if not own:
        raise Http404
    chosen = _chosen(request, own)
    context = {
        "desks": own,
        "chosen": chosen,
        "rows": _gate_rows(list_queue(user, chosen, today), lang),
        "deciding": _rows(user, chosen, WaitKind.DECISION, lang),
        "signing": _rows(user, chosen, WaitKind.SIGNATURE, lang),
        "others": shown(_others(user, chosen, today), lang, today, desk=True),
        "today": today,
        "found": _search(request, lang),
        "searched": request.POST.get("q", ""),
    }
    what = "search" if context["searched"] else "queue"
    if any(context[rows] for rows in ("rows", "deciding", "signing", "others", "found")):
        log_look(request, f"desk:{chosen.city}:{chosen.district}", what, city=chosen.city)
    return work_page(request, "desk/desk.html", context)


def _chosen(request: HttpRequest, own: list[Desk]) -> Desk:
    number = whole_number(request.GET.get("desk", "")) or 0
    return own[number] if number < len(own) else own[0]


IN_QUEUES = (WaitKind.GATE, WaitKind.DECISION, WaitKind.SIGNATURE)


def _others(user: User, chosen: Desk, today: date) -> list[Waiting]:
    """What waits on somebody of the desk beside its queues: rechecks, findings, lanes, objections,
    registrations of units."""
    rows = list_rows_for_user(user, today).exclude(kind__in=IN_QUEUES).exclude(role="")
    return list(rows.filter(city=chosen.city, department=chosen.department)[:MOST_OTHERS])


def _gate_rows(rows: list[Waiting], lang: Lang) -> list[dict[str, Any]]:
    gates = Gate.objects.filter(application__in=[row.application_id for row in rows])
    there = {(gate.application_id, gate.gate): gate for gate in gates.select_related("holder")}
    return [
        _gate_row(row.application, there[row.application_id, row.item], lang)
        for row in rows
        if row.application is not None and row.application_id is not None
    ]


def _gate_row(application: Application, gate: Gate, lang: Lang) -> dict[str, Any]:
    held = gate.holder and gate.held_until and gate.held_until > timezone.now()
    return _row(application, lang) | {
        "gate": process_of(application).find_gate(gate.gate).label(lang),
        "holder": gate.holder.get_full_name() if held and gate.holder else "",
        "returned": gate.returned,
    }


def _rows(user: Any, chosen: Desk, kind: WaitKind, lang: Lang) -> list[dict[str, Any]]:
    if chosen.department:
        return []
    rows = list_queue(user, chosen, timezone.localdate(), kind)
    return [_row(row.application, lang) for row in rows if row.application is not None]


def _row(a: Application, lang: Lang) -> dict[str, Any]:
    return {
        "key": a.key,
        "number": a.number,
        "person": a.person.name,
        "unit": a.unit.name if a.unit else "",
        "due_on": a.due_on,
        "received_on": a.received_on,
        "lane": a.lane,
        "state": a.state,
        "state_words": case_texts.STATES[a.state](lang),
    }


MOST_OTHERS = 50


def _search(request: HttpRequest, lang: Lang) -> list[dict[str, Any]]:
    """By number, by identity number (exactly), or by the whole name."""
    text = request.POST.get("q", "").strip()
    if not text:
        return []
    rows, folded = visible_to(user_of(request)), fold_number(text)
    if is_identity_shaped(folded):
        rows = rows.filter(person__identity_index__in=identity_indexes(folded))
    elif folded[:2].isascii() and folded[:2].isalpha():
        rows = rows.filter(number=folded)
    else:
        rows = rows.filter(person__name_index__in=name_indexes(text))
    return [_row(a, lang) for a in rows.order_by("-id")[:50]]
