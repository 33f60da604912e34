"""Sign-ins, sign-outs, failures and changes of the second factor in the log of accesses, each with
the account and the source address."""

import hashlib
from typing import Any

from allauth.account.signals import password_changed, user_signed_up
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache
from django.http import HttpRequest
from prometheus_client import Counter

from jifen.office.accounts.models import User
from jifen.office.accounts.signin.sources import source_of
from jifen.office.audit.accesses import record_access

NOBODY = "anonymous"
SIGN_INS = Counter(
    "jifen_sign_ins",
    "Sign-ins by outcome: succeeded, failed (password), code_failed, refused (must wait)",
    ("outcome",),
)
_OUTCOMES = frozenset({"succeeded", "failed", "code_failed", "refused"})


def connect_signals() -> None:
    """Connect the signals of Django and of the library."""
    user_logged_in.connect(_build_listener("signin.succeeded"), weak=False, dispatch_uid="jifen.in")
    user_logged_out.connect(_build_listener("signin.ended"), weak=False, dispatch_uid="jifen.out")
    user_login_failed.connect(_record_wrong_password, dispatch_uid="jifen.failed")
    mfa.authentication_failed.connect(_record_wrong_code, dispatch_uid="jifen.code")
    user_signed_up.connect(_build_listener("signin.signed_up"), weak=False, dispatch_uid="jifen.up")
    password_changed.connect(
        _build_listener("signin.password_changed"), weak=False, dispatch_uid="jifen.pw"
    )
    password_changed.connect(_forget_first_password, dispatch_uid="jifen.first_password")
    for name in ("authenticator_added", "authenticator_removed", "authenticator_reset"):
        act = _build_listener(f"signin.{name}")
        getattr(mfa, name).connect(act, weak=False, dispatch_uid=f"jifen.{name}")


def _forget_first_password(user: Any = None, **_: Any) -> None:
    """The user chose a password: it holds without end."""
    if user is not None and user.password_ends_at is not None:
        user.password_ends_at = None
        user.save(update_fields=("password_ends_at",))


def record_refusal(request: HttpRequest, account: str, seconds: int) -> None:
    """Record that somebody has to wait for the next attempt, once for each wait."""
    user = _find_user(account)
    source = source_of(request)
    digest = hashlib.sha256(f"{account.casefold()}\0{source}".encode()).hexdigest()
    if cache.add(f"signin.refused:{digest}", True, seconds):
        _record_sign_in_act("signin.refused", NOBODY, user, request)


def _build_listener(act: str) -> Any:
    def write(user: Any = None, request: Any = None, **_: Any) -> None:
        if user is not None and user.pk:
            _record_sign_in_act(act, f"user:{user.pk}", user, request)

    return write


def _record_wrong_password(credentials: Any = None, request: Any = None, **_: Any) -> None:
    """The account is named where there is one. What was typed is not kept: it may be a password in
    the wrong field."""
    account = str((credentials or {}).get("username", ""))
    _record_sign_in_act("signin.failed", NOBODY, _find_user(account), request)


def _record_wrong_code(user: Any = None, request: Any = None, **_: Any) -> None:
    """A one-time code was wrong: the password was right, and somebody should know."""
    _record_sign_in_act("signin.code_failed", NOBODY, user, request)


def _find_user(account: str) -> User | None:
    return User.objects.filter(username__iexact=account.strip()[:60]).first()


def _record_sign_in_act(
    act: str, actor: str, user: User | None, request: HttpRequest | None
) -> None:
    if (outcome := act.removeprefix("signin.")) in _OUTCOMES:
        SIGN_INS.labels(outcome).inc()
    subject = "" if user is None else f"user:{user.pk}"
    came_from_outside = request is not None and "REMOTE_ADDR" in request.META
    source = source_of(request) if request and came_from_outside else ""
    record_access(act, actor=actor, subject=subject, source=source)
