"""A given value → a value of its fact's type: exact numbers, dates, ids; or a clear fault.

Values come from YAML and JSON files, forms and programs, so text, numbers and dates are taken.
None says that the fact does not apply.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from jifen.facts.fault import FactFault
from jifen.policy.fault import nearest, one_of, shorten
from jifen.policy.months import parse_date
from jifen.policy.quantity import Quantity, plain
from jifen.policy.text import Text
from jifen.policy.vocabulary import DATES_MOST, WHOLE_TYPES, Fact

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?\Z")
_YES = frozenset({"true", "yes", "是"})
_NO = frozenset({"false", "no", "否"})


class BadValue(Exception):
    """A value that does not fit; carries the words of the fault."""

    def __init__(self, code: str, found: Text, expected: Text, remedy: Text) -> None:
        super().__init__(found.en)
        self.code, self.found, self.expected, self.remedy = code, found, expected, remedy

    def at(self, path: str) -> FactFault:
        """The fault at a path."""
        return FactFault(self.code, path, self.found, self.expected, self.remedy)


def quoted(value: Any) -> Text:
    """A found value in words, never longer than a line."""
    if value is None:
        return Text("空值（不适用）", "null (does not apply)")
    if isinstance(value, dict):
        return Text("一组键值", "a mapping")
    if isinstance(value, list | tuple):
        return Text("一个列表", "a list")
    if isinstance(value, bool):
        return Text("是/否值", f"the boolean {str(value).lower()}")
    shown = shorten(str(value), 40)
    return Text(f"“{shown}”", f"'{shown}'")


def coerce(fact: Fact, value: Any) -> Any:
    """The value in the type of the fact. Raises BadValue."""
    if value is None:
        if fact.always_applies:
            raise BadValue(
                "JF-F005",
                quoted(value),
                Text(f"{fact.label.zh}的值", f"a value: {fact.label.en} always applies"),
                Text("请填写，或整项删去表示未知。", "Give the value, or leave the fact out."),
            )
        return None
    return _READERS[fact.type](fact, value)


def _number(fact: Fact, value: Any) -> Any:
    number = _decimal(fact, value)
    whole = fact.type in WHOLE_TYPES
    if whole and number != number.to_integral_value():
        raise _not(fact, value, Text("整数", "a whole number"))
    if fact.type == "yuan" and number != round(number, 2):
        raise _not(fact, value, Text("最多两位小数的金额", "an amount with at most two decimals"))
    if not fact.least <= number <= fact.most:
        low, high = plain(fact.least), plain(fact.most)
        raise BadValue(
            "JF-F004",
            quoted(value),
            Text(f"{low} 到 {high} 之间的数", f"a number from {low} to {high}"),
            Text("请核对数值和单位。", f"Check the figure and its unit ({fact.unit or 'none'})."),
        )
    return int(number) if whole else number


def _decimal(fact: Fact, value: Any) -> Decimal:
    number = exact(value)
    if number is None:
        raise _not(fact, value, _expected_number(fact))
    return number


def exact(value: Any) -> Decimal | None:
    """A number exactly as written: digits, a sign, a point; None for anything else."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else None
    text = str(value).strip()
    return Decimal(text) if text.isascii() and _NUMBER.match(text) else None


def _expected_number(fact: Fact) -> Text:
    unit = Quantity(Decimal(2), fact.unit).say()
    zh, en = unit.zh.removeprefix("2").strip(), unit.en.removeprefix("2").strip()
    whole = fact.type in WHOLE_TYPES
    return Text(
        f"{'整数' if whole else '数字'}{f'（{zh}）' if zh else ''}",
        f"a {'whole ' if whole else ''}number{f' ({en})' if en else ''}, digits only",
    )


def _not(fact: Fact, value: Any, expected: Text) -> BadValue:
    del fact
    return BadValue(
        "JF-F003",
        quoted(value),
        expected,
        Text("请只填数字。", "Write the number with digits only."),
    )


def _flag(fact: Fact, value: Any) -> bool:
    del fact
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _YES | _NO:
        return value.strip().lower() in _YES
    raise BadValue(
        "JF-F006",
        quoted(value),
        Text("是或否(true / false)", "true or false"),
        Text("请填写 true 或 false。", "Write true or false."),
    )


def _choice(fact: Fact, value: Any) -> str:
    if isinstance(value, str) and value in fact.ids:
        return value
    hint = nearest(str(value), fact.ids)
    raise BadValue(
        "JF-F002",
        quoted(value),
        Text(f"以下之一：{one_of(fact.ids)}", f"one of: {one_of(fact.ids)}"),
        Text(f"可能想填 {hint}。", f"Did you mean {hint}?")
        if hint
        else Text("请从中选择。", "Choose one of these."),
    )


def day(value: Any) -> date:
    """A date from 1900 on. Raises BadValue."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return parse_date(value.strip() if isinstance(value, str) else "")
    except ValueError:
        raise BadValue(
            "JF-F007",
            quoted(value),
            Text(
                "1900 年以后日历上存在的日期，如 1990-05-01",
                "an existing date from 1900 on, as YYYY-MM-DD",
            ),
            Text("请按 年-月-日 填写。", "Write year-month-day, such as 1990-05-01."),
        ) from None


def _date(fact: Fact, value: Any) -> date:
    del fact
    return day(value)


def _dates(fact: Fact, value: Any) -> tuple[date, ...]:
    if not isinstance(value, list | tuple):
        raise BadValue(
            "JF-F008",
            quoted(value),
            Text("日期列表，没有则为 []", "a list of dates, [] for none"),
            Text("请写成 [2024-03-01]；没有记录写 []。", "Write [2024-03-01], or [] for none."),
        )
    if len(value) > DATES_MOST:
        raise BadValue(
            "JF-F004",
            Text(f"{len(value)} 个日期", f"{len(value)} dates"),
            Text(f"最多 {DATES_MOST} 个", f"at most {DATES_MOST}"),
            Text("请核对。", f"Check {fact.label.en}."),
        )
    return tuple(sorted(day(item) for item in value))


_READERS: dict[str, Callable[[Fact, Any], Any]] = {
    "date": _date,
    "dates": _dates,
    "bool": _flag,
    "choice": _choice,
    "months": _number,
    "years": _number,
    "count": _number,
    "number": _number,
    "yuan": _number,
    "ratio": _number,
}
