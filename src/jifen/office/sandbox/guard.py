"""Production never starts on a sandbox."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from jifen.office.accounts.models import InstallationMark, User
from jifen.office.audit.models import Entry
from jifen.office.sandbox.cast import MARK, OTHERS, PASSWORD, STAFF


def refuse_sandbox() -> None:
    """Raises ImproperlyConfigured where this database was a sandbox's and the mode is another."""
    if settings.JIFEN_MODE == "sandbox":
        return
    try:
        was = InstallationMark.objects.filter(name=MARK).exists()
        was = was or Entry.objects.filter(act=MARK).exists()  # marked in the log only, once
        was = was or _has_known_sign_in()
    except DatabaseError:
        return  # nothing migrated yet: nothing seeded either
    if was:
        raise ImproperlyConfigured(
            "This database was filled as a sandbox, with sign-ins that everybody knows. Use an "
            "empty database, or JIFEN_MODE=sandbox to go on trying."
        )


def _has_known_sign_in() -> bool:
    """Whether somebody of the cast still signs in with the password that everybody knows, whoever
    emptied the log and removed the mark."""
    names = [player.username for player in (*STAFF, *OTHERS)]
    cast = User.objects.filter(username__in=names, is_active=True)
    return any(user.check_password(PASSWORD) for user in cast)
