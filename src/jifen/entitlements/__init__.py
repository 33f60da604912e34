"""What a permit, points or a settlement route opens: dated data, asked about one person."""

from jifen.entitlements.answers import (
    EntitlementAnswer,
    EntitlementState,
    KnownStatus,
    MissingNeed,
    assess_entitlement,
)
from jifen.entitlements.entitlements_file import load_entitlements, read_entitlements
from jifen.entitlements.model import CityEntitlements, Entitlement

__all__ = [
    "CityEntitlements",
    "Entitlement",
    "EntitlementAnswer",
    "EntitlementState",
    "KnownStatus",
    "MissingNeed",
    "assess_entitlement",
    "load_entitlements",
    "read_entitlements",
]
