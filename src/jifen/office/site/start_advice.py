"""What an installation should change and can run without: told at each start, in production."""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from jifen.office.audit.roles import current_role
from jifen.office.audit.words import Broken, broken

logger = logging.getLogger("jifen.start")


def advise() -> list[Broken]:
    """Tell what makes the log of this installation prove less than it could."""
    found = list(_weak_log()) if settings.JIFEN_MODE == "production" else []
    for one in found:
        logger.warning("%s", one.both)
    return found


def _weak_log() -> Iterator[Broken]:
    role, owns = current_role()
    if connection.vendor == "postgresql" and owns:
        yield broken("JF-D008", "owner", role=role)
    if "anchors" not in settings.STORAGES:
        yield broken("JF-D009", "nowhere")
