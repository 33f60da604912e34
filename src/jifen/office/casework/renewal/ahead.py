"""What a renewal will give, before anybody files: which lines rise or fall, and on which day."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.situation import examine
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import PointsPeriod
from jifen.office.casework.renewal.begin import opens
from jifen.office.casework.standing import IDENTITY, policy_on, process_of
from jifen.office.registry.registers import RegisterDown, register
from jifen.policy.months import first_day, minus_months, month_of, month_text, parse_date
from jifen.policy.text import Lang
from jifen.scoring import Assessment, score

HORIZON = 24
"""Months that are looked ahead from the day of the renewal."""
FRESH = 3
"""Contributions that ended no more months ago are taken to go on as they were."""
CONTRIBUTIONS = "contributions"
Lines = dict[str, tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that gives other points from a day on."""

    on: date
    line: str
    label: str
    before: Decimal
    after: Decimal

    @property
    def falls(self) -> bool:
        """Whether points are lost."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class Ahead:
    """The renewal on its day against the last decision (`changes`), and what changes until two
    years on (`later`). `goes_on`: contributions were taken to go on; `totals_only`: only totals are
    known, which stand still here; `lost_on`: the first day below the line."""

    on: date
    total: Decimal | None
    threshold: Decimal | None
    reached: bool | None
    changes: tuple[Change, ...]
    later: tuple[Change, ...]
    goes_on: bool
    totals_only: bool
    lost_on: date | None


def ahead(period: PointsPeriod, today: date, lang: Lang = "zh") -> Ahead | None:
    """What the renewal will give; None where no measure is in force on its day."""
    on = max(opens(period).first or period.until or today, today)
    facts = facts_now(period)
    try:
        then, now = _decided(period, lang), _on(period, facts, on)
    except CaseFault:
        return None
    changes = tuple(_between(then, _lines(now, lang), on))
    later, lost = _later(period, facts, on, now, lang)
    spells = facts.get(CONTRIBUTIONS)
    goes_on = isinstance(spells, list) and _last(spells, on) is not None
    return Ahead(
        on,
        now.total,
        now.threshold,
        now.reached,
        changes,
        later,
        goes_on,
        not isinstance(spells, list),
        on if now.reached is False else lost,
    )


def facts_now(period: PointsPeriod) -> dict[str, Any]:
    """The facts of the decision, with what registers say today in their place."""
    application = period.decision.application
    facts: dict[str, Any] = json.loads(period.decision.facts)
    registers = process_of(application).registers
    for name in registers:
        try:
            answer = register(name).ask(name, period.city, application.person)
        except RegisterDown:
            continue  # last year's values stand until it answers
        if answer and CONTRIBUTIONS in answer.facts:
            facts = {f: v for f, v in facts.items() if f not in registers[name]}
        facts |= answer.facts if answer else {}
    return facts


def _on(period: PointsPeriod, facts: dict[str, Any], on: date) -> Assessment:
    """The score on a day. Raises CaseFault where no measure is in force."""
    rules = policy_on(period.city, on).at(on)
    given = {fact: value for fact, value in facts.items() if fact in rules.vocabulary}
    if isinstance(given.get(CONTRIBUTIONS), list):
        given[CONTRIBUTIONS] = _going_on(given[CONTRIBUTIONS], on)
    identity = period.decision.application.person.identity
    if IDENTITY in rules.vocabulary and identity:
        given[IDENTITY] = identity
    situation, _ = examine(rules, given, on)
    return score(rules, situation)


def _last(spells: list[Any], on: date) -> Mapping[str, Any] | None:
    """The spell that goes on: the last one, paid, where it ended just now."""
    known = [s for s in spells if isinstance(s, Mapping) and s.get("to")]
    last = max(known, key=lambda spell: str(spell["to"]), default=None)
    if last is None or last.get("status", "paid") != "paid":
        return None
    return last if str(last["to"]) >= month_text(month_of(on) - FRESH - HORIZON) else None


def _going_on(spells: list[Any], on: date) -> list[Any]:
    last = _last(spells, on)
    until = month_text(month_of(on))
    longer = {**last, "to": max(str(last["to"]), until)} if last else None
    return [longer if spell is last else spell for spell in spells]


def _decided(period: PointsPeriod, lang: Lang) -> Lines:
    """The lines of the decision, with their labels of today's language."""
    decision = period.decision
    result = json.loads(decision.result)
    rules = policy_on(period.city, decision.on).at(decision.on)
    labels = {indicator.id: indicator.label(lang) for indicator in rules.indicators}
    return {
        line["id"]: (labels.get(line["id"], line["label"]), Decimal(str(line["points"] or 0)))
        for line in result["lines"]
    }


def _lines(found: Assessment, lang: Lang) -> Lines:
    return {
        line["id"]: (line["label"], Decimal(str(line["points"] or 0)))
        for line in found.to_dict(lang)["lines"]
    }


def _between(before: Lines, after: Lines, on: date) -> Iterator[Change]:
    for ident in dict.fromkeys([*before, *after]):
        label, _ = after.get(ident) or before[ident]
        a, b = (lines.get(ident, (label, Decimal(0)))[1] for lines in (before, after))
        if a != b:
            yield Change(on, ident, label, a, b)


def _later(
    period: PointsPeriod, facts: dict[str, Any], on: date, now: Assessment, lang: Lang
) -> tuple[tuple[Change, ...], date | None]:
    """Day by day on which something can change: firsts of months and birthdays."""
    before, found, lost = _lines(now, lang), list[Change](), None
    for day in _days(facts, period, on):
        try:
            then = _on(period, facts, day)
        except CaseFault:
            break  # no measure is known so far ahead
        after = _lines(then, lang)
        found += _between(before, after, day)
        before = after
        if lost is None and then.reached is False:
            lost = day
    return tuple(found), lost


def _days(facts: dict[str, Any], period: PointsPeriod, on: date) -> list[date]:
    firsts = {first_day(month_of(on) + n) for n in range(1, HORIZON + 1)}
    born = str(facts.get("birth_date") or _born(period))
    try:
        birth = parse_date(born)
    except ValueError:
        return sorted(firsts)
    birthdays = {minus_months(birth, -12 * (on.year - birth.year + n)) for n in range(3)}
    return sorted(day for day in firsts | birthdays if on < day)


def _born(period: PointsPeriod) -> str:
    number = period.decision.application.person.identity
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if len(number) == 18 else ""
