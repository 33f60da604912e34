"""What makes the log of an installation prove less than it could."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from jifen.office.audit.roles import current_role
from jifen.office.audit.words import Broken, broken


def weak_points() -> Iterator[Broken]:
    """The site owns its tables; digests are kept in the database only. Outside of production
    nothing is."""
    if settings.JIFEN_MODE != "production":
        return
    role, owns = current_role()
    if connection.vendor == "postgresql" and owns:
        yield broken("JF-J008", "owner", role=role)
    if "anchors" not in settings.STORAGES:
        yield broken("JF-J009", "nowhere")
