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


def create_token(user: User, unit: Unit, name: str, scopes: list[str]) -> tuple[Token, str]:
    """A token and its secret, which is shown once."""
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            unit=unit,
            user=user,
            name=name.strip()[:60] or "token",
            hash=_hash_secret(secret),
            scopes=[scope for scope in SCOPES if scope in scopes] or ["read"],
        )
        _record_act("token.made", user, token)
    return token, secret


def end_token(user: User, token: Token) -> None:
    """End a token."""
    with transaction.atomic():
        Token.objects.filter(pk=token.pk, ended_at__isnull=True).update(ended_at=timezone.now())
        _record_act("token.ended", user, token)


def _record_act(act: str, user: User, token: Token) -> None:
    subject, details = f"unit:{token.unit_id}", {"token": token.pk, "scopes": token.scopes}
    record(act, actor=f"user:{user.pk}", subject=subject, details=details)


def _hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Bearer(HttpBearer):
    """`Authorization: Bearer jifen_…`. Its maker must still belong to the unit."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token, if it holds and has the scope."""
        rows = Token.objects.select_related("user", "unit").filter(ended_at__isnull=True)
        known_token = rows.filter(hash=_hash_secret(token)).first()
        if (
            known_token is None
            or self.scope not in known_token.scopes
            or not known_token.user.is_active
        ):
            return None
        membership = Membership.objects.filter(
            unit=known_token.unit, user=known_token.user, ended_at__isnull=True
        )
        if not membership.exists():
            return None
        Token.objects.filter(pk=known_token.pk).update(used_at=timezone.now())
        request.user = known_token.user
        return known_token


READ, WRITE = Bearer("read"), Bearer("write")
