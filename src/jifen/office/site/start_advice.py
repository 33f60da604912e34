"""What an installation should change and can run without: told at each start."""

import logging

from jifen.office.audit.faults import LogFault
from jifen.office.audit.weaknesses import list_weaknesses

logger = logging.getLogger("jifen.start")


def advise() -> list[LogFault]:
    """Tell what makes the log of this installation prove less than it could."""
    found = list(list_weaknesses())
    for one in found:
        logger.warning("%s", one.in_both_languages)
    return found
