"""What an adoption would change for cases that are open: the rules of a case are those of the day
on which it is received, so that a new version meets drafts only; a correction of a version also
meets the cases that were received under it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from jifen.facts.situation import examine_facts
from jifen.office.accounts.models import User
from jifen.office.casework.access import visible_to
from jifen.office.casework.case_policy import (
    add_false_material_dates,
    select_claimed_facts,
    select_confirmed_facts,
)
from jifen.office.casework.models import OPEN, Application, State
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.text import Text
from jifen.scoring import score_situation
from jifen.scoring.result_status.outcome_texts import describe_future_outcome

MOST_COMPARED = 300
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class PointsUnderText:
    """The points that the facts of a case give, and whether they reach the line (None: not
    certain)."""

    points: str
    reached: bool | None

    @property
    def reaches(self) -> bool:
        """Whether they surely reach it."""
        return self.reached is True

    @property
    def outcome(self) -> Text:
        """The same in words."""
        return describe_future_outcome(self.reached)


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """An open case whose points or result the new text changes. `number`: empty for a draft."""

    id: int
    key: UUID
    number: str
    before: PointsUnderText
    after: PointsUnderText


@dataclass(frozen=True, slots=True)
class Transition:
    """`received`: open cases that stay under the version of their day. `drafts`: cases not yet
    submitted; `corrected`: received cases that a correction meets. Of the `compared` ones, those
    that would reach the line, or no longer, and every one that changes."""

    received: int
    drafts: int
    corrected: int
    compared: int
    changed: tuple[ChangedCase, ...]

    @property
    def would_reach(self) -> int:
        """Those that reach the line only under the new text."""
        return sum(case.after.reaches and not case.before.reaches for case in self.changed)

    @property
    def would_lose(self) -> int:
        """Those that reach it only under the old text."""
        return sum(case.before.reaches and not case.after.reaches for case in self.changed)

    def list_named(self, user: User) -> list[ChangedCase]:
        """The changed cases that somebody may see whole, as many as a page holds."""
        ids = [case.id for case in self.changed]
        visible = visible_to(user, departments=False).filter(pk__in=ids)
        known = set(visible.values_list("pk", flat=True))
        return [case for case in self.changed if case.id in known and case.number][:MOST_NAMED]


def count_transition(
    city: str, old: Policy, new: Policy, since: date, *, corrects: str = ""
) -> Transition:
    """The open cases of a city under an old and a new text, drafts on the day `since`; `corrects`:
    the version that the new text corrects, whose received cases come under it too."""
    rows = Application.objects.filter(city=city)
    received = rows.filter(state__in=[s for s in OPEN if s != State.DRAFT])
    drafts = rows.filter(state=State.DRAFT).order_by("-id")
    met = received.filter(policy=old.id, policy_version=corrects).order_by("-id")
    compared = [
        *_compare(met.prefetch_related("items")[:MOST_COMPARED], old, new, None),
        *_compare(drafts.prefetch_related("items")[:MOST_COMPARED], old, new, since),
    ]
    count = met.count()
    changed = tuple(case for case in compared if case.before != case.after)
    return Transition(received.count() - count, drafts.count(), count, len(compared), changed)


def _compare(
    rows: Iterable[Application], old: Policy, new: Policy, on: date | None
) -> Iterator[ChangedCase]:
    for application in rows:
        day = on or application.on
        before, after = (_score_case(application, policy, day) for policy in (old, new))
        yield ChangedCase(application.pk, application.key, application.number or "", before, after)


def _score_case(application: Application, policy: Policy, on: date) -> PointsUnderText:
    """By the facts as they are confirmed, and as they are typed where nobody confirmed them yet."""
    rules = policy.rules_on(on)
    items = list(application.items.all())
    typed = select_claimed_facts(items) | select_confirmed_facts(items)
    facts = add_false_material_dates(application, typed, rules)
    situation, _ = examine_facts(rules, facts, on)
    assessment = score_situation(rules, situation)
    ends = dict.fromkeys(format_number(end) for end in assessment.bounds)
    return PointsUnderText("–".join(ends), assessment.reached)
