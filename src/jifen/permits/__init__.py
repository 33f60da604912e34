"""The residence permit over the years: issue, endorsement, lapse; dates in, dates out."""

from jifen.permits.ahead import Automatic, Dwelling, Early, automatic, early
from jifen.permits.card import Card, Refused, Standing, Status, endorse, issue, restore
from jifen.permits.model import PermitRules
from jifen.permits.months import MonthStanding, month_by_month
from jifen.permits.read import NoPermitRules, permit_rules, read_permits, rules_on
from jifen.permits.words import later_words

__all__ = [
    "Automatic",
    "Card",
    "Dwelling",
    "Early",
    "MonthStanding",
    "NoPermitRules",
    "PermitRules",
    "Refused",
    "Standing",
    "Status",
    "automatic",
    "early",
    "endorse",
    "issue",
    "later_words",
    "month_by_month",
    "permit_rules",
    "read_permits",
    "restore",
    "rules_on",
]
