"""What is done on the queue: take the next case, act on several gates, save a view, be away."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jifen.facts.spelling import try_read_day
from jifen.office.accounts.models import User
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.queries import Desk, list_desks
from jifen.office.desk.absences import find_absence
from jifen.office.desk.actions import assignments, away, preferences
from jifen.office.desk.actions.assignments import GateBatchOutcome, GateChoice
from jifen.office.desk.colleagues import (
    list_office_staff,
    list_possible_substitutes,
    list_workers,
    may_assign,
)
from jifen.office.desk.faults import NOTHING_TO_STAND_IN_FOR
from jifen.office.desk.queue import read_filter
from jifen.office.web.desk.door import back
from jifen.office.web.desk.queue import choose_desk, show_refused_form
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, say, signed_in, user_of
from jifen.policy.text import Text


@signed_in
@require_POST
def take_next_case(request: HttpRequest) -> HttpResponse:
    """The next free case of the queue is the asker's for half an hour; its page opens."""
    desk = _find_desk(request)
    case = assignments.take_next_gate(user_of(request), desk, timezone.localdate())
    return back(case.key)


@signed_in
@require_POST
def act_on_gates(request: HttpRequest) -> HttpResponse:
    """Assign the ticked gates, take them, or give them back."""
    user, desk = user_of(request), _find_desk(request)
    choices = list(_read_choices(request))
    act = request.POST.get("act", "")
    if not choices:
        say(request, Text("请先勾选案件。", "Tick cases first."), bad=True)
    elif act == "release":
        report_batch(request, assignments.release_gates(user, choices))
    else:
        holder = user if act == "take" else _find_worker(request, desk)
        if holder is None:
            say(request, Text("请选择分派给谁。", "Choose to whom."), bad=True)
        else:
            report_batch(request, assignments.assign_gates(user, choices, holder))
    return _back_to_queue(request)


@signed_in
@require_POST
def change_views(request: HttpRequest) -> HttpResponse:
    """Save the filters that are set under a name, or forget a view."""
    user = user_of(request)
    _find_desk(request)  # 404 for anybody who works at no desk
    number = whole_number(request.POST.get("delete", ""))
    if number is not None:
        preferences.delete_view(user, number)
    else:
        try:
            preferences.save_view(user, request.POST.get("name", ""), read_filter(request.POST))
        except CaseFault as fault:
            return show_refused_form(request, "view", fault.words)
        say(request, Text("视图已保存。", "The view is saved."))
    return _back_to_queue(request)


@signed_in
@require_POST
def change_absence(request: HttpRequest) -> HttpResponse:
    """Somebody is away, or back, or somebody else stands in for them: oneself, or of a supervisor
    anybody of the office."""
    user, desk = user_of(request), _find_desk(request)
    worker = _choose(request, "to", list_office_staff(desk)) if "to" in request.POST else user
    if worker is None or (worker.pk != user.pk and not may_assign(user, desk)):
        raise Http404
    substitute = _choose(request, "substitute", list_possible_substitutes(desk))
    act = request.POST.get("act")
    try:
        if act == "back":
            away.end_absence(user, worker)
            say(request, Text("已恢复在岗。", "Back at work."))
        elif act == "cover":
            _cover_post(request, user, worker, substitute)
        else:
            since, until = (_read_day(request, name) for name in ("since", "until"))
            away.enter_absence(user, worker, since, until, substitute)
            say(request, _describe_entry(substitute))
    except CaseFault as fault:
        form = "other" if "to" in request.POST else "own"
        return show_refused_form(request, "cover" if act == "cover" else form, fault.words)
    return _back_to_queue(request)


def _cover_post(request: HttpRequest, user: User, worker: User, substitute: User | None) -> None:
    absence = find_absence(worker, timezone.localdate())
    if absence is None:
        raise NOTHING_TO_STAND_IN_FOR
    post_key = whole_number(request.POST.get("post", "")) or 0
    away.name_substitute(user, absence, post_key, substitute)
    if substitute is None:
        say(request, Text("此岗位现在无人代办。", "Nobody stands in for this role now."))
    else:
        name = substitute.get_full_name()
        say(request, Text(f"此岗位由{name}代办。", f"{name} stands in for this role."))


def _describe_entry(substitute: User | None) -> Text:
    if substitute is None:
        return Text(
            "已登记不在岗。手上的案件已放回队列。",
            "The absence is entered; what was in hand is back in the queue.",
        )
    name = substitute.get_full_name()
    return Text(
        f"已登记不在岗，由{name}代办。手上的案件已放回队列。",
        f"The absence is entered; {name} stands in. What was in hand is back in the queue.",
    )


def _choose(request: HttpRequest, field: str, rows: "QuerySet[User]") -> User | None:
    number = whole_number(request.POST.get(field, ""))
    return None if number is None else rows.filter(pk=number).first()


def _find_desk(request: HttpRequest) -> Desk:
    desks = list_desks(user_of(request))
    if not desks:
        raise Http404
    return choose_desk(request, desks)


def _find_worker(request: HttpRequest, desk: Desk) -> User | None:
    return _choose(request, "to", list_workers(desk))


def _read_choices(request: HttpRequest) -> Iterator[GateChoice]:
    for text in request.POST.getlist("row"):
        key, _, gate = text.partition(":")
        try:
            yield GateChoice(UUID(key), gate)
        except ValueError:
            continue


def _read_day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    return try_read_day(text) if text else None


def report_batch(request: HttpRequest, result: GateBatchOutcome) -> None:
    if result.done:
        say(request, Text(f"已处理 {result.done} 件。", f"{result.done} done."))
    for number, words in result.refused:
        told = Text(f"{number} 未处理：{words.zh}", f"{number} was not done: {words.en}")
        say(request, told, bad=True)


def _back_to_queue(request: HttpRequest) -> HttpResponse:
    """To the queue with the filters that were set."""
    query = read_filter(request.POST).query
    desk = whole_number(request.POST.get("desk", "")) or 0
    return go(f"{reverse('desk')}?desk={desk}" + (f"&{query}" if query else ""))
