"""Accounts of the staff: invited, locked, signed out, helped; by the security administrator."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jifen.cities import index
from jifen.office.accounts import staff_accounts
from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.accounts.signin.second_factor import (
    build_second_factor_url,
    has_fresh_second_factor,
)
from jifen.office.administration.faults import AdministrationFault
from jifen.office.web.administration.door import list_administered_cities, show_administration
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of
from jifen.office.web.waiting_labels import name_place
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the staff, and what is done to one of them after a fresh second factor."""
    cities = list_administered_cities(request, Role.SECURITY_ADMIN)
    here, refused = reverse("staff_accounts"), None
    if request.method == "POST":
        if not has_fresh_second_factor(request):
            refused = NOT_FRESH
        else:
            try:
                _act(request)
            except RoleFault as fault:
                refused = AdministrationFault(fault.code, fault.words, fault.place)
            else:
                return go(here)
    lang, user = lang_of(request), user_of(request)
    context = {
        "rows": _list_rows(user, lang),
        "own": user.pk,
        "is_fresh": has_fresh_second_factor(request),
        "show_factor": build_second_factor_url(user, here),
        "cities": [(city, index()[city].label(lang)) for city in cities],
        "roles": [(role.value, words(lang)) for role, words in ROLE_NAMES.items()],
        "districts": [(d.id, d.label(lang)) for d in _list_districts(cities[0])],
    }
    return show_administration(request, "administration/staff_accounts.html", context, refused)


def _list_districts(city: str) -> tuple[Any, ...]:
    try:
        return find_process(city, timezone.localdate()).districts
    except NoProcess:
        return ()


def _list_rows(by: User, lang: Lang) -> list[dict[str, Any]]:
    users = list(staff_accounts.list_staff_accounts(by))
    pks = [user.pk for user in users]
    with_factor = set(
        Authenticator.objects.filter(
            user__in=pks, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        ).values_list("user", flat=True)
    )
    signed_in_now = list(UserSession.objects.filter(user__in=pks).values_list("user", flat=True))
    roles: dict[int, list[tuple[str, str]]] = {}
    for post in StaffRole.objects.filter(user__in=pks, until__isnull=True).order_by("id"):
        described = ROLE_NAMES[Role(post.role)](lang), name_place(post, lang)
        roles.setdefault(post.user_id, []).append(described)
    return [
        {
            "user": user,
            "roles": roles.get(user.pk, []),
            "has_factor": user.pk in with_factor,
            "sessions": signed_in_now.count(user.pk),
        }
        for user in users
    ]


def _act(request: HttpRequest) -> None:
    post, by = request.POST, user_of(request)
    act, pk = post.get("act", ""), whole_number(post.get("which", "")) or 0
    if act == "invite":
        names = ("role", "city", "district", "department")
        role = {name: post.get(name, "").strip()[:40] for name in names}
        typed = (post.get(name, "") for name in ("username", "name", "email"))
        _show_password(request, *staff_accounts.invite(by, *typed, **role))
    elif act == "password":
        _show_password(request, *staff_accounts.reset_password(by, pk))
    elif act in _DONE:
        do, words = _DONE[act]
        do(by, pk)
        say(request, words)
    else:
        raise Http404


def _show_password(request: HttpRequest, user: User, password: str) -> None:
    """Shown once; it stands sealed in the session until then, and nowhere else."""
    words = Text(
        f"{user.username} 的一次性密码：{password} 。只显示这一次，三天内有效，首次登录须更改。"
        "请当面或电话告知本人。",
        f"The password of {user.username}: {password} . It is shown this once, holds for three "
        "days and is changed at the first sign-in. Tell it to them in person or by telephone.",
    )
    say(request, words)


_DONE: dict[str, tuple[Callable[[User, int], User], Text]] = {
    "lock": (
        staff_accounts.lock_account,
        Text("账号已锁定并强制下线。", "The account is locked and signed out."),
    ),
    "unlock": (staff_accounts.unlock_account, Text("账号已解锁。", "The account is unlocked.")),
    "sign_out": (
        staff_accounts.end_sessions,
        Text("已在所有设备上下线。", "Signed out on every device."),
    ),
    "factor": (
        staff_accounts.remove_second_factor,
        Text(
            "第二验证已移除，本人下次登录时重新设置。",
            "The second factor is removed; its owner sets up another at the next sign-in.",
        ),
    ),
}
NOT_FRESH = AdministrationFault(
    "JF-O054",
    Text(
        "办理账号前须在五分钟内再次验证：请先验证，然后重新操作。没有改动。",
        "Show your second factor again, then repeat: it allows changes to accounts for five "
        "minutes. Nothing was changed.",
    ),
)
