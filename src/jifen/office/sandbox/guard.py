"""Production never starts on a sandbox."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from jifen.office.accounts.models import InstallationMark
from jifen.office.audit.models import Entry
from jifen.office.sandbox.cast import MARK


def refuse_sandbox() -> None:
    """Raises ImproperlyConfigured where this database was a sandbox's and the mode is another."""
    if settings.JIFEN_MODE == "sandbox":
        return
    try:
        was = InstallationMark.objects.filter(name=MARK).exists()
        was = was or Entry.objects.filter(act=MARK).exists()  # marked in the log only, once
    except DatabaseError:
        return  # nothing migrated yet: nothing seeded either
    if was:
        raise ImproperlyConfigured(
            "This database was filled as a sandbox, with sign-ins that everybody knows. Use an "
            "empty database, or JIFEN_MODE=sandbox to go on trying."
        )
