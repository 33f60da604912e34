"""The city's unified identity says who signs in: its claims tie the account to the person.

Which claims hold the identity number and the name is the city's to say (JIFEN_OIDC_IDENTITY_CLAIM,
JIFEN_OIDC_NAME_CLAIM); without them nobody is tied. Claims are only read where the provider vouches
for them: in the token and the user info of the sign-in itself.
"""

import logging
from collections.abc import Mapping
from typing import Any

from allauth.account.signals import user_logged_in
from django.conf import settings

from jifen.office.accounts.models import User
from jifen.office.registry.actions.ties import tie_by_identity
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person

logger = logging.getLogger("jifen.identity")


def connect_sign_in() -> None:
    """Listen to sign-ins through the provider."""
    user_logged_in.connect(_tie_signed_in_user, dispatch_uid="jifen.unified_identity")


def _tie_signed_in_user(user: User, sociallogin: Any = None, **_: Any) -> None:
    if sociallogin is not None:
        tie_by_claims(user, sociallogin.account.extra_data)


def tie_by_claims(user: User, data: Mapping[str, Any]) -> Person | None:
    """Tie an account to the person that the claims name. None where they name nobody, or somebody
    whom another account is tied to: a window decides then, and the sign-in itself stands."""
    claims = {**data, **_get_mapping(data, "id_token"), **_get_mapping(data, "userinfo")}
    if not settings.JIFEN_OIDC_IDENTITY_CLAIM:
        return None
    number = claims.get(settings.JIFEN_OIDC_IDENTITY_CLAIM)
    name = claims.get(settings.JIFEN_OIDC_NAME_CLAIM)
    if not (isinstance(number, str) and isinstance(name, str) and number and name.strip()):
        return None
    try:
        return tie_by_identity(user, number, name)
    except RegistryFault as fault:
        logger.warning("the unified identity names nobody: %s", fault.code)
        return None


def _get_mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    return part if isinstance(part, Mapping) else {}
