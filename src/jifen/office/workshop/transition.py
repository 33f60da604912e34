"""What an adoption would change for cases that are open: the rules of a case are those of the day
on which it is received, so that only drafts can come under the new version."""

from dataclasses import dataclass
from datetime import date

from jifen.facts.situation import examine_facts
from jifen.office.casework.case_policy import add_false_material_dates, select_claimed_facts
from jifen.office.casework.models import OPEN, Application, State
from jifen.policy.policy import Policy
from jifen.scoring import score_situation

MOST_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Transition:
    """`received`: open cases, which stay under the version of their day. `drafts`: cases not yet
    submitted; of the `compared` ones, those that would reach the line, or no longer, on the first
    day of the new version."""

    received: int
    drafts: int
    compared: int
    would_reach: int
    would_lose: int


def count_transition(city: str, old: Policy, new: Policy, since: date) -> Transition:
    """The open cases of a city under an old and a new version, on the first day of the new one."""
    rows = Application.objects.filter(city=city)
    received = rows.filter(state__in=[s for s in OPEN if s != State.DRAFT]).count()
    drafts = rows.filter(state=State.DRAFT).order_by("-id")
    compared = reach = lose = 0
    for application in drafts.prefetch_related("items")[:MOST_COMPARED]:
        before = _reaches(application, old, since)
        after = _reaches(application, new, since)
        compared += 1
        reach += after and not before
        lose += before and not after
    return Transition(received, drafts.count(), compared, reach, lose)


def _reaches(application: Application, policy: Policy, on: date) -> bool:
    """Whether the facts as they are typed surely reach the line."""
    rules = policy.rules_on(on)
    facts = add_false_material_dates(
        application, select_claimed_facts(application.items.all()), rules
    )
    situation, _ = examine_facts(rules, facts, on)
    return score_situation(rules, situation).reached is True
