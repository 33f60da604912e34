"""The own place on a list: where it stands, until when to settle, objections to answer."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jifen.office.lists.access import access_own_entry
from jifen.office.lists.actions import entry_acts, objections
from jifen.office.lists.actions.settlement_slips import has_stuck_printing
from jifen.office.lists.faults import ListFault, NoSuchList
from jifen.office.lists.models import Entry, RunPlace
from jifen.office.lists.queries import find_rules
from jifen.office.lists.rules import PERSON, list_acts
from jifen.office.notices.models import Notice, NoticeKind
from jifen.office.web.lists import labels
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_safe
def my_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about the own entry."""
    entry, lang = access_own_entry(user_of(request), pk), lang_of(request)
    rules = find_rules(entry.city, entry.rules)
    context = {
        "e": entry,
        "rules": rules,
        "state": labels.STATES[entry.state](lang),
        "next": labels.next_step(entry)(lang),
        "why": labels.why(entry, rules)(lang) if entry.why else "",
        "events": entry.events.all(),
        "objections": entry.objections.exclude(state="withdrawn"),
        "run": _place(entry),
        "slip": _slip(entry),
        "stuck": entry.state == "noticed"
        and Entry.objects.filter(has_stuck_printing(), pk=entry.pk).exists(),
        "told": labels,
        "acts": list_acts(entry.state, [PERSON]),
    }
    return work_page(request, "lists/my_place.html", context)


def _place(entry: Entry) -> RunPlace | None:
    run = entry.publicity.run if entry.publicity else None
    return run.places.filter(number=entry.number).first() if run else None


def _slip(entry: Entry) -> Notice | None:
    """The settlement notice on paper."""
    rows = Notice.objects.filter(decision=entry.decision_id, kind=NoticeKind.SETTLEMENT)
    return rows.order_by("-pk").first() if entry.decision_id else None


@signed_in
@require_POST
def my_place_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up, or answer an objection."""
    user, post = user_of(request), request.POST
    entry = access_own_entry(user, pk)
    if post.get("act") == "give_up":
        entry_acts.give_up_entry(user, entry, timezone.localdate())
        say(request, Text("已登记放弃。", "Given up."))
    elif post.get("act") == "answer":
        found = entry.objections.filter(pk=_number(post.get("objection", ""))).first()
        if found is None:
            raise NoSuchList
        objections.answer_objection(user, found, post.get("words", ""))
        say(request, Text("已提交说明。", "Your answer is kept."))
    else:
        raise ListFault("JF-Q027", Text("请选择要办理的事项。", "Choose what is to be done."))
    return go(reverse("my_place", args=[pk]))


def _number(text: str) -> int:
    return whole_number(text) or 0
