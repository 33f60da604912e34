"""What the provider of the tests says about somebody: in its process only."""

from typing import Any, ClassVar

from oauth2_provider.oauth2_validators import OAuth2Validator


class Claims(OAuth2Validator):  # type: ignore[misc] # carries no types
    """Name and identity number, for whoever may see the profile."""

    oidc_claim_scope: ClassVar = {"sub": "openid", "name": "profile", "id_number": "profile"}

    def get_additional_claims(self, request: Any) -> dict[str, str]:
        """The claims of the person who signed in."""
        return {"name": request.user.first_name, "id_number": request.user.last_name}
