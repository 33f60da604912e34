"""Contribution spells → months: which count, which do not, and why.

A spell is a stretch of equal months: {from, to, base (yuan per month), status, schemes}.
`paid` counts; `deferred` (缓缴) where the policy says so for that month; `back_paid` (补缴) and
`mismatched` (base or payer disagrees with tax or contract) never. `to` may be 至今 ("now"): the
last month that is over on the day of assessment.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from jifen.facts.fault import FactFault, find_unknown_keys
from jifen.facts.spelling import AmbiguousSpelling, means_now, normalize_text, read_month
from jifen.facts.values import BadValue, ambiguous_value, parse_amount, quote_value
from jifen.facts.words import say
from jifen.policy.fault import find_nearest
from jifen.policy.model import ContributionRules
from jifen.policy.months import format_month, to_month
from jifen.policy.text import Text

STATUSES = ("paid", "deferred", "back_paid", "mismatched")
SCHEMES = ("pension", "medical")
_KEYS = ("from", "to", "base", "status", "schemes")
MOST_SPELLS = 600
MOST_FAULTS = 50

STATUS_LABELS = {
    "paid": say("contributions.status_labels_paid"),
    "deferred": say("contributions.status_labels_deferred"),
    "back_paid": say("contributions.status_labels_back_paid"),
    "mismatched": say("contributions.status_labels_mismatched"),
}


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of equal contribution months; both ends are inside."""

    since: int
    until: int
    base: Decimal | None
    status: str
    schemes: tuple[str, ...]
    place: int = field(default=0, compare=False)
    """Its number in the list that it was read from."""

    def describe(self) -> Text:
        """The spell in words: its months and its status."""
        since, until = format_month(self.since), format_month(self.until)
        status = STATUS_LABELS[self.status].zh.split("，")[0]
        return say(
            "contributions.describe", since=since, until=until, status=Text(status, self.status)
        )


@dataclass(frozen=True, slots=True)
class CountedMonth:
    """One month as it counts for chosen schemes: whether, with which base, and why (not)."""

    month: int
    counts: bool
    base: Decimal | None
    why: Text


def read_spells(
    value: Any, faults: list[FactFault], path: str = "contributions", on: date | None = None
) -> list[Spell]:
    """Read spells; what is wrong goes to `faults` with its path. `on` is the day that 至今 ("now")
    means; without it no spell may end so."""
    if not isinstance(value, list | tuple) or len(value) > MOST_SPELLS:
        faults.append(
            FactFault(
                "JF-F020",
                path,
                quote_value(value)
                if not isinstance(value, list | tuple)
                else _format_count(len(value)),
                say("contributions.a_list_of_at_most", most_spells=MOST_SPELLS),
                say("contributions.write_from_to_base"),
            )
        )
        return []
    read: list[tuple[int, Spell]] = []
    for number, item in enumerate(value):
        if len(faults) > MOST_FAULTS:
            break  # a wrong file: more of the same would not help
        spell = _read_spell(item, f"{path}.{number}", faults, on)
        if spell:
            read.append((number, replace(spell, place=number)))
    _refuse_overlaps(read, path, faults)
    return [spell for _, spell in read]


def _format_count(count: int) -> Text:
    return say("contributions.spells", count=count)


def _read_spell(item: Any, path: str, faults: list[FactFault], on: date | None) -> Spell | None:
    if not isinstance(item, Mapping):
        faults.append(_no_spell_fault(item, path))
        return None
    before = len(faults)
    faults.extend(find_unknown_keys(item, _KEYS, path))
    since = _read_part(_read_month, item.get("from"), f"{path}.from", faults)
    until = _read_last_month(item.get("to"), since, f"{path}.to", faults, on)
    base = _read_part(_read_base, item.get("base"), f"{path}.base", faults)
    status = _read_part(_read_status, item.get("status", "paid"), f"{path}.status", faults)
    schemes = _read_part(_read_schemes, item.get("schemes", SCHEMES), f"{path}.schemes", faults)
    if len(faults) > before or since is None or until is None:
        return None
    if until < since:
        faults.append(_reversed_months_fault(since, until, path))
        return None
    return Spell(since, until, base, status, schemes)


def _read_part(read: Any, value: Any, path: str, faults: list[FactFault]) -> Any:
    try:
        return read(value)
    except BadValue as error:
        faults.append(error.to_fault(path))
        return None


def _read_last_month(
    value: Any, since: int | None, path: str, faults: list[FactFault], day: date | None
) -> int | None:
    """The last month. 至今 is the last month that is over on the day, since that of the day itself
    may not be paid yet; a spell that begins in the month of the day ends in it."""
    if day and isinstance(value, str) and means_now(value):
        return _last_month_now(since, day)
    month: int | None = _read_part(_read_month, value, path, faults)
    return month


def _last_month_now(since: int | None, day: date) -> int:
    last_finished = to_month(day + timedelta(days=1)) - 1
    return last_finished if since is None or since > to_month(day) else max(last_finished, since)


def read_last_month(text: str, since: int, day: date) -> int | None:
    """The last month of a spell that begins in a month, also where it says 至今 ("now"); None where
    there is none. Raises AmbiguousSpelling."""
    return _last_month_now(since, day) if means_now(text) else read_month(text)


def _read_month(value: Any) -> int:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    try:
        month = read_month(text)
    except AmbiguousSpelling as error:
        raise ambiguous_value(value, error, _A_MONTH) from None
    if month is None:
        raise BadValue(
            "JF-F021",
            quote_value(value),
            _A_MONTH,
            say("contributions.write_year_month_such"),
            say("contributions.write_the_month"),
        )
    return month


_A_MONTH = say("contributions.a_month")


def _read_base(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    base = parse_amount(value, "yuan", _A_BASE, "JF-F022")
    if base != round(base, 2) or not 0 <= base <= 10_000_000:
        raise BadValue(
            "JF-F022",
            quote_value(value),
            _A_BASE,
            say("contributions.write_an_amount_from_0"),
        )
    return base


_A_BASE = say("contributions.a_base")


def _read_status(value: Any) -> str:
    plain = normalize_text(value).lower() if isinstance(value, str) else value
    if plain in STATUSES:
        return str(plain)
    if plain in _STATUS_WORDS:
        return _STATUS_WORDS[plain]
    hint = find_nearest(str(value), STATUSES) or STATUSES[0]
    raise BadValue(
        "JF-F023",
        quote_value(value),
        say(
            "contributions.one_of",
            statuses=Text(
                "、".join(f"{s}（{_short_label(s)}）" for s in STATUSES), ", ".join(STATUSES)
            ),
        ),
        say("contributions.did_you_mean", hint=hint),
    )


def _short_label(status: str) -> str:
    return STATUS_LABELS[status].zh.split("，")[0]


_STATUS_WORDS = {_short_label(status): status for status in STATUSES} | {
    "正常": "paid",
    "正常缴费": "paid",
    "已缴": "paid",
}


def _read_schemes(value: Any) -> tuple[str, ...]:
    given = re.split(r"[,，、+;；和\s]+", value.strip()) if isinstance(value, str) else value
    if isinstance(given, list | tuple) and given:
        ids = {_SCHEME_WORDS.get(scheme) if isinstance(scheme, str) else None for scheme in given}
        if None not in ids:
            return tuple(scheme for scheme in SCHEMES if scheme in ids)
    raise BadValue(
        "JF-F024",
        quote_value(value)
        if not isinstance(value, list)
        else quote_value(", ".join(map(str, value))),
        say("contributions.schemes", schemes=Text("、".join(SCHEMES), ", ".join(SCHEMES))),
        say("contributions.name_one_or_both"),
    )


_SCHEME_WORDS = {
    "pension": "pension",
    "养老": "pension",
    "养老保险": "pension",
    "medical": "medical",
    "医疗": "medical",
    "医疗保险": "medical",
}


def _no_spell_fault(item: Any, path: str) -> FactFault:
    return FactFault(
        "JF-F020",
        path,
        quote_value(item),
        say("contributions.a_spell_from_to_base"),
        say("contributions.write_a_mapping"),
    )


def _reversed_months_fault(since: int, until: int, path: str) -> FactFault:
    first, last = format_month(since), format_month(until)
    return FactFault(
        "JF-F025",
        path,
        say("contributions.from_to", first=first, last=last),
        say("contributions.a_last_month"),
        say("contributions.exchange_or_correct_the_two"),
        say("contributions.the_last_month_is_before", last=last, first=first),
    )


def _refuse_overlaps(spells: list[tuple[int, Spell]], path: str, faults: list[FactFault]) -> None:
    """Two spells that share a month are told once, also where they share both schemes."""
    reported = set[tuple[int, int]]()
    for scheme in SCHEMES:
        ordered = sorted((s for s in spells if scheme in s[1].schemes), key=lambda s: s[1].since)
        for (first, earlier), (number, later) in pairwise(ordered):
            if later.since <= earlier.until and (first, number) not in reported:
                reported.add((first, number))
                faults.append(_overlap_fault(earlier, later, f"{path}.{number}"))


def _overlap_fault(earlier: Spell, later: Spell, path: str) -> FactFault:
    first, second = earlier.describe(), later.describe()
    return FactFault(
        "JF-F026",
        path,
        say("contributions.and", first=first, second=second),
        say("contributions.each_month_of_a_scheme"),
        say("contributions.correct_the_months_of_one"),
        say("contributions.two_spells_share_months", first=first, second=second),
    )


class ContributionHistory:
    """The contribution months of a person under the rules of a measure."""

    def __init__(self, spells: list[Spell], rules: ContributionRules, last: int) -> None:
        """`last` is the last month that may count."""
        self._rules, self.last = rules, last
        self.spells = spells
        self._by_scheme: dict[str, dict[int, Spell]] = {
            scheme: {
                month: spell
                for spell in spells
                if scheme in spell.schemes
                for month in range(spell.since, spell.until + 1)
            }
            for scheme in SCHEMES
        }
        months = [
            month for spells_by_month in self._by_scheme.values() for month in spells_by_month
        ]
        self.first = min(months, default=last + 1)
        self._months: dict[tuple[int, str | None], CountedMonth] = {}

    def month_at(self, month: int, scheme: str | None = None) -> CountedMonth:
        """How one month counts: for one scheme, or for all that the measure asks for."""
        counted = self._months.get((month, scheme))
        if counted is None:  # several measures look at the same months
            counted = self._months[month, scheme] = self._count_month(month, scheme)
        return counted

    def _count_month(self, month: int, scheme: str | None) -> CountedMonth:
        wanted = (scheme,) if scheme else self._rules.schemes
        spells = [self._by_scheme[name].get(month) for name in wanted]
        if None in spells:
            return CountedMonth(month, False, None, say("contributions.no_contribution"))
        month_spells = [spell for spell in spells if spell is not None]
        base = next((s.base for s in month_spells if "pension" in s.schemes), month_spells[0].base)
        for spell in month_spells:
            if spell.status == "deferred":
                why = self._explain_deferral(month)
                if why is None:
                    words = say("contributions.deferred_outside_a_recognised_term")
                    return CountedMonth(month, False, base, words)
            elif spell.status != "paid":
                return CountedMonth(month, False, base, STATUS_LABELS[spell.status])
        deferred = any(spell.status == "deferred" for spell in month_spells)
        why = self._explain_deferral(month) if deferred else STATUS_LABELS["paid"]
        return CountedMonth(month, True, base, why or STATUS_LABELS["paid"])

    def _explain_deferral(self, month: int) -> Text | None:
        for term in self._rules.deferred:
            if term.since <= month <= term.until:
                return say("contributions.deferred_counts", term_label=term.label)
        return None

    def iter_months(self, window: int | None, scheme: str | None = None) -> Iterator[CountedMonth]:
        """The months of a window that ends with the last month (None: since the first record)."""
        start = self.first if window is None else self.last - window + 1
        for month in range(start, self.last + 1):
            yield self.month_at(month, scheme)

    def current_run(self, scheme: str | None = None) -> list[CountedMonth]:
        """The current unbroken run, from its first month to the last month."""
        run: list[CountedMonth] = []
        for number in range(self.last, self.first - 1, -1):
            month = self.month_at(number, scheme)
            if not month.counts:
                break
            run.append(month)
        return run[::-1]


def find_last_month(spells: list[Spell], rules: ContributionRules, filing: int, over: int) -> int:
    """The last month that may count: the month of filing where the measure takes it, else the last
    month that is over by the counting day. A month that is still under way on the day of filing (so
    it is where the measure takes it, and on the last day of a month that it counts to) counts only
    where a record of it does; that it is not paid yet breaks no run.
    """
    last = filing if rules.includes_filing_month else over
    if last < filing or ContributionHistory(spells, rules, last).month_at(last).counts:
        return last
    return last - 1
