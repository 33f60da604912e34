"""The only writes: recording the editions of the shipped policies."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from jifen.cities import index, load_policy_file
from jifen.office.workshop.models import PolicyEdition
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy

logger = logging.getLogger("jifen.workshop")


@dataclass(frozen=True, slots=True)
class Difference:
    """An edition whose text is not what was recorded under its number."""

    policy: str
    version: str
    edition: int
    recorded_hash: str
    found_hash: str
    seen_on: date


def record_editions(policies: Iterable[Policy] | None = None) -> list[Difference]:
    """Record each edition that is new; keep, and report, each that was changed in place."""
    differences = []
    with transaction.atomic():
        for policy in shipped() if policies is None else policies:
            row, _ = PolicyEdition.objects.get_or_create(
                policy=policy.id,
                version=policy.version,
                edition=policy.edition,
                defaults={
                    "city": policy.city,
                    "hash": policy.hash,
                    "recorded_on": policy.recorded_on,
                    "first_seen_at": timezone.now(),
                },
            )
            if row.hash != policy.hash:
                differences.append(difference(row, policy))
    for found in differences:
        logger.warning(
            "%s %s, edition %s: its text differs from what was recorded on %s. The recorded row "
            "is kept; a correction needs a new edition number.",
            found.policy,
            found.version,
            found.edition,
            found.seen_on,
        )
    return differences


def difference(row: PolicyEdition, policy: Policy) -> Difference:
    """How a policy differs from its recorded edition."""
    seen = timezone.localtime(row.first_seen_at).date()
    return Difference(row.policy, row.version, row.edition, row.hash, policy.hash, seen)


def shipped() -> Iterator[Policy]:
    """Every policy that can be read; one with faults is reported and left out."""
    for city in index().values():
        for version in city.versions:
            try:
                yield load_policy_file(version.path)
            except (PolicyError, OSError) as error:
                logger.error("%s %s cannot be read:\n%s", city.id, version.version, error)
