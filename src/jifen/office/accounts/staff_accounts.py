"""Accounts of the staff, as a security administrator keeps them in the browser: invited with a
password that holds once, locked, signed out, helped after a lost password or phone.

Nobody gets into the account of another with these: whoever set a password does not remove the
second factor as well before its owner chose a password, and the other way round. Accounts that are
used elsewhere too (by an applicant, by a unit, in another city) are not touched.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q, QuerySet

from jifen.office.accounts import account_faults as faults
from jifen.office.accounts.actions import give_role
from jifen.office.accounts.installation import set_first_password
from jifen.office.accounts.models import Role, RoleProposal, StaffRole, User
from jifen.office.accounts.roles import list_posts
from jifen.office.audit.actions import record

MOST_NAME = 60


def list_staff_accounts(by: User) -> QuerySet[User]:
    """Whoever has, had or is to have a role in the cities that somebody is the security
    administrator of, by name."""
    cities = _list_cities(by)
    roles = StaffRole.objects.filter(city__in=cities).values("user")
    proposals = RoleProposal.objects.filter(city__in=cities).values("user")
    rows = User.objects.filter(Q(pk__in=roles) | Q(pk__in=proposals))
    return rows.order_by("username")


def _list_cities(by: User) -> list[str]:
    return [post.city for post in list_posts(by) if post.role == Role.SECURITY_ADMIN]


def invite(by: User, username: str, shown_name: str, email: str, **role: str) -> tuple[User, str]:
    """Create an account and give, or propose, its first role (`role`, `city`, `district`,
    `department`). Returns it with a password that holds for three days and is changed at the first
    sign-in. Raises RoleFault."""
    name = username.strip()
    if not name or len(name) > MOST_NAME or len(name.split()) > 1:
        raise faults.BAD_NAME
    if email.strip() and "@" not in email:
        raise faults.BAD_EMAIL
    if User.objects.filter(username__iexact=name).exists():
        raise faults.NAME_TAKEN
    with transaction.atomic():
        shown = " ".join(shown_name.split())[:MOST_NAME]
        user = User.objects.create_user(name, name=shown or name, email=email.strip()[:254])
        password = set_first_password(user, by)
        give_role(by, name, **role)
        _record_act("account.invited", by, user)
    return user, password


def lock_account(by: User, pk: int) -> User:
    """Nobody signs in to it any more, and who is signed in is signed out. Raises RoleFault."""
    with transaction.atomic():
        user = _lock_row(by, pk)
        user.is_active = False
        user.save(update_fields=("is_active",))
        _end_all_sessions(user)
        _record_act("account.locked", by, user)
    return user


def unlock_account(by: User, pk: int) -> User:
    """It may sign in again. Raises RoleFault."""
    with transaction.atomic():
        user = _lock_row(by, pk)
        user.is_active = True
        user.save(update_fields=("is_active",))
        _record_act("account.unlocked", by, user)
    return user


def end_sessions(by: User, pk: int) -> User:
    """Sign somebody out everywhere. Raises RoleFault."""
    with transaction.atomic():
        user = _lock_row(by, pk)
        _end_all_sessions(user)
        _record_act("account.signed_out", by, user)
    return user


def _end_all_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def reset_password(by: User, pk: int) -> tuple[User, str]:
    """Set a password that holds for three days and is changed at the next sign-in; every session
    ends. Raises RoleFault where the asker removed the second factor and none is set up since."""
    with transaction.atomic():
        user = _lock_row(by, pk)
        if user.factor_removed_by_id == by.pk and not _has_factor(user):
            raise faults.BOTH_BY_ONE
        password = set_first_password(user, by)
        _end_all_sessions(user)
        _record_act("signin.password_reset", by, user)
    return user, password


def remove_second_factor(by: User, pk: int) -> User:
    """For a lost phone: another factor is set up at the next sign-in, with the owner's own
    password. Raises RoleFault where the asker set the password that holds."""
    with transaction.atomic():
        user = _lock_row(by, pk)
        if user.password_set_by_id == by.pk and user.password_ends_at is not None:
            raise faults.BOTH_BY_ONE
        Authenticator.objects.filter(user_id=user.pk).delete()
        user.factor_removed_by = by
        user.save(update_fields=("factor_removed_by",))
        _end_all_sessions(user)
        _record_act("signin.second_factor_removed", by, user)
    return user


def _has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk).exists())


def _lock_row(by: User, pk: int) -> User:
    """Another's account, locked until the end of the transaction. Raises RoleFault."""
    theirs = list_staff_accounts(by).order_by().values("pk")
    user = User.objects.select_for_update().filter(pk=pk, pk__in=theirs).first()
    if user is None:
        raise faults.NO_ACCOUNT
    if user.pk == by.pk:
        raise faults.OWN_ACCOUNT
    if _is_used_elsewhere(user, _list_cities(by)):
        raise faults.USED_ELSEWHERE
    return user


def _is_used_elsewhere(user: User, cities: list[str]) -> bool:
    """Whether an account is also an applicant's, a unit's, or of the staff of another city. To give
    it a role opens nothing of these to whoever gave it."""
    own = User.objects.filter(pk=user.pk)
    if own.filter(Q(person__isnull=False) | Q(memberships__isnull=False)).exists():
        return True
    return StaffRole.objects.filter(user=user).exclude(city__in=cities).exists()


def _record_act(act: str, by: User, user: User) -> None:
    record(act, actor=f"user:{by.pk}", subject=f"user:{user.pk}", city=_list_cities(by)[0])
