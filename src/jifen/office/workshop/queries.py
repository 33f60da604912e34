"""Reads of published policies."""

from jifen.office.workshop.actions.editions import Difference, difference
from jifen.office.workshop.models import PolicyEdition
from jifen.policy.policy import Policy


def changed_in_place(policy: Policy) -> Difference | None:
    """How a policy differs from what was recorded under its edition number; None if it does not."""
    row = PolicyEdition.objects.filter(
        policy=policy.id, version=policy.version, edition=policy.edition
    ).first()
    return difference(row, policy) if row and row.hash != policy.hash else None
