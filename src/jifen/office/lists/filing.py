"""The filing of a year that is ranked: its rules and measure, its cases, their decisions."""

from datetime import date

from django.db.models import QuerySet

from jifen import cities
from jifen.lists import ListRules, load_list_rules
from jifen.office.casework.models import Application, Decision, Outcome, State
from jifen.office.lists.faults import ListFault
from jifen.office.lists.words import say
from jifen.policy.policy import Policy

INACTIVE_STATES = (State.DRAFT, State.WITHDRAWN, State.LAPSED, State.REVOKED)
"""Cases that are not, or no longer, accepted."""


def find_rank_rules(city: str, year: int) -> ListRules:
    """The rules of a year's round. Raises ListFault where there is none."""
    for rules in load_list_rules(city):
        first = rules.filing and rules.filing.find_days(year)[0]
        if rules.mode == "rank" and first and rules.in_force_on(first):
            return rules
    words = say("filing.no_ranking_is_ruled", year=year)
    raise ListFault("JF-Q030", words, "year")


def policy_of_filing(rules: ListRules, city: str, year: int) -> Policy:
    """The measure of a year's filing. Raises ListFault where none was in force."""
    policy = cities.in_force(city, find_first_filing_day(rules, year))
    if policy is None:
        words = say("filing.no_measure_was_in_force", year=year)
        raise ListFault("JF-Q030", words, "year")
    return policy


def find_first_filing_day(rules: ListRules, year: int) -> date:
    """Its first day."""
    return rules.filing.find_days(year)[0] if rules.filing else date(year, 1, 1)


def list_accepted_cases(rules: ListRules, year: int) -> QuerySet[Application]:
    """The cases accepted in the filing of a year."""
    season = rules.filing
    first, last = season.find_days(year) if season else (date(year, 1, 1), date(year, 12, 31))
    rows = Application.objects.filter(city=rules.city).exclude(state__in=INACTIVE_STATES)
    return rows.filter(received_on__gte=first, received_on__lte=last)


def list_entering_decisions(cases: QuerySet[Application]) -> QuerySet[Decision]:
    """Their standing, signed decisions that reach the entry line."""
    rows = Decision.objects.filter(application__in=cases, outcome=Outcome.REACHED)
    return rows.filter(signed_at__isnull=False, void_at__isnull=True, revoked_at__isnull=True)
