"""What a permit, points or a settlement route opens: dated data, asked about one person."""

from jifen.entitlements.model import City, Entitlement
from jifen.entitlements.open import Known, Missing, Opened, State, opened
from jifen.entitlements.read import entitlements, read_entitlements

__all__ = [
    "City",
    "Entitlement",
    "Known",
    "Missing",
    "Opened",
    "State",
    "entitlements",
    "opened",
    "read_entitlements",
]
