"""The editions of a version that was put in force here: what a correction corrects, its number, and
what stood before it."""

from typing import TYPE_CHECKING

from django.db.models import Max, Q

from jifen.office.workshop.measure import base_of, read_whole
from jifen.office.workshop.models import Adoption, AdoptionState, Draft
from jifen.policy.policy import Policy

if TYPE_CHECKING:
    from django.db.models import QuerySet


def editions_of_version(city: str, version: str) -> "QuerySet[Adoption]":
    """The adopted editions of a version, the newest first."""
    rows = Adoption.objects.filter(city=city, version=version, state=AdoptionState.ADOPTED)
    return rows.order_by("-edition")


def newest_edition(city: str, version: str) -> Adoption | None:
    """The edition by which everything reads the version now; None where the version was not put in
    force here."""
    return editions_of_version(city, version).first()


def edition_to_correct(draft: Draft) -> Adoption | None:
    """What a draft can correct: the newest edition of the version that it starts from, where its
    own office put it in force."""
    if draft.base_city != draft.city:
        return None
    return newest_edition(draft.city, draft.base_version)


def next_edition(city: str, version: str) -> int:
    """The number of the next edition: no number is given twice, also not after a withdrawal."""
    rows = Adoption.objects.filter(city=city, version=version)
    signed = rows.filter(Q(state=AdoptionState.ADOPTED) | ~Q(statement=""))
    return (signed.aggregate(Max("edition"))["edition__max"] or 0) + 1


def policy_before(row: Adoption) -> Policy:
    """What stood before an adopted version: the edition that it corrects, or the version that it
    was drafted from, as it was read then. Raises StudioFault."""
    base = base_of(row.draft.base_city, row.draft.base_version)
    known = row.corrects or _edition_at_proposal(row)
    return (read_whole(base, known.text)[0] if known else None) or base


def _edition_at_proposal(row: Adoption) -> Adoption | None:
    rows = editions_of_version(row.draft.base_city, row.draft.base_version)
    return rows.filter(decided_at__lte=row.proposed_at).first()
