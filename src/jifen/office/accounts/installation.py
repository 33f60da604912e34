"""Accounts from the command line: the first administrator, lost passwords and second factors."""

import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import Role, User
from jifen.office.accounts.role_grants import add_role
from jifen.office.accounts.words import say
from jifen.office.audit.actions import record

ACTOR = "command line"
FIRST_PASSWORD_HOURS = 72
"""How long a password holds that the operator handed over; its owner sets another at the first
sign-in (OWASP ASVS 5.0, 6.4.1)."""


def add_administrator(
    name: str, city: str, shown_name: str = "", role: str = Role.SECURITY_ADMIN
) -> str:
    """Create a user with an administration role (a security administrator gives roles, and a city
    administrator confirms those that sign). Returns the password. Raises RoleFault."""
    if User.objects.filter(username__iexact=name.strip()).exists():
        words = say("installation.the_sign_in_name")
        raise RoleFault("JF-N008", words, "name")
    password = secrets.token_urlsafe(15)
    with transaction.atomic():
        ends_at = _end_first_password()
        user = User.objects.create_user(
            name, password, name=shown_name or name, password_ends_at=ends_at
        )
        add_role(user, role, city)
        record(
            "role.given",
            actor=ACTOR,
            subject=f"user:{user.pk}",
            city=city,
            details={"role": role},
        )
    return password


def reset_password(name: str) -> str:
    """Set and return a new password. All sessions of the user end, since each carries a hash of
    the old one."""
    user = _find_user(name)
    with transaction.atomic():
        password = set_first_password(user, None)
        record("signin.password_reset", actor=ACTOR, subject=f"user:{user.pk}")
    return password


def set_first_password(user: User, by: User | None) -> str:
    """Set and return a password that its owner changes at the next sign-in; `by`: who did it in
    the browser."""
    password = secrets.token_urlsafe(15)
    user.set_password(password)
    user.password_ends_at, user.password_set_by = _end_first_password(), by
    user.save(update_fields=("password", "password_ends_at", "password_set_by"))
    return password


def _end_first_password() -> datetime:
    return timezone.now() + timedelta(hours=FIRST_PASSWORD_HOURS)


def remove_second_factor(name: str) -> int:
    """Remove the second factors of a user. Returns how many. Staff set up another at the next
    sign-in."""
    user = _find_user(name)
    with transaction.atomic():
        count: int
        count, _ = Authenticator.objects.filter(user_id=user.pk).delete()
        record("signin.second_factor_removed", actor=ACTOR, subject=f"user:{user.pk}")
    return count


def _find_user(name: str) -> User:
    user = User.objects.filter(username__iexact=name.strip()).first()
    if user is None:
        words = say("installation.there_is_no_sign", name=name[:40])
        raise RoleFault("JF-N001", words, "name")
    return user
