"""Contribution spells → months: which count, which do not, and why.

A spell is a stretch of equal months: {from, to, base (yuan per month), status, schemes}.
`paid` counts; `deferred` (缓缴) where the policy says so for that month; `back_paid` (补缴) and
`mismatched` (base or payer disagrees with tax or contract) never.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from jifen.facts.fault import FactFault, unknown_keys
from jifen.facts.values import BadValue, exact, quoted
from jifen.policy.fault import nearest
from jifen.policy.model import ContributionRules
from jifen.policy.months import month_text, parse_month
from jifen.policy.text import Text

STATUSES = ("paid", "deferred", "back_paid", "mismatched")
SCHEMES = ("pension", "medical")
_KEYS = ("from", "to", "base", "status", "schemes")
MOST_SPELLS = 600
MOST_FAULTS = 50

WORDS = {
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

    def say(self) -> Text:
        """The spell in words: its months and its status."""
        since, until = month_text(self.since), month_text(self.until)
        status = WORDS[self.status].zh.split("，")[0]
        return Text(f"{since} 至 {until}（{status}）", f"{since} – {until} ({self.status})")


@dataclass(frozen=True, slots=True)
class Month:
    """One month as it counts for chosen schemes: whether, with which base, and why (not)."""

    month: int
    counts: bool
    base: Decimal | None
    why: Text


def read_spells(value: Any, faults: list[FactFault], path: str = "contributions") -> list[Spell]:
    """Read spells; what is wrong goes to `faults` with its path."""
    if not isinstance(value, list | tuple) or len(value) > MOST_SPELLS:
        faults.append(
            FactFault(
                "JF-F020",
                path,
                quoted(value) if not isinstance(value, list | tuple) else _count(len(value)),
                Text("缴费记录列表", f"a list of at most {MOST_SPELLS} spells"),
                Text("每段写明起止月份、基数和状态。", "Write from, to, base and status of each."),
            )
        )
        return []
    read: list[tuple[int, Spell]] = []
    for number, item in enumerate(value):
        if len(faults) > MOST_FAULTS:
            break  # a wrong file: more of the same would not help
        spell = _spell(item, f"{path}.{number}", faults)
        if spell:
            read.append((number, spell))
    _refuse_overlaps(read, path, faults)
    return [spell for _, spell in read]


def _count(n: int) -> Text:
    return Text(f"{n} 段", f"{n} spells")


def _spell(item: Any, path: str, faults: list[FactFault]) -> Spell | None:
    if not isinstance(item, Mapping):
        faults.append(_not_spell(item, path))
        return None
    before = len(faults)
    faults.extend(unknown_keys(item, _KEYS, path))
    since = _part(_month, item.get("from"), f"{path}.from", faults)
    until = _part(_month, item.get("to"), f"{path}.to", faults)
    base = _part(_base, item.get("base"), f"{path}.base", faults)
    status = _part(_status, item.get("status", "paid"), f"{path}.status", faults)
    schemes = _part(_schemes, item.get("schemes", SCHEMES), f"{path}.schemes", faults)
    if len(faults) > before or since is None or until is None:
        return None
    if until < since:
        faults.append(_backwards(since, until, path))
        return None
    return Spell(since, until, base, status, schemes)


def _part(read: Any, value: Any, path: str, faults: list[FactFault]) -> Any:
    try:
        return read(value)
    except BadValue as error:
        faults.append(error.at(path))
        return None


def _month(value: Any) -> int:
    try:
        return parse_month(value.strip() if isinstance(value, str) else "")
    except ValueError:
        raise BadValue(
            "JF-F021",
            quoted(value),
            Text("月份，如 2022-04", "a month as YYYY-MM"),
            Text("请按 年-月 填写。", "Write year-month, such as 2022-04."),
        ) from None


def _base(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    base = exact(value)
    if base is None or base != round(base, 2):
        base = Decimal(-1)
    if not 0 <= base <= 10_000_000:
        raise BadValue(
            "JF-F022",
            quoted(value),
            Text("每月缴费基数（元）", "a contribution base in yuan per month"),
            Text("请填不小于 0 的金额。", "Write an amount from 0 on, digits only."),
        )
    return base


def _status(value: Any) -> str:
    if value in STATUSES:
        return str(value)
    hint = nearest(str(value), STATUSES) or STATUSES[0]
    raise BadValue(
        "JF-F023",
        quoted(value),
        Text(f"以下之一：{'、'.join(STATUSES)}", f"one of: {', '.join(STATUSES)}"),
        Text(f"可能想填 {hint}。", f"Did you mean {hint}?"),
    )


def _schemes(value: Any) -> tuple[str, ...]:
    given = tuple(value) if isinstance(value, list | tuple) else (value,)
    if given and all(scheme in SCHEMES for scheme in given):
        return tuple(scheme for scheme in SCHEMES if scheme in given)
    raise BadValue(
        "JF-F024",
        quoted(value) if not isinstance(value, list) else quoted(", ".join(map(str, value))),
        Text(f"险种：{'、'.join(SCHEMES)}", f"schemes: {', '.join(SCHEMES)}"),
        Text("请从中选择一项或两项。", "Name one or both."),
    )


def _not_spell(item: Any, path: str) -> FactFault:
    return FactFault(
        "JF-F020",
        path,
        quoted(item),
        Text("一段缴费记录", "a spell: from, to, base, status, schemes"),
        Text(
            "请写成 {from: 2022-01, to: 2022-12, base: 12000, status: paid}。", "Write a mapping."
        ),
    )


def _backwards(since: int, until: int, path: str) -> FactFault:
    first, last = month_text(since), month_text(until)
    return FactFault(
        "JF-F025",
        path,
        Text(f"从 {first} 到 {last}", f"from {first} to {last}"),
        Text("终止月份不早于起始月份", "a last month that is not before the first"),
        Text("请核对起止月份。", "Exchange or correct the two months."),
    )


def _refuse_overlaps(spells: list[tuple[int, Spell]], path: str, faults: list[FactFault]) -> None:
    """Two spells that share a month are told once, also where they share both schemes."""
    reported = set[tuple[int, int]]()
    for scheme in SCHEMES:
        ordered = sorted((s for s in spells if scheme in s[1].schemes), key=lambda s: s[1].since)
        for (first, earlier), (number, later) in pairwise(ordered):
            if later.since <= earlier.until and (first, number) not in reported:
                reported.add((first, number))
                faults.append(_overlapping(earlier, later, f"{path}.{number}"))


def _overlapping(earlier: Spell, later: Spell, path: str) -> FactFault:
    return FactFault(
        "JF-F026",
        path,
        _overlap(earlier, later),
        Text("同一险种每个月只在一段中", "each month of a scheme in one spell only"),
        Text("请核对两段的起止月份。", "Correct the months of one of the two."),
    )


def _overlap(earlier: Spell, later: Spell) -> Text:
    first, second = earlier.say(), later.say()
    return Text(f"两段月份重叠：{first.zh}与 {second.zh}", f"overlap: {first.en} and {second.en}")


class History:
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
        months = [month for held in self._by_scheme.values() for month in held]
        self.first = min(months, default=last + 1)
        self._months: dict[tuple[int, str | None], Month] = {}

    def month(self, month: int, scheme: str | None = None) -> Month:
        """How one month counts: for one scheme, or for all that the measure asks for."""
        found = self._months.get((month, scheme))
        if found is None:  # several measures look at the same months
            found = self._months[month, scheme] = self._month(month, scheme)
        return found

    def _month(self, month: int, scheme: str | None) -> Month:
        wanted = (scheme,) if scheme else self._rules.schemes
        spells = [self._by_scheme[name].get(month) for name in wanted]
        if None in spells:
            return Month(month, False, None, Text("没有缴费记录", "no contribution"))
        held = [spell for spell in spells if spell is not None]
        base = next((s.base for s in held if "pension" in s.schemes), held[0].base)
        for spell in held:
            if spell.status == "deferred":
                why = self._deferred(month)
                if why is None:
                    words = Text(
                        "缓缴，当月不在视同缴费的期间内", "deferred outside a recognised term"
                    )
                    return Month(month, False, base, words)
            elif spell.status != "paid":
                return Month(month, False, base, WORDS[spell.status])
        deferred = any(spell.status == "deferred" for spell in held)
        why = self._deferred(month) if deferred else WORDS["paid"]
        return Month(month, True, base, why or WORDS["paid"])

    def _deferred(self, month: int) -> Text | None:
        for term in self._rules.deferred:
            if term.since <= month <= term.until:
                return Text(
                    f"缓缴，视同缴费（{term.label.zh}）", f"deferred, counts ({term.label.en})"
                )
        return None

    def months(self, window: int | None, scheme: str | None = None) -> Iterator[Month]:
        """The months of a window that ends with the last month (None: since the first record)."""
        start = self.first if window is None else self.last - window + 1
        for month in range(start, self.last + 1):
            yield self.month(month, scheme)

    def run(self, scheme: str | None = None) -> list[Month]:
        """The current unbroken run, from its first month to the last month."""
        run: list[Month] = []
        for number in range(self.last, self.first - 1, -1):
            month = self.month(number, scheme)
            if not month.counts:
                break
            run.append(month)
        return run[::-1]


def last_month(spells: list[Spell], rules: ContributionRules, filing: int, over: int) -> int:
    """The last month that may count: the month of filing where the measure takes it, else the last
    month that is over by the counting day. A month that is still under way on the day of filing (so
    it is where the measure takes it, and on the last day of a month that it counts to) counts only
    where a record of it does; that it is not paid yet breaks no run.
    """
    last = filing if rules.includes_filing_month else over
    if last < filing or History(spells, rules, last).month(last).counts:
        return last
    return last - 1
