"""Signing in and out, failures and changes of the second factor are acts like others."""

from typing import Any

from allauth.account.signals import password_changed, user_signed_up
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from jifen.office.audit.actions import record

NOBODY = "anonymous"


def connect() -> None:
    """Listen."""
    user_logged_in.connect(_of("signin.succeeded"), weak=False, dispatch_uid="jifen.in")
    user_logged_out.connect(_of("signin.ended"), weak=False, dispatch_uid="jifen.out")
    user_login_failed.connect(_failed, dispatch_uid="jifen.failed")
    user_signed_up.connect(_of("signin.signed_up"), weak=False, dispatch_uid="jifen.up")
    password_changed.connect(_of("signin.password_changed"), weak=False, dispatch_uid="jifen.pw")
    for name in ("authenticator_added", "authenticator_removed", "authenticator_reset"):
        act = _of(f"signin.{name}")
        getattr(mfa, name).connect(act, weak=False, dispatch_uid=f"jifen.{name}")


def _of(act: str) -> Any:
    def write(user: Any = None, **_: Any) -> None:
        if user is not None and user.pk:
            with transaction.atomic():
                record(act, actor=f"user:{user.pk}", subject=f"user:{user.pk}")

    return write


def _failed(**_: Any) -> None:
    """What was typed is not kept: it may be a password in the wrong field."""
    with transaction.atomic():
        record("signin.failed", actor=NOBODY)
