"""A unit for those who belong to it, and its registration for those who confirm it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.cities import index
from jifen.office.accounts.roles import list_posts
from jifen.office.documents.actions import read_content, store_document
from jifen.office.registry.access import (
    CONFIRMING_ROLES,
    access_review,
    access_unit,
    is_admin,
    list_units_for_review,
)
from jifen.office.registry.actions import members, units
from jifen.office.registry.credit_code import normalize_code
from jifen.office.registry.models import Mandate, Membership, Unit, UnitVersion
from jifen.office.uploads.preview import draw_preview as draw
from jifen.office.web.mine.views import find_process_today
from jifen.office.web.signed import WORDS, go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def register_unit(request: HttpRequest, city: str) -> HttpResponse:
    """Register an employer or an agency."""
    process = find_process_today(city)
    if process is None:
        raise Http404
    words, place = "", ""
    if request.method == "POST":
        try:
            kind = "agency" if request.POST.get("kind") == "agency" else "employer"
            code = request.POST.get("credit_code", "")
            unit = units.register_unit(
                user_of(request), kind, city, code, _read_particulars(request)
            )
        except WORDS as error:
            words, place = error.words(lang_of(request)), getattr(error, "place", "licence")
        else:
            say(request, _SENT)
            return go(reverse("unit", args=[unit.pk]))
    context = {
        "city": index()[city],
        "process": process,
        "error": words,
        "place": place,
        "typed": request.POST,
        "unit": None,
    }
    return work_page(request, "units/register.html", context, status=422 if words else 200)


_SENT = Text(
    "登记信息已提交，受理部门核实后即可申报；现在就可以开始填写。",
    "The registration was sent. You can fill in already; filing is possible once it is confirmed.",
)


def _read_particulars(request: HttpRequest) -> units.Particulars:
    file = request.FILES.get("licence")
    licence = store_document(file.read(), file.name or "", user_of(request)) if file else None
    post = request.POST
    return units.Particulars(
        post.get("name", ""), post.get("district", ""), post.get("address", ""), licence
    )


@signed_in
@require_safe
def show_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit of one's own."""
    own_unit = access_unit(user_of(request), pk)
    context = {
        "unit": own_unit,
        "process": find_process_today(own_unit.city),
        "versions": own_unit.versions.order_by("-number"),
        "members": own_unit.memberships.filter(ended_at__isnull=True).select_related("user"),
        "admin": is_admin(user_of(request), own_unit),
        "mandates": _list_mandates(own_unit),
        "link": request.session.pop(f"invitation.{pk}", ""),
    }
    return work_page(request, "units/unit.html", context)


def _list_mandates(unit: Unit) -> Any:
    own = {"agency": unit} if unit.kind == "agency" else {"employer": unit}
    rows = Mandate.objects.filter(ended_at__isnull=True, **own)
    return rows.select_related("agency", "employer")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a change of the registration."""
    unit = access_unit(user_of(request), pk, admin=True)
    words, place = "", ""
    if request.method == "POST":
        try:
            units.change_unit(user_of(request), unit, _read_particulars(request))
        except WORDS as error:
            words, place = error.words(lang_of(request)), getattr(error, "place", "licence")
        else:
            say(request, Text("变更已提交，等待核实。", "The change waits for a clerk."))
            return go(reverse("unit", args=[pk]))
    context = {
        "city": index()[unit.city],
        "process": find_process_today(unit.city),
        "error": words,
        "place": place,
        "typed": request.POST,
        "unit": unit,
    }
    return work_page(request, "units/register.html", context, status=422 if words else 200)


@signed_in
@require_POST
def invite_member(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for somebody to join, shown once."""
    unit = access_unit(user_of(request), pk, admin=True)
    token = members.invite_member(user_of(request), unit, request.POST.get("role", ""))
    path = reverse("unit_join", args=[token])
    request.session[f"invitation.{pk}"] = request.build_absolute_uri(path)
    return go(reverse("unit", args=[pk]))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join_unit(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation."""
    if request.method == "POST":
        membership = members.accept_invitation(user_of(request), token)
        return go(reverse("unit", args=[membership.unit_id]))
    return work_page(request, "units/join.html")


@signed_in
@require_POST
def end_membership(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """End a membership: an administrator anybody's, everybody their own."""
    unit = access_unit(user_of(request), pk)
    membership = Membership.objects.filter(unit=unit, pk=member, ended_at__isnull=True).first()
    if membership is None or not (
        is_admin(user_of(request), unit) or membership.user_id == user_of(request).pk
    ):
        raise Http404
    members.end_membership(user_of(request), membership)
    say(request, Text("成员已移除。", "The member has left."))
    own = membership.user_id == user_of(request).pk
    return go(reverse("my") if own else reverse("unit", args=[pk]))


@signed_in
@require_POST
def grant_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an agency act for an employer."""
    unit = access_unit(user_of(request), pk, admin=True)
    code = normalize_code(request.POST.get("credit_code", ""))
    agencies = Unit.objects.filter(city=unit.city, credit_code=code, kind="agency")
    agency = agencies.filter(state="confirmed").first()
    if agency is None:
        words = Text("没有此代码的代理机构。", "There is no agency with this code.")
        say(request, words, bad=True)
    else:
        members.grant_mandate(user_of(request), unit, agency)
        say(request, Text("已授权该机构代办。", "The agency may act for you now."))
    return go(reverse("unit", args=[pk]))


@signed_in
@require_POST
def end_mandate(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    """End a mandate, from either side."""
    unit = access_unit(user_of(request), pk, admin=True)
    mandate_row = Mandate.objects.filter(pk=mandate, ended_at__isnull=True).first()
    if mandate_row is None or unit.pk not in (mandate_row.agency_id, mandate_row.employer_id):
        raise Http404
    members.end_mandate(user_of(request), mandate_row)
    say(request, Text("授权已终止。", "The mandate has ended."))
    return go(reverse("unit", args=[pk]))


@signed_in
@require_safe
def list_waiting_units(request: HttpRequest) -> HttpResponse:
    """Registrations that wait for a clerk."""
    if not any(post.role in CONFIRMING_ROLES for post in list_posts(user_of(request))):
        raise Http404
    units_for_review = list_units_for_review(user_of(request)).filter(versions__state="submitted")
    return work_page(request, "units/waiting.html", {"units": units_for_review.distinct()[:100]})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def review_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse a registration, the register's answer beside it."""
    unit = access_review(user_of(request), pk)
    version = unit.versions.filter(state="submitted").first()
    if request.method == "POST" and version:
        confirm = request.POST.get("act") == "confirm"
        words = request.POST.get("words", "")
        units.review_unit(user_of(request), version, confirm=confirm, words=words)
        say(request, Text("已处理该登记。", "The registration was decided."))
        return go(reverse("units_waiting"))
    rows = unit.versions.order_by("-number")
    context = {
        "unit": unit,
        "version": version,
        "versions": rows,
        "process": find_process_today(unit.city),
        "claims": units.list_other_claims(unit).prefetch_related("memberships__user"),
    }
    return work_page(request, "units/review.html", context)


@signed_in
@require_safe
def show_licence(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The picture of a licence, for the unit and for those who confirm it."""
    user = user_of(request)
    may_see = list_units_for_review(user).filter(pk=pk).exists() or access_unit(user, pk)
    version = UnitVersion.objects.filter(unit=pk, number=number).select_related("licence").first()
    if (
        not may_see
        or version is None
        or version.licence is None
        or not version.licence.may_be_opened
    ):
        raise Http404
    picture = draw(read_content(version.licence), version.licence.kind)
    return HttpResponse(picture, content_type="image/jpeg")
