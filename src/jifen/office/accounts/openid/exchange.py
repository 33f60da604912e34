"""The exchange with the provider: its description, the token about who signed in, the user info."""

import logging
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import get_request_param
from django.http import HttpRequest

logger = logging.getLogger("jifen.identity")

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""Signatures with a key that only the provider has: none at all and shared secrets are refused."""
CLOCK_SECONDS = 60
"""By how much the clock of the provider may differ from ours."""
_NEEDED = ["iss", "sub", "aud", "exp", "iat"]


class UnifiedIdentityClient(OAuth2Client):  # type: ignore[misc] # carries no types
    """Sends a nonce with each sign-in."""

    def get_redirect_url(self, url: str, scope: list[str], parameters: dict[str, str]) -> str:
        """The address of the provider at which somebody signs in."""
        own = parameters | {"nonce": derive_nonce(str(self.state))}
        address: str = super().get_redirect_url(url, scope, own)
        return address


class UnifiedIdentityExchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # carries no types
    """What the provider says, checked. Each refusal is an OAuth2Error, which the library shows as a
    sign-in that failed."""

    client_class = UnifiedIdentityClient

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself. Refused where it names another issuer than the
        address that the city configured: another's tokens would pass."""
        config: dict[str, Any] = super().openid_config
        expected = self._issuer()
        if str(config.get("issuer", "")).rstrip("/") != expected:
            raise _refuse("its description names another issuer")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **answer: Any
    ) -> SocialLogin:
        """Who signed in, by a token whose signature holds and by the user info for the same
        subject."""
        signed = answer["response"].get("id_token")
        if not signed:
            raise _refuse("it gave no token about who signed in")
        about = self._decode_id_token(app, signed)
        info = self._fetch_user_info(token.token)
        if info.get("sub") != about["sub"]:
            raise _refuse("its token and its user info are about different people")
        data = {"userinfo": info, "id_token": about}
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            algorithm, key = jwtkit.fetch_key(
                id_token, self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk
            )
            if algorithm not in ALGORITHMS:
                raise _refuse("its token is not signed with a key of its own")
            about: dict[str, Any] = jwt.decode(
                id_token,
                key=key,
                algorithms=[algorithm],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCK_SECONDS,
                options={"require": _NEEDED},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise _refuse(f"its token does not hold: {type(error).__name__}") from error
        self._check_receiver(app, about)
        return about

    def _check_receiver(self, app: SocialApp, about: Mapping[str, Any]) -> None:
        """A token for several receivers says for whom it was made; each belongs to one sign-in."""
        if about.get("azp", app.client_id) != app.client_id:
            raise _refuse("its token was made for another site")
        if about.get("nonce") != derive_nonce(get_request_param(self.request, "state", "")):
            raise _refuse("its token belongs to another sign-in")

    def _issuer(self) -> str:
        configured: str = self.get_provider().app.settings["server_url"]
        return configured.partition("/.well-known/")[0].rstrip("/")


def derive_nonce(state: str) -> str:
    """The nonce of a sign-in. The state is random, bound to the session and used once, so that what
    is derived from it needs no place of its own."""
    return sha256(b"nonce " + state.encode()).hexdigest()


def _refuse(why: str) -> OAuth2Error:
    logger.warning("the unified identity is refused: %s", why)
    return OAuth2Error(f"The unified identity is refused: {why}")
