"""Making, ending and recognising tokens."""

import hashlib
import secrets

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from jifen.office.accounts.models import User
from jifen.office.api.models import SCOPES, Token
from jifen.office.audit.actions import record
from jifen.office.registry.models import Membership, Unit

PREFIX = "jifen_"


def make(user: User, unit: Unit, name: str, scopes: list[str]) -> tuple[Token, str]:
    """A token and its secret, which is shown once."""
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        made = Token.objects.create(
            unit=unit,
            user=user,
            name=name.strip()[:60] or "token",
            hash=_hash(secret),
            scopes=[scope for scope in SCOPES if scope in scopes] or ["read"],
        )
        _log("token.made", user, made)
    return made, secret


def end(user: User, token: Token) -> None:
    """It opens nothing any more."""
    with transaction.atomic():
        Token.objects.filter(pk=token.pk, ended_at__isnull=True).update(ended_at=timezone.now())
        _log("token.ended", user, token)


def _log(act: str, user: User, token: Token) -> None:
    subject, details = f"unit:{token.unit_id}", {"token": token.pk, "scopes": token.scopes}
    record(act, actor=f"user:{user.pk}", subject=subject, details=details)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Bearer(HttpBearer):
    """`Authorization: Bearer jifen_…`. Its maker must still belong to the unit."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token, if it holds and has the scope."""
        rows = Token.objects.select_related("user", "unit").filter(ended_at__isnull=True)
        found = rows.filter(hash=_hash(token)).first()
        if found is None or self.scope not in found.scopes or not found.user.is_active:
            return None
        member = Membership.objects.filter(unit=found.unit, user=found.user, ended_at__isnull=True)
        if not member.exists():
            return None
        Token.objects.filter(pk=found.pk).update(used_at=timezone.now())
        request.user = found.user
        return found


READ, WRITE = Bearer("read"), Bearer("write")
