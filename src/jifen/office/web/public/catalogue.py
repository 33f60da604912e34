"""The shipped cities and policies as the pages reach them: a faulty file never breaks a page."""

import logging
from datetime import date
from functools import cache
from pathlib import Path

from django.http import Http404
from django.utils import timezone

from jifen.cities import City, MeasureVersion, index, load_policy_file
from jifen.facts.spelling import try_read_day
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy

logger = logging.getLogger("jifen.web")

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


def today() -> date:
    """The day in the cities."""
    return timezone.localdate()


def day_or(text: str | None, default: date) -> date:
    """A typed day between 1990 and 2100, or the default where it is none."""
    day = try_read_day(text or "")
    return day if day and FIRST <= day <= LAST else default


def city_or_404(ident: str) -> City:
    """A shipped city."""
    if ident not in index():
        raise Http404
    return index()[ident]


def policy_or_404(city: City, version: str) -> Policy:
    """A shipped version that can be read."""
    for known in city.versions:
        if known.version == version and (policy := readable(known)):
            return policy
    raise Http404


def readable(version: MeasureVersion | None) -> Policy | None:
    """The policy of a version; None, with the fault logged, where its file is faulty."""
    return _read(version.path) if version else None


@cache
def _read(path: Path) -> Policy | None:
    try:
        policy = load_policy_file(path)
        for since in (policy.since, *(overlay.since for overlay in policy.overlays)):
            policy.rules_on(since)
    except (PolicyError, OSError) as error:
        logger.error("%s cannot be read:\n%s", path.name, error)
        return None
    return policy


def policies(city: City) -> list[Policy]:
    """Every readable version of a city, from the oldest."""
    return [policy for version in city.versions if (policy := readable(version))]
