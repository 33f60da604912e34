"""The same future told in another way: a facts file as it would be written on a later day, for the
plain assessment of that day. Of the planner it uses nothing but the moves of a city's file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jifen.facts.permit import count_full_months, read_permit
from jifen.facts.situation import read_situation
from jifen.planning.model import Move
from jifen.policy.model import Rules
from jifen.policy.months import completed_years, format_month, subtract_months, to_month
from jifen.policy.policy import Policy
from jifen.scoring import Assessment, assess

MULTIPLES = tuple(Decimal(n) / 10 for n in (7, 8, 10, 15, 20, 30))
WAGE = Decimal(10_000)
"""Chengdu's measures compare no base with a wage that is on record: any figure does."""
Months = Mapping[int, Decimal]


@dataclass(frozen=True)
class DoneMove:
    """A move that is done on a day."""

    move: Move
    on: date
    at_will: bool = False
    """Given on whichever day is looked at, from `on` on."""


def contribution_base(rules: Rules, month: int, multiple: Decimal) -> Decimal:
    """A contribution base at a multiple of the wage of a month."""
    series = rules.find_series(rules.contributions.series)
    wage = series.find_figure(month) if series else None
    return (wage or WAGE) * multiple


def build_spells(rules: Rules, months: Months, *schemes: str) -> list[dict[str, Any]]:
    """Paid months with their multiples as spells of equal months (no scheme named: of both)."""
    found: list[dict[str, Any]] = []
    last = None
    for month, multiple in sorted(months.items()):
        base = contribution_base(rules, month, multiple)
        if last == month - 1 and found[-1]["base"] == base:
            found[-1]["to"] = format_month(month)
        else:
            found.append({"from": format_month(month), "to": format_month(month), "base": base})
        last = month
    return [spell | {"schemes": list(schemes)} for spell in found] if schemes else found


@dataclass(frozen=True)
class PersonWithRecords:
    """A person with records: `months` paid, on record until `lag` months before the day; `facts` of
    all else. `medical`: the months of medical insurance and its lag, where they are others.

    `given_on`: by fact the days and amounts that a window holds. `moved_in`: since when the home is
    there. `stops`: nothing is paid after the months on record, unless a move begins it, and then at
    `pays` average wages.
    """

    facts: dict[str, Any]
    months: dict[int, Decimal]
    on: date
    lag: int
    medical: tuple[Months, int] | None = None
    given_on: Mapping[str, tuple[tuple[date, int], ...]] = field(default_factory=dict)
    moved_in: date | None = None
    stops: bool = False
    pays: Decimal = Decimal(1)

    def initial_facts(self, rules: Rules) -> dict[str, Any]:
        """The facts file of the first day."""
        return self.facts | {"contributions": self._build_record(rules, self.on, ())}

    def totals_suffice(self, rules: Rules, record: str) -> bool:
        """Whether what a record gives on the day to which the measure counts tells how it goes on:
        months paid since then are those of whoever has a run, and no date lies after it."""
        counting = rules.reference.day_for(self.on)
        if record != "contributions":
            dates = self.facts[record]
            return not isinstance(dates, list) or all(day <= counting for day in dates)
        if rules.contributions.includes_filing_month:
            return True
        since = rules.reference.last_month(self.on)
        schemes = [(self.months, self.lag), self.medical or (self.months, self.lag)]
        paid = [
            [month in held for month in range(since, to_month(self.on) - lag + 1)]
            for held, lag in schemes
        ]
        if not all(map(all, paid)) or (self.stops and any(map(len, paid))):
            return False
        # a run whose first month waits for the other scheme is not told by a total of zero
        known = read_situation(rules, self.initial_facts(rules), self.on).values
        runs = [known.get("pension_months"), known.get("medical_months")]
        return self.stops or not any(
            run == 0 and to_month(self.on) - lag in held
            for run, (held, lag) in zip(runs, schemes, strict=True)
        )

    def facts_on_day(
        self, rules: Rules, day: date, made: Sequence[DoneMove] = ()
    ) -> dict[str, Any]:
        """The facts file of a later day, with some moves done."""
        facts = self.facts | {"contributions": self._build_record(rules, day, made)}
        counting = rules.reference.day_for(day)
        since = rules.reference.day_for(self.on)
        paid = self._count_paid_since(rules, day, made)
        _accrue_months(facts, self.start, rules, (since, counting), paid)
        self.apply_windows(facts, counting)
        _endorse_permit(facts, self.on, day)
        if self.stops and "employed_and_insured" in facts:
            facts["employed_and_insured"] &= to_month(day) == to_month(self.on)
        for one in sorted(made, key=lambda one: one.on):
            _apply_move(facts, one, day, rules)
        _update_employment(facts, rules, day)
        return facts

    @property
    def start(self) -> dict[str, Any]:
        """The facts of the first day, with those that the permit on record gives."""
        record = self.facts.get("permit")
        permit = read_permit(record, None, []) if record else None
        if permit is None:
            return self.facts
        of_record = {
            "permit_valid": permit.is_valid_on(self.on),
            "permit_area": (record or {}).get("area"),
        }
        return self.facts | of_record

    def _build_record(
        self, rules: Rules, day: date, made: Sequence[DoneMove]
    ) -> list[dict[str, Any]]:
        if self.medical is None:
            return build_spells(rules, self._paid_months(day, made))
        held, lag = self.medical
        medical = self._months_by(held, lag, day, made)
        return [
            *build_spells(rules, self._paid_months(day, made), "pension"),
            *build_spells(rules, medical, "medical"),
        ]

    def _paid_months(self, day: date, made: Sequence[DoneMove]) -> dict[int, Decimal]:
        return self._months_by(self.months, self.lag, day, made)

    def _months_by(
        self, held: Months, lag: int, day: date, made: Sequence[DoneMove]
    ) -> dict[int, Decimal]:
        """The months that are on record on a day."""
        found, last = dict(held), max(held)
        rises = [
            (first_full_month(one.on), one.move.contribute)
            for one in made
            if one.move.contribute is not None
        ]
        multiple, begins = found[last], last + 1
        if self.stops:
            multiple, lag = self.pays, 0
            begins = min((month for month, _ in rises), default=10**6)
        for month in range(begins, to_month(day) - lag + 1):
            found[month] = max([multiple, *(rise for since, rise in rises if month >= since)])
        return found

    def _count_paid_since(self, rules: Rules, day: date, made: Sequence[DoneMove] = ()) -> int:
        """Months paid since the first day."""
        counting = to_month(rules.reference.day_for(day))
        begins = to_month(rules.reference.day_for(self.on)) + 1
        if self.stops:
            begun = [first_full_month(one.on) for one in made if one.move.contribute is not None]
            begins = max(begins, min(begun, default=counting + 1))
        return max(counting + 1 - begins, 0)

    def apply_windows(self, facts: dict[str, Any], counting: date) -> None:
        """What was given before the first day leaves its window on a day; the home goes on."""
        for ident, gifts in self.given_on.items():
            window = WINDOWS[ident]
            facts[ident] = sum(
                amount for day, amount in gifts if counting < subtract_months(day, -window)
            )
        if self.moved_in is not None:
            facts["home_years"] = max(completed_years(self.moved_in, counting), 0)


WINDOWS = {"blood_ml_last_12": 12, "charity_yuan_last_36": 36}


def first_full_month(day: date) -> int:
    """The first month that lies after a day as a whole."""
    return to_month(day) if day.day == 1 else to_month(day) + 1


_BY_CALENDAR = {
    "spouse_local_months": "",
    "permit_months": "",
    "area_months": "permit_area",
    "moved_home_months": "",
    "moved_home_and_job_months": "",
}
_BY_INSURANCE = {
    "public_service_months": "",
    "outer_suburb_months": "outer_suburb_area",
    "zone_months": "zone_group",
    "layout_months": "layout_group",
}
"""Months that add up, each with the fact by which they do so from zero too."""
ACCRUING = (*_BY_CALENDAR, *_BY_INSURANCE)


def _accrue_months(
    facts: dict[str, Any],
    start: Mapping[str, Any],
    rules: Rules,
    between: tuple[date, date],
    paid: int,
) -> None:
    since, until = between
    months = count_full_months(since, day_before(until)) if until > since else 0
    for ident in ACCRUING:
        if facts.get(ident) is None or not _adds_up(ident, start):
            continue
        more = months if ident in _BY_CALENDAR else paid
        facts[ident] = min(start[ident] + more, int(rules.vocabulary[ident].most))
    if facts.get("fresh_graduate") and months >= 12:
        facts["fresh_graduate"] = False


def _adds_up(ident: str, start: Mapping[str, Any]) -> bool:
    if ident == "permit_months":
        return start.get("permit_valid") is True
    beside = (_BY_CALENDAR | _BY_INSURANCE)[ident]
    there = bool(beside) and start.get(beside) not in (None, "none")
    if beside == "permit_area":
        there = there and start.get("permit_valid") is True
    return start[ident] > 0 or there


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


def _endorse_permit(facts: dict[str, Any], on: date, day: date) -> None:
    """A permit that is valid on the first day is endorsed on the last day of each year of it."""
    record = facts.get("permit")
    permit = read_permit(record, None, []) if record else None
    since = permit.held_since(on) if permit else None
    if permit is None or since is None or not permit.is_valid_on(on):
        return
    due = [subtract_months(since, -12 * year) for year in range(1, day.year - since.year + 1)]
    new = [one for one in due if on <= one <= day]
    facts["permit"] = dict(record or {}) | {
        "endorsements": [*(permit.endorsements or ()), *new],
        "valid_until": subtract_months(day, -12),
    }


def _apply_move(facts: dict[str, Any], one: DoneMove, day: date, rules: Rules) -> None:
    counting = rules.reference.day_for(day)
    on_its_day, sets = {"permit_valid", "permit_area", "legal_residence"}, dict(one.move.sets)
    if "permit" in facts:
        _apply_permit_move(facts, one, day, rules)
        sets = {ident: value for ident, value in sets.items() if not ident.startswith("permit_")}
    facts |= {
        ident: value
        for ident, value in sets.items()
        if (day if ident in on_its_day else counting) >= one.on
    }
    if counting < one.on:
        return
    for ident in one.move.starts:
        if ident == "permit_months" and "permit" in facts:
            continue
        over = counting if counting < day else day_before(day)  # the last day that is over
        facts[ident] = count_full_months(one.on, over) if over >= one.on else 0
    _apply_gifts(facts, one, counting)


def _apply_permit_move(facts: dict[str, Any], one: DoneMove, day: date, rules: Rules) -> None:
    """A permit on record that is endorsed late, or moved to another area; or a new one."""
    if day < one.on or not any(ident.startswith("permit_") for ident in one.move.sets):
        return
    if "permit_valid" not in one.move.sets:
        facts["permit"] = facts["permit"] | {"area": one.move.sets["permit_area"]}
        return
    late = [one.on, *(subtract_months(one.on, -12 * year) for year in range(1, 40))]
    made_up = {"valid_until": subtract_months(day, -12)}
    if one.move.id == "endorse":
        before = facts["permit"].get("endorsements") or ()
        endorsed = [*before, *(d for d in late if d <= day)]
        facts["permit"] = facts["permit"] | made_up | {"endorsements": endorsed}
        return
    area = one.move.sets.get("permit_area", (facts["permit"] or {}).get("area"))
    if area is None and "permit_area" in rules.vocabulary:
        # where whoever had no permit gets one is not asked: as before, nowhere
        facts |= {"permit_valid": True, "permit_area": None}
        facts["permit_months"] = count_full_months(one.on, rules.reference.day_for(day))
        del facts["permit"]
    else:
        facts["permit"] = made_up | {"issued_on": one.on, "area": area}
        facts["permit"]["endorsements"] = [d for d in late[1:] if d <= day]


def _apply_gifts(facts: dict[str, Any], one: DoneMove, counting: date) -> None:
    for gift in one.move.gives:
        for turn in range(400):
            given = subtract_months(one.on, -(gift.every or 0) * turn)
            if one.at_will and gift.every is None:
                given = counting
            age = completed_years(facts["birth_date"], given)
            may = gift.during is None or gift.during.compile_test()({"age": age})
            if (
                may
                and given <= counting
                and (gift.window is None or counting < subtract_months(given, -gift.window))
            ):
                facts[gift.fact] = (facts[gift.fact] or 0) + gift.amount
            if gift.every is None or given > counting:
                break


def _update_employment(facts: dict[str, Any], rules: Rules, day: date) -> None:
    """What the unbroken runs decide: six months of both, and whether there is a mean of 36."""
    if "employed_six_months" not in facts:
        return
    record = {"contributions": facts["contributions"]}
    runs = read_situation(rules, record, day).values
    facts["employed_six_months"] = min(runs["pension_months"], runs["medical_months"]) >= 6
    if runs["pension_months"] < 36:
        facts.pop("pension_base_ratio", None)


def assess_later_day(
    policy: Policy,
    person: PersonWithRecords,
    day: date,
    made: Sequence[DoneMove] = (),
    readings: Mapping[str, str] | None = None,
) -> Assessment:
    """The assessment of a later day."""
    facts = person.facts_on_day(policy.rules_on(day, readings), day, made)
    return assess(policy, facts, day, readings=readings)


def has_six_months(person: PersonWithRecords, rules: Rules) -> bool:
    """Whether the records say six months without a gap on the first day."""
    facts = person.initial_facts(rules)
    _update_employment(facts, rules, person.on)
    return bool(facts["employed_six_months"])
