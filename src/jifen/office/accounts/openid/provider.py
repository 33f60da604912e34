"""What django-allauth asks for: the provider that signs in by our exchange."""

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from jifen.office.accounts.openid.exchange import UnifiedIdentityExchange


class UnifiedIdentityProvider(OpenIDConnectProvider):  # type: ignore[misc] # carries no types
    """A city's unified identity."""

    oauth2_adapter_class = UnifiedIdentityExchange
