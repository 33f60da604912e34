"""Who is in a unit, and which agency may act for it."""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Invitation, Mandate, Membership, Unit
from jifen.office.registry.words import say

INVITATION_VALID_FOR = timedelta(days=7)


def invite_member(user: User, unit: Unit, role: str) -> str:
    """A link's secret, shown once; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Invitation.objects.create(
            unit=unit,
            role="admin" if role == "admin" else "operator",
            token_hash=_hash_token(token),
            invited_by=user,
            expires_at=timezone.now() + INVITATION_VALID_FOR,
        )
        _record_act("unit.invited", user, unit, role=role)
    return token


def accept_invitation(user: User, token: str) -> Membership:
    """Join by an invitation, which works once. Raises RegistryFault."""
    try:
        with transaction.atomic():
            rows = Invitation.objects.select_for_update().filter(token_hash=_hash_token(token))
            invitation = rows.filter(ended_at__isnull=True, expires_at__gt=timezone.now()).first()
            if invitation is None:
                raise RegistryFault("JF-G010", _NO_INVITATION)
            invitation.accepted_by, invitation.ended_at = user, timezone.now()
            invitation.save()
            membership = Membership.objects.create(
                unit=invitation.unit, user=user, role=invitation.role
            )
            _record_act("unit.joined", user, invitation.unit, role=invitation.role)
            return membership
    except IntegrityError:
        words = say("actions.members.you_are_a_member")
        raise RegistryFault("JF-G011", words) from None


_NO_INVITATION = say("actions.members.no_invitation")


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def end_membership(user: User, membership: Membership) -> None:
    """Somebody leaves. Raises RegistryFault for the last administrator."""
    with transaction.atomic():
        unit = Unit.objects.select_for_update().get(pk=membership.unit_id)
        others = unit.memberships.filter(role="admin", ended_at__isnull=True)
        if membership.role == "admin" and not others.exclude(pk=membership.pk).exists():
            words = say("actions.members.one_administrator_has_to_stay")
            raise RegistryFault("JF-G012", words)
        Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )
        _record_act("unit.left", user, unit, member=membership.user_id)


def grant_mandate(user: User, employer: Unit, agency: Unit) -> Mandate:
    """An employer lets an agency act for it. Raises RegistryFault."""
    if agency.kind != "agency" or agency.state != "confirmed" or agency.city != employer.city:
        words = say("actions.members.this_is_no_confirmed_agency")
        raise RegistryFault("JF-G013", words, "agency")
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(agency=agency, employer=employer, granted_by=user)
            _record_act("mandate.granted", user, employer, agency=agency.pk)
            return mandate
    except IntegrityError:
        raise RegistryFault("JF-G014", _GRANTED_ALREADY) from None


_GRANTED_ALREADY = say("actions.members.granted_already")


def end_mandate(user: User, mandate: Mandate) -> None:
    """Either side ends it; from now on the agency sees and does nothing more."""
    with transaction.atomic():
        rows = Mandate.objects.filter(pk=mandate.pk, ended_at__isnull=True)
        if rows.update(ended_at=timezone.now(), ended_by=user):
            _record_act("mandate.ended", user, mandate.employer, agency=mandate.agency_id)


def _record_act(act: str, user: User, unit: Unit, **details: object) -> None:
    record(act, actor=f"user:{user.pk}", subject=f"unit:{unit.pk}", city=unit.city, details=details)
