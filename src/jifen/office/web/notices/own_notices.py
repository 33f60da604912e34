"""Papers of a case for whoever sees the case; sharing them for their holder."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.department_scope import find_department_scope
from jifen.office.casework.faults import NoSuchCase
from jifen.office.notices import sharing
from jifen.office.notices.access import access_notice, access_own_notice, access_own_share
from jifen.office.notices.actions.printing import read_pdf
from jifen.office.notices.content.application_form import build_application_form
from jifen.office.notices.content.case_steps import build_material_list
from jifen.office.notices.credentials import can_give_credential, issue_credential
from jifen.office.notices.faults import NoSuchNotice
from jifen.office.notices.lookup import describe_notice_status
from jifen.office.notices.models import LookUp, Notice
from jifen.office.notices.pdf.typesetting import typeset_notice
from jifen.office.web.data_access import log_look, log_reveal
from jifen.office.web.notices.verify import told
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text


def _found(user: User, key: UUID) -> Notice:
    try:
        return access_notice(user, key)
    except NoSuchNotice as error:
        raise Http404 from error


def _own(user: User, key: UUID) -> Notice:
    try:
        return access_own_notice(user, key)
    except NoSuchNotice as error:
        raise Http404 from error


@signed_in
@require_safe
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """A paper: what anybody sees of it; for its holder who may see more, and who looked."""
    user, now = user_of(request), timezone.now()
    notice = _found(user, key)
    mine = notice.person.user_id == user.pk
    log_look(request, f"notice:{notice.pk}", "notice", city=notice.series.city)
    shown = describe_notice_status(notice, timezone.localtime(now).date())
    context = {
        "notice": notice,
        "seen": told(shown, lang_of(request)),
        "at": now,
        "mine": mine,
        "there": hasattr(notice, "sheet"),
        "shares": notice.shares.prefetch_related("openings") if mine else [],
        "lookups": _lookups(notice) if mine else [],
        "link": request.session.pop(f"share.{notice.pk}", "") if mine else "",
        "credential": mine and can_give_credential(notice, shown.state),
        "now": now,
    }
    return work_page(request, "notices/paper.html", context)


def _lookups(notice: Notice) -> list[LookUp]:
    return list(notice.lookups.select_related("checker").order_by("-id")[:50])


@signed_in
@require_safe
def paper_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The signed PDF."""
    user = user_of(request)
    notice = _found(user, key)
    if not hasattr(notice, "sheet"):
        raise Http404
    log_look(request, f"notice:{notice.pk}", "notice pdf", city=notice.series.city)
    return _pdf(read_pdf(notice.sheet), f"{notice.number}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@require_POST
def paper_share(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new address under which somebody may see more of the paper, for some days."""
    user, post = user_of(request), request.POST
    notice = _own(user, key)
    days = whole_number(post.get("days", "")) or 0
    token = sharing.create_share(user, notice, post.getlist("shows"), days, post.get("whom", ""))
    address = request.build_absolute_uri(reverse("share", args=[token]))
    request.session[f"share.{notice.pk}"] = address
    return go(reverse("paper", args=[key]))


@signed_in
@require_POST
def paper_share_end(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """End a share now."""
    user = user_of(request)
    try:
        sharing.end_share(user, access_own_share(user, key, pk))
    except NoSuchNotice as error:
        raise Http404 from error
    say(request, Text("分享已停用。", "The share has ended."))
    return go(reverse("paper", args=[key]))


@signed_in
@require_POST
def paper_credential(request: HttpRequest, key: UUID) -> HttpResponse:
    """The credential 'line reached, valid until' as a file for a wallet."""
    user = user_of(request)
    text = issue_credential(user, _own(user, key))
    response = HttpResponse(text, content_type="application/dc+sd-jwt")
    response.headers["Content-Disposition"] = 'attachment; filename="line-reached.sd-jwt"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD"])
def materials_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The list of documents of a case as it is now, to take to whoever has them."""
    user = user_of(request)
    case = access_case(user, key)
    if find_department_scope(case) is not None:
        raise NoSuchCase  # the list says what was claimed at other gates
    application = case.application
    made = typeset_notice(build_material_list(application, timezone.localdate()))
    subject = f"application:{application.pk}"
    log_look(request, subject, "list of documents", city=application.city)
    return _pdf(made, "materials.pdf")


@signed_in
@require_safe
def application_form(request: HttpRequest, key: UUID) -> HttpResponse:
    """The application form as it is filled in now, to be signed and stamped. It has the whole
    identity number, and who made it is in the log."""
    case = access_case(user_of(request), key)
    if find_department_scope(case) is not None:
        raise NoSuchCase
    application = case.application
    made = typeset_notice(build_application_form(application, timezone.localdate()))
    log_reveal(request, application, "application form")
    return _pdf(made, "application.pdf")
