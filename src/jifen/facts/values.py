"""A given value → a value of its fact's type: exact numbers, dates, ids; or a clear fault.

Values come from YAML and JSON files, forms and programs, so text, numbers and dates are taken.
None says that the fact does not apply.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.spelling import (
    DOES_NOT_APPLY,
    AmbiguousSpelling,
    normalize_day,
    normalize_text,
    read_amount,
    read_day,
    read_flag,
    split_days,
)
from jifen.policy.fault import find_nearest, join_words, shorten_text
from jifen.policy.quantity import Quantity, format_number
from jifen.policy.text import Text
from jifen.policy.vocabulary import DATES_MOST, WHOLE_TYPES, ChoiceOption, Fact

_DATE = Text("日期", "date")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?\Z")


class BadValue(Exception):
    """A value that does not fit; carries the words of the fault."""

    def __init__(
        self, code: str, found: Text, expected: Text, remedy: Text, sentence: Text | None = None
    ) -> None:
        super().__init__(found.en)
        self.code, self.found, self.expected, self.remedy = code, found, expected, remedy
        self.sentence = sentence

    def to_fault(self, path: str) -> FactFault:
        """The fault at a path."""
        return FactFault(self.code, path, self.found, self.expected, self.remedy, self.sentence)


def quote_value(value: Any) -> Text:
    """A found value in words, never longer than a line."""
    if value is None:
        return Text("空值（不适用）", "null (does not apply)")
    if isinstance(value, dict):
        return Text("一组键值", "a mapping")
    if isinstance(value, list | tuple):
        return Text("一个列表", "a list")
    if isinstance(value, bool):
        return Text("是/否值", f"the boolean {str(value).lower()}")
    shown = shorten_text(str(value), 40)
    return Text(f"“{shown}”", f"'{shown}'")


def ambiguous_value(value: Any, error: AmbiguousSpelling, expected: Text) -> BadValue:
    """The fault of a value that may mean more than one thing."""
    shown, why, remedy = quote_value(value), error.why, error.remedy
    return BadValue(
        "JF-F012",
        Text(f"{shown.zh}{why.zh}", f"{shown.en}: {why.en}"),
        expected,
        Text(f"{remedy.zh}。", f"{remedy.en[:1].upper()}{remedy.en[1:]}."),
        Text(f"{shown.zh}{why.zh}，{remedy.zh}。", f"{shown.en}: {why.en}; {remedy.en}."),
    )


def coerce_value(fact: Fact, value: Any) -> Any:
    """The value in the type of the fact, in any spelling that has one meaning. Raises BadValue."""
    if isinstance(value, str) and normalize_text(value).lower() in DOES_NOT_APPLY:
        value = None
    if value is None:
        if fact.always_applies:
            raise BadValue(
                "JF-F005",
                quote_value(value),
                Text(f"{fact.label.zh}的值", f"a value: {fact.label.en} always applies"),
                Text("请填写，或整项删去表示未知。", "Give the value, or leave the fact out."),
            )
        return None
    return _READERS[fact.type](fact, value)


def _coerce_number(fact: Fact, value: Any) -> Any:
    number = _coerce_decimal(fact, value)
    whole = fact.type in WHOLE_TYPES
    if whole and number != number.to_integral_value():
        raise _no_number(value, Text("整数", "a whole number"))
    if fact.type == "yuan" and number != round(number, 2):
        raise _no_number(value, Text("最多两位小数的金额", "an amount with at most two decimals"))
    if not fact.least <= number <= fact.most:
        low, high = format_number(fact.least), format_number(fact.most)
        raise BadValue(
            "JF-F004",
            quote_value(value),
            Text(f"{low} 到 {high} 之间的数", f"a number from {low} to {high}"),
            Text("请核对数值和单位。", f"Check the figure and its unit ({fact.unit or 'none'})."),
        )
    return int(number) if whole else number


def _coerce_decimal(fact: Fact, value: Any) -> Decimal:
    return parse_amount(value, fact.unit, _describe_expected_number(fact))


def parse_amount(value: Any, unit: str, expected: Text, code: str = "JF-F003") -> Decimal:
    """A number in a unit (a key of UNITS, or empty), which may stand behind it. Raises BadValue."""
    number = parse_exact_number(value)
    if number is None and isinstance(value, str):
        try:
            number = read_amount(value, unit)
        except AmbiguousSpelling as error:
            raise ambiguous_value(value, error, expected) from None
    if number is None:
        raise BadValue(code, quote_value(value), expected, _DIGITS)
    return number


def parse_exact_number(value: Any) -> Decimal | None:
    """A number exactly as written: digits, a sign, a point; None for anything else."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else None
    text = str(value).strip()
    return Decimal(text) if text.isascii() and _NUMBER.match(text) else None


def _describe_expected_number(fact: Fact) -> Text:
    unit = Quantity(Decimal(2), fact.unit).to_text()
    zh, en = unit.zh.removeprefix("2").strip(), unit.en.removeprefix("2").strip()
    whole = fact.type in WHOLE_TYPES
    return Text(
        f"{'整数' if whole else '数字'}{f'（{zh}）' if zh else ''}",
        f"a {'whole ' if whole else ''}number{f' ({en})' if en else ''}, digits only",
    )


_DIGITS = Text("请只填数字。", "Write the number with digits only.")


def _no_number(value: Any, expected: Text) -> BadValue:
    return BadValue("JF-F003", quote_value(value), expected, _DIGITS)


def _coerce_flag(fact: Fact, value: Any) -> bool:
    del fact
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and (flag := read_flag(value)) is not None:
        return flag
    raise BadValue(
        "JF-F006",
        quote_value(value),
        Text("是或否(true / false)", "true or false"),
        Text("请填写 true 或 false。", "Write true or false."),
    )


def _coerce_choice(fact: Fact, value: Any) -> str:
    if isinstance(value, str):
        if value in fact.ids:
            return value
        plain = normalize_text(value).lower()
        answers = {o.id for o in fact.options if plain in _list_option_words(o)}
        if len(answers) == 1:
            return answers.pop()
    hint = find_nearest(str(value), fact.ids)
    raise BadValue(
        "JF-F002",
        quote_value(value),
        Text(f"以下之一：{join_words(fact.ids)}", f"one of: {join_words(fact.ids)}"),
        Text(f"可能想填 {hint}。", f"Did you mean {hint}?")
        if hint
        else Text("请从中选择。", "Choose one of these."),
    )


def _list_option_words(option: ChoiceOption) -> tuple[str, ...]:
    """The words of an answer as values are compared with them: labels may be （full-width）."""
    return option.id.lower(), *(
        normalize_text(word).lower() for word in (option.label.zh, option.label.en)
    )


def parse_day(value: Any, label: Text = _DATE) -> date:
    """A date from 1900 on; `label` is what the fault calls it. Raises BadValue."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    try:
        result = read_day(text)
    except AmbiguousSpelling as error:
        raise ambiguous_value(value, error, _EXISTING) from None
    if result is None:
        raise BadValue(
            "JF-F007", quote_value(value), _EXISTING, _AS_DAY, _explain_bad_day(text, label)
        )
    return result


_EXISTING = Text(
    "1900 年以后日历上存在的日期，如 1990-05-01", "an existing date from 1900 on, as YYYY-MM-DD"
)
_AS_DAY = Text("请按 年-月-日 填写。", "Write year-month-day, such as 1990-05-01.")


def _explain_bad_day(text: str, label: Text) -> Text:
    """Why a text is no day: not written as one, or none of the calendar."""
    written = normalize_day(text)
    if len(written) == len("1990-05-01") and written.replace("-", "").isdecimal():
        if "1900" <= written[:4] < "2200":
            return Text(
                f"日历上没有 {written} 这一天，请核对{label.zh}。",
                f"There is no {written} in the calendar: check the {label.en}.",
            )
        return Text(
            f"{label.zh}应在 1900 年至 2199 年之间，请核对年份。",
            f"The {label.en} must lie between 1900 and 2199: check the year.",
        )
    return Text(
        f"请按“1990-05-01”的格式填写{label.zh}。",
        f"Write the {label.en} as in 1990-05-01 (year-month-day).",
    )


def _lower_first_letter(label: Text) -> Text:
    """A label inside an English sentence."""
    return Text(label.zh, label.en[:1].lower() + label.en[1:])


def _coerce_date(fact: Fact, value: Any) -> date:
    return parse_day(value, _lower_first_letter(fact.label))


def parse_days(value: Any) -> tuple[date, ...]:
    """Dates in order, from a list or from a text with 、 or commas between. Raises BadValue."""
    listed = split_days(value) if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or (isinstance(value, str) and not _are_days(listed)):
        raise BadValue(
            "JF-F008",
            quote_value(value),
            Text("日期列表，没有则为 []", "a list of dates, [] for none"),
            Text("请写成 [2024-03-01]；没有记录写 []。", "Write [2024-03-01], or [] for none."),
        )
    if all(item.__class__ is date for item in listed):
        return tuple(sorted(listed))
    return tuple(sorted(parse_day(item, _name_listed_date(item)) for item in listed))


def _name_listed_date(item: Any) -> Text:
    """A date of a list, as a fault names it."""
    shown = shorten_text(str(item), 20)
    return Text(f"日期“{shown}”", f"date '{shown}'")


def _coerce_dates(fact: Fact, value: Any) -> tuple[date, ...]:
    if isinstance(value, list | tuple) and len(value) > DATES_MOST:
        raise _too_many_dates(fact, len(value))
    dates = parse_days(value)
    if len(dates) > DATES_MOST:
        raise _too_many_dates(fact, len(dates))
    return dates


def _too_many_dates(fact: Fact, count: int) -> BadValue:
    return BadValue(
        "JF-F004",
        Text(f"{count} 个日期", f"{count} dates"),
        Text(f"最多 {DATES_MOST} 个", f"at most {DATES_MOST}"),
        Text("请核对。", f"Check {fact.label.en}."),
    )


def _are_days(texts: Sequence[str]) -> bool:
    """Whether a text that stands for a list holds at least something like days."""
    return all(any(c.isdecimal() for c in text) for text in texts)


_READERS: dict[str, Callable[[Fact, Any], Any]] = {
    "date": _coerce_date,
    "dates": _coerce_dates,
    "bool": _coerce_flag,
    "choice": _coerce_choice,
    "months": _coerce_number,
    "years": _coerce_number,
    "count": _coerce_number,
    "number": _coerce_number,
    "yuan": _coerce_number,
    "ratio": _coerce_number,
}
