"""Chengdu for tests: its staff, and people whose decisions come from the worked cases."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from jifen import __version__, cities
from jifen.cities.worked_cases import load_cases
from jifen.office.accounts.models import User
from jifen.office.casework.actions.decisions import compute_result_json, to_canonical_json
from jifen.office.casework.models import Application, Decision
from jifen.office.casework.rules import derive_outcome
from jifen.office.lists.actions.daily import run_daily_steps
from jifen.office.lists.actions.publication import enter_due_decisions
from jifen.office.lists.models import Entry
from jifen.scoring import assess
from tests.world.office import person, staff, user
from tests.world.snapshots import told_once

__all__ = ["Town", "facts_of", "run_daily_steps", "through"]
NAMES = ("王小明", "李雷", "欧阳娜娜", "张三", "王大力", "赵云")
MONDAY = date(2024, 3, 4)


def facts_of(version: str, case: str, name: str = "") -> dict[str, Any]:
    """The facts of a worked case (of one of its people)."""
    found = next(c for c in load_cases("chengdu", version) if c.id == case)
    return dict(found.people[name] if name else found.facts)


class Town:
    """The staff of Chengdu: clerks, a senior clerk, two supervisors of the whole city."""

    @told_once
    def __init__(self) -> None:
        self.clerk = staff("cd-clerk", "clerk", "chengdu", district="wuhou")
        self.clerk_elsewhere = staff("cd-far", "clerk", "chengdu", district="jintang")
        self.senior = staff("cd-senior", "senior_clerk", "chengdu", district="wuhou")
        self.lead = staff("cd-lead", "supervisor", "chengdu")
        self.lead2 = staff("cd-lead2", "supervisor", "chengdu")
        self.neighbour = user("neighbour")
        self.count = 0

    @told_once
    def decided(
        self,
        facts: dict[str, Any],
        received_on: date,
        *,
        signed_on: date | None = None,
        name: str = "",
        by: User | None = None,
    ) -> Decision:
        """A signed decision on facts, by the measure in force when the case was accepted."""
        self.count += 1
        policy = cities.in_force("chengdu", received_on)
        assert policy is not None
        known = {k: _plain(v) for k, v in facts.items()}
        found = assess(policy, known, received_on)
        outcome = derive_outcome(found)
        assert outcome is not None
        assert found.total is not None
        who = person(self.count, name or NAMES[self.count % len(NAMES)], user=by)
        case = Application.objects.create(
            number=f"CH{received_on.year}{self.count:09d}",
            city="chengdu",
            district="wuhou",
            person=who,
            on=received_on,
            policy=policy.id,
            policy_version=policy.version,
            policy_hash=policy.hash,
            state="decided",
            created_by=self.clerk,
            submitted_at=_at(received_on),
            received_on=received_on,
        )
        return Decision.objects.create(
            application=case,
            number=1,
            outcome=outcome,
            total=found.total,
            on=received_on,
            policy=policy.id,
            policy_version=policy.version,
            policy_hash=policy.hash,
            engine_version=__version__,
            facts=to_canonical_json(known),
            result=compute_result_json(known, "chengdu", policy.version, received_on),
            proposed_by=self.clerk,
            signed_by=self.senior,
            signed_at=_at(signed_on or received_on),
        )

    @told_once
    def listed(self, received_on: date = date(2024, 3, 1), **more: Any) -> Entry:
        """Somebody who reaches the line of 2024 (worked case 33), entered on no list yet."""
        decision = self.decided(facts_of("2024", "33"), received_on, **more)
        enter_due_decisions(received_on)
        return Entry.objects.get(decision=decision)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(15)))


def through(first: date, last: date) -> None:
    """Every day of the worker, from one to another."""
    day = first
    while day <= last:
        run_daily_steps(day)
        day += timedelta(days=1)
