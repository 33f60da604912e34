"""Who looked at what is kept of me, and why: the log of accesses as the person reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen.office.accounts.models import Role, StaffRole
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.audit.queries import list_looks_at
from jifen.office.casework.models import Application, Event
from jifen.office.lists.models import Entry
from jifen.office.notices.models import Notice
from jifen.office.registry.models import Membership, Person
from jifen.office.sheets.export import make_csv
from jifen.office.web.cases.case_texts import ACTS
from jifen.office.web.data_access import log_look
from jifen.office.web.numbers import whole_number
from jifen.office.web.records.log_details import describe_look
from jifen.office.web.signed import lang_of, signed_in, user_of, work_page
from jifen.office.web.waiting_labels import name_place
from jifen.policy.text import Lang, Text

PAGE_ROWS = 50
MOST_LOOKS = 5_000
"""The newest so many are shown; all stand in the log."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, by whom (role and office, never a name of the staff), at what, why."""

    at: datetime
    who: str
    what: str
    why: str


@signed_in
@require_safe
def show_looks(request: HttpRequest) -> HttpResponse:
    """Every look at what is kept of oneself, the newest first; as a page or as CSV."""
    person = Person.objects.filter(user=user_of(request)).first()
    if person is None:
        raise Http404
    lang = lang_of(request)
    looks = list_looks(person, lang)
    log_look(request, f"person:{person.pk}", "who looked")
    if request.GET.get("as") == "csv":
        return _export_looks(looks, lang)
    number = whole_number(request.GET.get("page", "")) or 1
    shown = Paginator(fold_looks(looks), PAGE_ROWS).get_page(number)
    return work_page(request, "mine/looks.html", {"looks": shown, "most": MOST_LOOKS})


@dataclass(frozen=True, slots=True)
class Visit:
    """Looks of one day that followed one another, by the same account for the same reason."""

    first: datetime
    last: datetime
    who: str
    whats: tuple[str, ...]
    why: str


def fold_looks(looks: list[Look]) -> list[Visit]:
    """A page that is opened with ten papers is one visit; the newest first, as the looks are."""
    visits: list[Visit] = []
    for look in looks:
        before = visits[-1] if visits else None
        is_same = (
            before is not None
            and (before.who, before.why) == (look.who, look.why)
            and timezone.localtime(before.first).date() == timezone.localtime(look.at).date()
        )
        if before is not None and is_same:
            whats = tuple(dict.fromkeys((*before.whats, look.what)))
            visits[-1] = Visit(look.at, before.last, look.who, whats, look.why)
        else:
            visits.append(Visit(look.at, look.at, look.who, (look.what,), look.why))
    return visits


def list_looks(person: Person, lang: Lang) -> list[Look]:
    """The looks at the cases, permits, points, papers and the record of a person."""
    cases = {f"application:{a.pk}": a for a in Application.objects.filter(person=person)}
    rows = list_looks_at([*cases, *_list_other_subjects(person)], MOST_LOOKS)
    names = _Accounts(person, rows, lang)
    acts = _list_acts_by_day(cases.values())
    return [
        Look(
            row.at,
            names.describe(row.actor, timezone.localtime(row.at).date()),
            _describe_kind(row, cases.get(row.subject), lang),
            _describe_reason(row, cases.get(row.subject), acts, lang),
        )
        for row in rows
    ]


def _list_other_subjects(person: Person) -> list[str]:
    permits = person.permits.values_list("pk", flat=True)
    periods = person.points.values_list("pk", flat=True)
    notices = Notice.objects.filter(application__person=person).values_list("pk", flat=True)
    entries = Entry.objects.filter(decision__application__person=person)
    return [
        f"person:{person.pk}",
        *(f"permit:{pk}" for pk in permits),
        *(f"points:{pk}" for pk in periods),
        *(f"notice:{pk}" for pk in notices),
        *(f"list entry:{pk}" for pk in entries.values_list("pk", flat=True)),
    ]


class _Accounts:
    """The accounts of some rows of the log in words, each kind read at once."""

    def __init__(self, person: Person, rows: Iterable[Any], lang: Lang) -> None:
        numbers = {number for row in rows if (number := _account_of(row.actor)) is not None}
        self._own, self._lang = person.user_id, lang
        self._posts: dict[int, list[StaffRole]] = {}
        for post in StaffRole.objects.filter(user__in=numbers).order_by("pk"):
            self._posts.setdefault(post.user_id, []).append(post)
        self._units: dict[int, str] = {}
        for member in Membership.objects.filter(user__in=numbers).select_related("unit"):
            self._units[member.user_id] = member.unit.name

    def describe(self, actor: str, day: date) -> str:
        """Who it was on a day: oneself, a role of an office, a unit, the system."""
        number = _account_of(actor)
        if number is None:
            return Text("系统", "the system")(self._lang)
        if number == self._own:
            return Text("您本人", "you")(self._lang)
        posts = [post for post in self._posts.get(number, []) if _is_held_on(post, day)]
        if posts:
            return "、".join(dict.fromkeys(_describe_post(post, self._lang) for post in posts))
        if unit := self._units.get(number):
            return unit
        return Text("岗位已终止的账号", "an account without a role on that day")(self._lang)


def _account_of(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return whole_number(number) if kind == "user" else None


def _is_held_on(post: StaffRole, day: date) -> bool:
    return post.since <= day and (post.until is None or post.until >= day)


def _describe_post(post: StaffRole, lang: Lang) -> str:
    return f"{name_place(post, lang)} {ROLE_NAMES[Role(post.role)](lang)}".strip()


def _describe_kind(row: Any, case: Application | None, lang: Lang) -> str:
    if row.act == "read.revealed":
        return Text("完整证件号码和手机", "the whole identity number and the phone")(lang)
    return describe_look(str(row.details.get("what", "")), case, lang)


_WORK_ON_FACTS = ("found", "taken")
_ActsByDay = dict[tuple[int, str, date], list[str]]


def _list_acts_by_day(cases: Iterable[Application]) -> _ActsByDay:
    """What was done in each case, by account and day; of the inner steps of the office only the
    work on the facts."""
    acts: _ActsByDay = {}
    rows = Event.objects.filter(application__in=list(cases), by__isnull=False)
    for event in rows.filter(Q(internal=False) | Q(act__in=_WORK_ON_FACTS)).only(
        "application_id", "by_id", "at", "act"
    ):
        day = timezone.localtime(event.at).date()
        acts.setdefault((event.application_id, f"user:{event.by_id}", day), []).append(event.act)
    return acts


def _describe_reason(row: Any, case: Application | None, acts: _ActsByDay, lang: Lang) -> str:
    """The reason that was given; else the case, and what was done in it on that day."""
    if why := row.details.get("why"):
        return str(why)
    if case is None:
        return ""
    day = timezone.localtime(row.at).date()
    done = dict.fromkeys(acts.get((case.pk, row.actor, day), []))
    words = "、".join(ACTS[act](lang) if act in ACTS else act for act in done)
    number = case.number or Text("草稿", "draft")(lang)
    about = Text(f"申请 {number}", f"application {number}")(lang)
    if not words:
        return about
    return Text(f"{about}，当日办理：{words}", f"{about}, done that day: {words}")(lang)


def _export_looks(looks: list[Look], lang: Lang) -> HttpResponse:
    rows = [
        (timezone.localtime(look.at).strftime("%Y-%m-%d %H:%M:%S"), look.who, look.what, look.why)
        for look in looks
    ]
    content = make_csv([head(lang) for head in _HEADS], rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"jifen-who-looked-{timezone.localdate()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


_HEADS = (
    Text("时间", "Time"),
    Text("谁", "Who"),
    Text("看了什么", "At what"),
    Text("为什么", "Why"),
)
