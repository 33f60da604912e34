"""The only doors to consultations: the office by its roles; everybody once one is open."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from jifen.office.accounts.models import User
from jifen.office.consultation.days import today
from jifen.office.consultation.faults import NoSuchConsultation, refused
from jifen.office.consultation.models import Consultation
from jifen.office.consultation.rules import PUBLIC, STEPS, find_steps, is_over, roles_of
from jifen.office.workshop.access import draft_for


@dataclass(eq=False)
class ConsultationInHand:
    """A consultation in somebody's hands: their roles, and what they may do with it today."""

    consultation: Consultation
    user: User
    roles: frozenset[str]

    @property
    def acts(self) -> frozenset[str]:
        """What may be done now."""
        steps = find_steps(self.consultation, self.roles, self.user.pk, today())
        return frozenset(step.act for step in steps)

    def refuse_unless(self, act: str) -> None:
        """Raises ConsultationFault where the act may not be done now, or not by this person."""
        if act in self.acts:
            return
        if not self.roles & roles_of(act):
            raise refused("JF-D001", "role")
        raise refused("JF-D001", "same_person" if self._is_same_person(act) else "state")

    def _is_same_person(self, act: str) -> bool:
        """Whether somebody else of the same role might do it."""
        row = self.consultation
        phase = "over" if is_over(row, today()) else "running"
        return any(
            step.act == act
            and step.state == row.state
            and step.phase in ("any", phase)
            and step.not_by
            and getattr(row, step.not_by) == self.user.pk
            for step in STEPS
        )


def access_consultation(user: User, key: UUID) -> ConsultationInHand:
    """The door of the office. Raises NoSuchConsultation for others."""
    rows = Consultation.objects.select_related("draft", "revision", "proposed_by", "decided_by")
    row = rows.filter(key=key).first()
    hand = draft_for(user, row.draft) if row else None
    if row is None or hand is None:
        raise NoSuchConsultation
    return ConsultationInHand(row, user, hand.roles)


def public_consultations() -> "QuerySet[Consultation]":
    """Those that everybody may see: open ones, and those that were."""
    return Consultation.objects.filter(
        Q(state__in=[state.value for state in PUBLIC]) | Q(opens_on__isnull=False)
    ).select_related("draft", "revision", "run__population")


def public_consultation(key: UUID) -> Consultation:
    """The door of the public. Raises NoSuchConsultation."""
    row = public_consultations().filter(key=key).first()
    if row is None:
        raise NoSuchConsultation
    return row
