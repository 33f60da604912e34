"""Settings of an installation that make its log prove less than it could."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from jifen.office.audit.faults import LogFault, build_log_fault
from jifen.office.audit.roles import current_role


def list_weaknesses() -> Iterator[LogFault]:
    """Weaknesses of a production site: it owns its tables, or digests stand in the database only.
    Outside of production there are none."""
    if settings.JIFEN_MODE != "production":
        return
    role, owns = current_role()
    if connection.vendor == "postgresql" and owns:
        yield build_log_fault("JF-J008", "owner", role=role)
    if "anchors" not in settings.STORAGES:
        yield build_log_fault("JF-J009", "nowhere")
