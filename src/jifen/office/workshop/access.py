"""The only doors to drafts and populations: they are those of one's own office, and of nobody
else."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import list_posts
from jifen.office.workshop.faults import (
    NoSuchDraft,
    is_closed,
    is_decided,
    needs_another_person,
    not_allowed,
)
from jifen.office.workshop.models import Adoption, AdoptionState, Draft, Population
from jifen.office.workshop.rules import (
    ACTS,
    ADOPTION_ACTS,
    STUDIO,
    WHILE_OPEN,
    acts_for,
    adoption_acts_for,
)


@dataclass(eq=False)
class DraftInHand:
    """A draft in somebody's hands: their roles, and what they may do with it."""

    draft: Draft
    user: User
    roles: frozenset[str]

    @property
    def acts(self) -> frozenset[str]:
        """What may be done now."""
        return acts_for(self.draft.state, self.roles)

    def refuse_unless(self, act: str) -> None:
        """Raises StudioFault where the act may not be done now, or not by this role."""
        if act in self.acts:
            return
        raise is_closed() if self.roles & set(ACTS[act]) and act in WHILE_OPEN else not_allowed()


def offices(user: User | AnonymousUser, *roles: str) -> tuple[str, ...]:
    """The cities in whose studio somebody works; with `roles`, in one of these."""
    wanted = roles or STUDIO
    return tuple(dict.fromkeys(post.city for post in list_posts(user) if post.role in wanted))


def drafts_of(user: User | AnonymousUser) -> "QuerySet[Draft]":
    """The drafts that somebody may know of."""
    return Draft.objects.filter(city__in=offices(user))


def populations_of(user: User | AnonymousUser) -> "QuerySet[Population]":
    """The populations that somebody may know of."""
    return Population.objects.filter(city__in=offices(user))


def draft_for(user: User, draft: Draft) -> DraftInHand | None:
    """The draft in somebody's hands; None where they may not know of it."""
    own: set[Any] = {post.role for post in list_posts(user) if post.city == draft.city}
    roles = frozenset(own) & frozenset(STUDIO)
    return DraftInHand(draft, user, roles) if roles else None


def access_draft(user: User, key: UUID, act: str = "see") -> DraftInHand:
    """The door: the draft for an act. Raises NoSuchDraft, StudioFault."""
    draft = Draft.objects.filter(key=key).first()
    hand = draft_for(user, draft) if draft else None
    if hand is None:
        raise NoSuchDraft
    hand.refuse_unless(act)
    return hand


def refuse_unless_drafter(user: User, city: str) -> None:
    """Raises NoSuchDraft for who is not of this office, StudioFault for other roles of it."""
    if city not in offices(user):
        raise NoSuchDraft
    if city not in offices(user, Role.DRAFTER):
        raise not_allowed()


@dataclass(eq=False)
class AdoptionInHand:
    """An adoption in somebody's hands, and what they may do with it now."""

    adoption: Adoption
    user: User
    acts: frozenset[str]


def access_adoption(user: User, key: UUID, act: str = "see") -> AdoptionInHand:
    """The door: the adoption for an act. Raises NoSuchDraft, StudioFault."""
    rows = Adoption.objects.select_related("draft", "revision", "proposed_by", "decided_by")
    adoption = rows.filter(key=key).first()
    hand = draft_for(user, adoption.draft) if adoption else None
    if adoption is None or hand is None:
        raise NoSuchDraft
    acts = adoption_acts_for(adoption, hand.roles, user.pk)
    if act in acts:
        return AdoptionInHand(adoption, user, acts)
    if not hand.roles & set(ADOPTION_ACTS[act]):
        raise not_allowed()
    if act == "decide" and adoption.state == AdoptionState.PROPOSED:
        raise needs_another_person()
    raise is_decided()


def adopted_edition(key: UUID) -> Adoption | None:
    """A version that was adopted, which everybody may see; None where there is none."""
    return Adoption.objects.filter(key=key, state=AdoptionState.ADOPTED).first()
