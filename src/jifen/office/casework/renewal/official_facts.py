"""The facts that the office knows of somebody today, and the planner's case of them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.office.casework.case_policy import IDENTITY, process_of
from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.registry.models import Permit, Person
from jifen.office.registry.registers import RegisterDown, find_register
from jifen.planning.case import PlanCase, Wishes, build_case
from jifen.policy.model import Rules
from jifen.policy.months import subtract_months

CONTRIBUTIONS, PERMIT = "contributions", "permit"
BY_PERMIT = ("permit_valid", "permit_months")


def read_current_facts(decision: Decision) -> dict[str, Any]:
    """The facts of a decision, with what registers say today in their place."""
    application = decision.application
    facts: dict[str, Any] = json.loads(decision.facts)
    registers = process_of(application).registers
    for name in registers:
        try:
            answer = find_register(name).ask(name, application.city, application.person)
        except RegisterDown:
            continue  # last year's values stand until it answers
        if answer and CONTRIBUTIONS in answer.facts:
            facts = {f: v for f, v in facts.items() if f not in registers[name]}
        facts |= answer.facts if answer else {}
    return facts


def make_official_case(
    city: str,
    facts: Mapping[str, Any],
    person: Person,
    today: date,
    *,
    years: int,
    wishes: Wishes | None = None,
) -> PlanCase:
    """The planner's case of somebody on record. Raises LookupError where no measure is in force."""
    case = build_case(city, {}, today, years=years, wishes=wishes)
    usable_facts = {
        fact_id: value for fact_id, value in facts.items() if fact_id in case.rules.vocabulary
    }
    permit = _make_permit_fact(person, city, today)
    if permit and PERMIT in case.rules.vocabulary:
        usable_facts = _drop_permit_facts(case.rules, usable_facts) | {PERMIT: permit}
    if IDENTITY in case.rules.vocabulary and person.identity:
        usable_facts[IDENTITY] = person.identity
    return build_case(city, usable_facts, today, years=years, wishes=wishes)


def _make_permit_fact(person: Person, city: str, today: date) -> dict[str, Any] | None:
    """The permit on record as a fact; None where there is none. Its years are full and unbroken
    since the anchor, so each was endorsed by its last day (by today, if that is to come)."""
    row = Permit.objects.filter(person=person, city=city, cancelled_on__isnull=True).first()
    if row is None or today < row.issued_on:
        return None
    endorsed_on = [
        min(subtract_months(row.anchor, -12 * year), today) for year in range(1, row.years)
    ]
    return {"issued_on": row.anchor, "valid_until": row.valid_until, "endorsements": endorsed_on}


def _drop_permit_facts(rules: Rules, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the record of the permit says better."""
    permit_facts = {f.id for f in rules.vocabulary if f.derive and f.derive.measure in BY_PERMIT}
    return {fact_id: value for fact_id, value in facts.items() if fact_id not in permit_facts}


def make_case_of_period(
    period: PointsPeriod, today: date, *, years: int, wishes: Wishes | None = None
) -> PlanCase:
    """The case of a holder of points."""
    facts = read_current_facts(period.decision)
    return make_official_case(period.city, facts, period.person, today, years=years, wishes=wishes)
