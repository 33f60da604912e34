"""The facts that the office knows of somebody today, and the planner's case of them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.casework.standing import IDENTITY, process_of
from jifen.office.registry.models import Permit, Person
from jifen.office.registry.registers import RegisterDown, register
from jifen.planning.case import PlanCase, Wishes, build_case
from jifen.policy.model import Rules
from jifen.policy.months import minus_months

CONTRIBUTIONS, PERMIT = "contributions", "permit"
BY_PERMIT = ("permit_valid", "permit_months")


def facts_now(decision: Decision) -> dict[str, Any]:
    """The facts of a decision, with what registers say today in their place."""
    application = decision.application
    facts: dict[str, Any] = json.loads(decision.facts)
    registers = process_of(application).registers
    for name in registers:
        try:
            answer = register(name).ask(name, application.city, application.person)
        except RegisterDown:
            continue  # last year's values stand until it answers
        if answer and CONTRIBUTIONS in answer.facts:
            facts = {f: v for f, v in facts.items() if f not in registers[name]}
        facts |= answer.facts if answer else {}
    return facts


def official_case(
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
    known = {i: v for i, v in facts.items() if i in case.rules.vocabulary}
    permit = _permit(person, city, today)
    if permit and PERMIT in case.rules.vocabulary:
        known = _by_record(case.rules, known) | {PERMIT: permit}
    if IDENTITY in case.rules.vocabulary and person.identity:
        known[IDENTITY] = person.identity
    return build_case(city, known, today, years=years, wishes=wishes)


def _permit(person: Person, city: str, today: date) -> dict[str, Any] | None:
    """The permit on record as a fact; None where there is none. Its years are full and unbroken
    since the anchor, so each was endorsed by its last day (by today, if that is to come)."""
    row = Permit.objects.filter(person=person, city=city, cancelled_on__isnull=True).first()
    if row is None or today < row.issued_on:
        return None
    full = [min(minus_months(row.anchor, -12 * y), today) for y in range(1, row.years)]
    return {"issued_on": row.anchor, "valid_until": row.valid_until, "endorsements": full}


def _by_record(rules: Rules, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the record of the permit says better."""
    told = {f.id for f in rules.vocabulary if f.derive and f.derive.measure in BY_PERMIT}
    return {ident: value for ident, value in facts.items() if ident not in told}


def case_of_period(
    period: PointsPeriod, today: date, *, years: int, wishes: Wishes | None = None
) -> PlanCase:
    """The case of a holder of points."""
    facts = facts_now(period.decision)
    return official_case(period.city, facts, period.person, today, years=years, wishes=wishes)
