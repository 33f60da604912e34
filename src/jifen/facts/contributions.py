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
    "paid": Text("正常缴纳", "paid"),
    "deferred": Text("缓缴", "deferred"),
    "back_paid": Text("补缴，不计", "back-paid: does not count"),
    "mismatched": Text("基数或缴费单位不符，不计", "base or payer does not agree: does not count"),
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
        return Text(f"{since} 至 {until}（{status}）", f"{since} – {until} ({self.status})")


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
                Text("缴费记录列表", f"a list of at most {MOST_SPELLS} spells"),
                Text("每段写明起止月份、基数和状态。", "Write from, to, base and status of each."),
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
    return Text(f"{count} 段", f"{count} spells")


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
            Text("请按 年-月 填写。", "Write year-month, such as 2022-04."),
            Text(
                "请按“2022-04”的格式填写月份，缴至现在的可写“至今”。",
                "Write the month as in 2022-04 (year-month), or 'now' where the spell goes on.",
            ),
        )
    return month


_A_MONTH = Text("月份，如 2022-04", "a month as YYYY-MM")


def _read_base(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    base = parse_amount(value, "yuan", _A_BASE, "JF-F022")
    if base != round(base, 2) or not 0 <= base <= 10_000_000:
        raise BadValue(
            "JF-F022",
            quote_value(value),
            _A_BASE,
            Text(
                "请填 0 到 10000000 元、最多两位小数的金额。",
                "Write an amount from 0 to 10,000,000 with at most two decimals.",
            ),
        )
    return base


_A_BASE = Text("每月缴费基数（元）", "a contribution base in yuan per month")


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
        Text(
            f"以下之一：{'、'.join(f'{s}（{_short_label(s)}）' for s in STATUSES)}",
            f"one of: {', '.join(STATUSES)}",
        ),
        Text(f"可能想填 {hint}。", f"Did you mean {hint}?"),
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
        Text(f"险种：{'、'.join(SCHEMES)}", f"schemes: {', '.join(SCHEMES)}"),
        Text("请从中选择一项或两项。", "Name one or both."),
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
        Text("一段缴费记录", "a spell: from, to, base, status, schemes"),
        Text(
            "请写成 {from: 2022-01, to: 2022-12, base: 12000, status: paid}。", "Write a mapping."
        ),
    )


def _reversed_months_fault(since: int, until: int, path: str) -> FactFault:
    first, last = format_month(since), format_month(until)
    return FactFault(
        "JF-F025",
        path,
        Text(f"从 {first} 到 {last}", f"from {first} to {last}"),
        Text("终止月份不早于起始月份", "a last month that is not before the first"),
        Text("请核对起止月份。", "Exchange or correct the two months."),
        Text(
            f"终止月份 {last} 早于起始月份 {first}，请核对起止月份。",
            f"The last month {last} is before the first month {first}: exchange or correct them.",
        ),
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
        Text(f"两段缴费月份重叠：{first.zh}与 {second.zh}", f"{first.en} and {second.en}"),
        Text("同一险种每个月只在一段中", "each month of a scheme in one spell only"),
        Text("请核对两段的起止月份。", "Correct the months of one of the two."),
        Text(
            f"两段缴费月份重叠：{first.zh}与 {second.zh}，请核对起止月份。",
            f"Two spells share months: {first.en} and {second.en}. Correct the months of one.",
        ),
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
            return CountedMonth(month, False, None, Text("没有缴费记录", "no contribution"))
        month_spells = [spell for spell in spells if spell is not None]
        base = next((s.base for s in month_spells if "pension" in s.schemes), month_spells[0].base)
        for spell in month_spells:
            if spell.status == "deferred":
                why = self._explain_deferral(month)
                if why is None:
                    words = Text(
                        "缓缴，当月不在视同缴费的期间内", "deferred outside a recognised term"
                    )
                    return CountedMonth(month, False, base, words)
            elif spell.status != "paid":
                return CountedMonth(month, False, base, STATUS_LABELS[spell.status])
        deferred = any(spell.status == "deferred" for spell in month_spells)
        why = self._explain_deferral(month) if deferred else STATUS_LABELS["paid"]
        return CountedMonth(month, True, base, why or STATUS_LABELS["paid"])

    def _explain_deferral(self, month: int) -> Text | None:
        for term in self._rules.deferred:
            if term.since <= month <= term.until:
                return Text(
                    f"缓缴，视同缴费（{term.label.zh}）", f"deferred, counts ({term.label.en})"
                )
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
