"""Random people for the planner's tests: with records, with totals, with a permit on record."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.situation import read_situation
from jifen.policy.model import Rules
from jifen.policy.months import first_day, subtract_months, to_month
from jifen.policy.policy import Policy
from jifen.policy.vocabulary import Vocabulary
from tests.people.later_facts import ACCRUING, MULTIPLES, WINDOWS, PersonWithRecords, has_six_months
from tests.people.strategies import possible_values

_MEASURES_OF_RECORDS = {
    "valid_months",
    "unbroken_months",
    "months_at_base",
    "mean_base_ratio",
    "completed_years",
    "records_in_window",
}
_LAST_DAY = date(2026, 12, 31)
"""The last day on which somebody asks under a version without an end."""


@st.composite
def insured_months(draw: st.DrawFn, on: date, lag: int = 0) -> dict[int, Decimal]:
    """A history of at most fourteen years with gaps; its last month is `lag` months before `on`."""
    last, found = to_month(on) - lag, dict[int, Decimal]()
    for _ in range(draw(st.integers(1, 4))):
        multiple = draw(st.sampled_from(MULTIPLES))
        for _ in range(draw(st.integers(1, 40))):
            found[last] = multiple
            last -= 1
        last -= draw(st.integers(0, 8))
    return found


def days_of_version(policy: Policy) -> st.SearchStrategy[date]:
    """A day of a version; ends of months and leap days are drawn often."""
    since, until = policy.since, policy.until or _LAST_DAY
    firsts = [first_day(month) for month in range(to_month(since) + 1, to_month(until) + 1)]
    leap = [date(year, 2, 29) for year in (2016, 2020, 2024)]
    edges = [since, until, *firsts, *(day - timedelta(days=1) for day in firsts)]
    edges += [day for day in leap if since <= day <= until]
    return st.one_of(st.dates(since, until), st.sampled_from(edges))


@st.composite
def people_known_ahead(
    draw: st.DrawFn,
    city: str,
    version: str,
    on: date,
    lag: int | None = None,
    later: Sequence[Policy] = (),
) -> PersonWithRecords:
    """A person of whom everything is known, with contributions that go on; `later`: versions that
    ask for more."""
    rules = load(city, version).rules_on(on)
    facts = draw(_asked_facts([rules, *(policy.rules_on(policy.since) for policy in later)], on))
    lag = draw(st.integers(0, 1)) if lag is None else lag
    person = PersonWithRecords(facts, draw(insured_months(on, lag)), on, lag)
    if "employed_six_months" in facts:
        facts["employed_six_months"] = has_six_months(person, rules)
    return person


@st.composite
def _asked_facts(draw: st.DrawFn, several: Sequence[Rules], on: date) -> dict[str, Any]:
    """All that some rules ask for and no record gives."""
    vocabulary, facts = several[0].vocabulary, dict[str, Any]()
    used = dict.fromkeys(
        vocabulary.find_asked_fact(ident) for rules in several for ident in rules.used
    )
    for ident in used:
        fact = vocabulary[ident]
        if fact.derive is None or fact.derive.measure not in _MEASURES_OF_RECORDS:
            facts[ident] = draw(possible_values(several[0], fact, on))
    if several[0].contributions.includes_filing_month:
        facts["employed_and_insured"] = True
    return facts | _predictable_facts(facts, vocabulary)


def _predictable_facts(facts: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Values instead of those of which nobody can know how they go on."""
    found: dict[str, Any] = {
        ident: min(facts[ident], 400, int(vocabulary[ident].most))
        for ident in ACCRUING
        if facts.get(ident)
    }
    found |= {ident: 0 for ident in WINDOWS if ident in facts}  # leaves on days nobody knows
    if facts.get("spouse_local_months") == 0:
        found["spouse_local_months"] = None  # whether there is a marriage
    if "home_years" in facts:
        found |= {"home": "none", "home_years": 0}  # the day of the full year
    if facts.get("area_months") == 0 and not facts["permit_valid"]:
        found["area_months"] = None  # whether the holder lives there
    return found


@st.composite
def people_with_records(
    draw: st.DrawFn, city: str, version: str, on: date, later: Sequence[Policy] = ()
) -> PersonWithRecords:
    """Somebody of whom the rest is drawn too: medical insurance apart, a permit on record, a home,
    blood and donations given before, contributions that stop."""
    plain = draw(people_known_ahead(city, version, on, later=later))
    rules, facts = load(city, version).rules_on(on), plain.facts
    more: dict[str, Any] = {"pays": draw(st.sampled_from(MULTIPLES))}
    if draw(st.booleans()):
        lag = draw(st.integers(0, 1))
        more["medical"] = (draw(insured_months(on, lag)), lag)
    counting = rules.reference.day_for(on)
    more["given_on"] = {
        ident: draw(_past_gifts(counting, months))
        for ident, months in WINDOWS.items()
        if ident in facts
    }
    if "home_years" in facts and draw(st.booleans()):
        facts["home"] = draw(st.sampled_from(["own", "registered_rent"]))
        more["moved_in"] = on - timedelta(days=draw(st.integers(0, 4000)))
    if draw(st.booleans()):
        _replace_permit(facts, draw(permit_records(rules, on)))
    more["stops"] = draw(st.integers(0, 3)) == 0
    if more["stops"] and "employed_and_insured" in facts:
        facts["employed_and_insured"] = draw(st.booleans())
    person = PersonWithRecords(facts, plain.months, on, plain.lag, **more)
    person.apply_windows(facts, counting)
    if "employed_six_months" in facts:
        facts["employed_six_months"] = has_six_months(person, rules)
    if "pension_base_ratio" in rules.used:
        facts |= draw(_mean_of_bases(read_situation(rules, person.initial_facts(rules), on).values))
    return person


def _mean_of_bases(values: Mapping[str, Any]) -> st.SearchStrategy[dict[str, str]]:
    """The mean of the bases of 36 months, told or not, where there is one."""
    if values["pension_months"] < 36:
        return st.just({})
    told = st.sampled_from(["1.5", "2", "2.5", "2.51", "3"])
    return st.one_of(st.just({}), st.builds(lambda mean: {"pension_base_ratio": mean}, told))


@st.composite
def _past_gifts(draw: st.DrawFn, counting: date, window: int) -> tuple[tuple[date, int], ...]:
    """Amounts in the window that ends on a day."""
    days = st.dates(subtract_months(counting, window) + timedelta(days=1), counting)
    amounts = st.sampled_from([200, 400, 1000])
    return tuple(draw(st.lists(st.tuples(days, amounts), max_size=2)))


@st.composite
def permit_records(draw: st.DrawFn, rules: Rules, on: date) -> dict[str, Any] | None:
    """A permit issued up to eight years ago, endorsed in time, late, or not at all; or none."""
    if draw(st.integers(0, 9)) == 0:
        return None
    issued = on - timedelta(days=draw(st.integers(0, 2900)))
    endorsed, due = list[date](), subtract_months(issued, -12)
    while due <= on:
        late = draw(st.sampled_from([0, 0, 0, 0, -3, 1, 20, 90, 500]))
        day = due + timedelta(days=late)
        if day > on:
            break
        endorsed.append(day)
        due = subtract_months(due if late <= 0 else day, -12)
    area = rules.vocabulary.get("permit_area")
    return {
        "issued_on": issued,
        "valid_until": date(on.year + 20, 1, 1),
        "endorsements": endorsed,
        **({"area": draw(st.sampled_from(area.ids))} if area else {}),
    }


def _replace_permit(facts: dict[str, Any], permit: dict[str, Any] | None) -> None:
    for ident in ("permit_valid", "permit_months", "permit_area"):
        facts.pop(ident, None)
    facts["permit"] = permit


def readings_of(policy: Policy) -> st.SearchStrategy[dict[str, str]]:
    """Some readings of what is unclear in a policy, or none."""
    each = {
        switch.id: st.sampled_from([one.id for one in switch.readings])
        for switch in policy.switches
    }
    return st.one_of(st.just({}), st.fixed_dictionaries({}, optional=each))


def replace_records_by_totals(
    rules: Rules, facts: Mapping[str, Any], on: date, *records: str
) -> dict[str, Any]:
    """The same facts with what these records give, instead of the records."""
    known = read_situation(rules, facts, on).values
    derived = {f.id for f in rules.vocabulary if f.derive and f.derive.source in records}
    rest = {ident: value for ident, value in facts.items() if ident not in records}
    return rest | {ident: value for ident, value in known.items() if ident in derived}
