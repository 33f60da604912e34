"""The residence permit over the years: issue, endorsement, lapse, restoration. Pure: dates come in
as arguments."""

from jifen.permits.card import (
    PermitActRefused,
    PermitCard,
    PermitState,
    PermitStatus,
    endorse_card,
    issue_card,
    restore_card,
)
from jifen.permits.early_endorsement import (
    AutomaticEndorsement,
    Dwelling,
    EarlyEndorsement,
    check_automatic_endorsement,
    find_early_endorsement,
)
from jifen.permits.messages import describe_late_endorsement
from jifen.permits.model import PermitRules
from jifen.permits.month_history import MonthStatus, list_month_statuses
from jifen.permits.permit_file import (
    NoPermitRules,
    load_permit_rules,
    permit_rules_on,
    read_permit_rules,
)

__all__ = [
    "AutomaticEndorsement",
    "Dwelling",
    "EarlyEndorsement",
    "MonthStatus",
    "NoPermitRules",
    "PermitActRefused",
    "PermitCard",
    "PermitRules",
    "PermitState",
    "PermitStatus",
    "check_automatic_endorsement",
    "describe_late_endorsement",
    "endorse_card",
    "find_early_endorsement",
    "issue_card",
    "list_month_statuses",
    "load_permit_rules",
    "permit_rules_on",
    "read_permit_rules",
    "restore_card",
]
