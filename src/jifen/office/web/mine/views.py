"""What somebody has to do: own cases, own units, the desk; proving who one is."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jifen.cities import index
from jifen.office.accounts.actions import CONFIRMING
from jifen.office.accounts.models import Role
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.accounts.roles import list_posts
from jifen.office.accounts.signin.sources import source_of
from jifen.office.casework.access import visible_to
from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.own_data import export_own_data
from jifen.office.lists.access import list_visible_cities
from jifen.office.lists.models import Entry
from jifen.office.lists.own_data import export_own_lists, list_places_outside
from jifen.office.messages.channels.port import OutgoingMessage
from jifen.office.messages.channels.providers import get_channel
from jifen.office.registry.access import CONFIRMING_ROLES as CONFIRMING_UNITS
from jifen.office.registry.access import list_own_units, list_represented_employers
from jifen.office.registry.actions import ties
from jifen.office.registry.actions.permits import WINDOW_ROLES
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Permit, Person
from jifen.office.web.cases import case_texts
from jifen.office.web.data_access import log_look
from jifen.office.web.limits import within
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.workshop.access import offices
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, Process, find_process

PAGE = 25


@signed_in
@require_safe
def show_my_page(request: HttpRequest) -> HttpResponse:
    """What somebody has to do."""
    user, lang = user_of(request), lang_of(request)
    own = list_posts(user)
    person = Person.objects.filter(user=user).first()
    context = {
        "units": list(list_own_units(user)),
        "employers": list(list_represented_employers(user)),
        "person": person,
        "outside": list_places_outside(person) if person else [],
        "posts": [_describe_post(post, lang) for post in own],
        "cases": [] if own else _list_cases(request, lang),
        "filing": [city for city in index().values() if _may_file_alone(city.id)],
        "is_desk": any(post.role in _DESK for post in own),
        "confirms_units": any(post.role in CONFIRMING_UNITS for post in own),
        "is_window": any(post.role in WINDOW_ROLES for post in own),
        "permits": Permit.objects.filter(person__user=user, cancelled_on__isnull=True),
        "points": _list_points_periods(user),
        "places": Entry.objects.filter(decision__application__person__user=user).order_by("-id"),
        "is_lists": bool(list_visible_cities(user)),
        "is_admin": any(post.role == Role.CITY_ADMIN for post in own),
        "gives_roles": any(post.role in CONFIRMING for post in own),
        "is_analyst": any(post.role in (Role.ANALYST, Role.CITY_ADMIN) for post in own),
        "is_auditor": any(post.role == Role.AUDITOR for post in own),
        "is_studio": bool(offices(user)),
        "is_lead": any(post.role in (Role.SUPERVISOR, Role.CITY_ADMIN) for post in own),
    }
    if context["cases"] and visible_to(user).exclude(person__user=user).exists():
        log_look(request, f"user:{user.pk}", "list of cases")
    return work_page(request, "mine/my.html", context)


def _list_points_periods(user: Any) -> Any:
    rows = PointsPeriod.objects.filter(person__user=user, ended_on__isnull=True)
    return rows.select_related("decision").order_by("-since")[:3]


_DESK = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR, Role.REVIEWER)


def _describe_post(post: Any, lang: Lang) -> dict[str, str]:
    city_label = index()[post.city].label(lang) if post.city in index() else post.city
    district = _get_district_label(post.city, post.district, lang)
    return {
        "role": ROLE_NAMES[Role(post.role)](lang),
        "where": f"{city_label} {district} {post.department}".strip(),
    }


def _get_district_label(city: str, district: str, lang: Lang) -> str:
    process = find_process_today(city)
    district_rule = process.find_district(district) if process and district else None
    return district_rule.label(lang) if district_rule else district


def find_process_today(city: str) -> Process | None:
    """The procedure of today; None where the city is not known, or has none now."""
    if city not in index():
        return None
    try:
        return find_process(city, timezone.localdate())
    except NoProcess:
        return None


def _may_file_alone(city: str) -> bool:
    process = find_process_today(city)
    return process is not None and "person" in process.filers


def _list_cases(request: HttpRequest, lang: Lang) -> list[dict[str, Any]]:
    before = whole_number(request.GET.get("before", ""))
    rows = visible_to(user_of(request)).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        {
            "key": a.key,
            "pk": a.pk,
            "number": a.number or "",
            "person": a.person.name,
            "unit": a.unit.name if a.unit else "",
            "state": a.state,
            "state_words": case_texts.STATES[a.state](lang),
            "due_on": a.due_on,
            "created": timezone.localtime(a.created_at).date(),
        }
        for a in rows[:PAGE]
    ]


def _build_not_found() -> Exception:
    from django.http import Http404  # noqa: PLC0415 - an exception only

    return Http404()


@signed_in
@require_safe
def export_my_data(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of oneself, as a file."""
    person = Person.objects.filter(user=user_of(request)).first()
    if person is None:
        raise _build_not_found()
    log_look(request, f"person:{person.pk}", "own data")
    content = export_own_data(person, export_own_lists(person))
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="jifen-own-data.json"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def claim_identity(request: HttpRequest) -> HttpResponse:
    """Prove who one is, to see and decide one's own things: by a code that only the person has."""
    words, place, post = "", "", request.POST
    user, number, name = user_of(request), post.get("identity", ""), post.get("name", "")
    if request.method == "POST":
        try:
            if post.get("act") == "send":
                _send_code(request, number, name)
            else:
                code = post.get("code", "")
                ties.tie_by_code(user, number, name, code, source_of(request))
                say(request, Text("已绑定本人信息。", "You are linked to your own record."))
                return go(reverse("my"))
        except RegistryFault as error:
            words, place = error.words(lang_of(request)), error.place
    context = {"error": words, "place": place, "typed": post}
    return work_page(request, "mine/claim.html", context, status=422 if words else 200)


def _send_code(request: HttpRequest, number: str, name: str) -> None:
    """A code to the confirmed phone. Whether there is one is told to nobody."""
    limit = within(request, "activation", each=5, all_=300)
    phone_and_code = ties.make_phone_code(user_of(request), number, name) if limit else None
    if phone_and_code is not None:
        phone, code = phone_and_code
        words = _CODE(lang_of(request)).format(code=code)
        lang, params = lang_of(request), {"code": code}
        message = OutgoingMessage(
            str(uuid4()), phone, "", words, kind="activation_code", lang=lang, params=params
        )
        get_channel("sms").send(message)
    say(request, _SENT)


_CODE = Text(
    "【积分】绑定本人信息的激活码：{code}，10 分钟内有效。如非本人操作请勿告诉他人。",
    "Jifen: the code to link your record is {code}, good for 10 minutes. Tell it to nobody.",
)
_SENT = Text(
    "如果该证件登记了经窗口核实的手机，激活码已经发出。没有收到的，请持证件到受理窗口领取。",
    "If a phone was confirmed for this card at a window, the code is on its way. Otherwise bring "
    "the card to a window.",
)
