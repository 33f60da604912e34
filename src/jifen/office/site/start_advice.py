"""What an installation should change and can run without: told at each start."""

import logging

from jifen.office.audit.weak import weak_points
from jifen.office.audit.words import Broken

logger = logging.getLogger("jifen.start")


def advise() -> list[Broken]:
    """Tell what makes the log of this installation prove less than it could."""
    found = list(weak_points())
    for one in found:
        logger.warning("%s", one.both)
    return found
