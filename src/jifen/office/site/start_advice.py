"""Warnings at each start about what an installation should change but can run without."""

import logging

from jifen.office.audit.faults import LogFault
from jifen.office.audit.weaknesses import list_weaknesses

logger = logging.getLogger("jifen.start")


def log_weaknesses() -> list[LogFault]:
    """Log what makes the audit log of this installation prove less than it could."""
    weaknesses = list(list_weaknesses())
    for weakness in weaknesses:
        logger.warning("%s", weakness.in_both_languages)
    return weaknesses
