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
from jifen.facts.words import say
from jifen.policy.fault import find_nearest, join_words, shorten_text
from jifen.policy.quantity import Quantity, format_number
from jifen.policy.text import Text, capitalize_text
from jifen.policy.vocabulary import DATES_MOST, WHOLE_TYPES, ChoiceOption, Fact

_DATE = say("values.date")
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
        return say("values.null_does_not_apply")
    if isinstance(value, dict):
        return say("values.a_mapping")
    if isinstance(value, list | tuple):
        return say("values.a_list")
    if isinstance(value, bool):
        return say("values.the_boolean", value=str(value).lower())
    shown = shorten_text(str(value), 40)
    return Text(f"“{shown}”", f"'{shown}'")


def ambiguous_value(value: Any, error: AmbiguousSpelling, expected: Text) -> BadValue:
    """The fault of a value that may mean more than one thing."""
    shown, why, remedy = quote_value(value), error.why, error.remedy
    return BadValue(
        "JF-F012",
        Text(f"{shown.zh}{why.zh}", f"{shown.en}: {why.en}"),
        expected,
        say("values.remedy_of_ambiguous_value", remedy=capitalize_text(remedy)),
        say("values.ambiguous_value_and_remedy", shown=shown, why=why, remedy=remedy),
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
                say("values.a_value_always_applies", fact_label=fact.label),
                say("values.give_the_value_or_leave"),
            )
        return None
    return _READERS[fact.type](fact, value)


def _coerce_number(fact: Fact, value: Any) -> Any:
    number = _coerce_decimal(fact, value)
    whole = fact.type in WHOLE_TYPES
    if whole and number != number.to_integral_value():
        raise _no_number(value, say("values.a_whole_number"))
    if fact.type == "yuan" and number != round(number, 2):
        raise _no_number(value, say("values.an_amount_with_at_most"))
    if not fact.least <= number <= fact.most:
        low, high = format_number(fact.least), format_number(fact.most)
        raise BadValue(
            "JF-F004",
            quote_value(value),
            say("values.a_number", low=low, high=high),
            say("values.check_the_figure", unit=fact.unit or "none"),
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
    return say(
        "values.a_number_digits_only",
        part=say("values.whole") if whole else say("values.expected_number"),
        part_2=Text(f"（{zh}）" if zh else "", f" ({en})" if en else ""),
    )


_DIGITS = say("values.digits")


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
        say("values.true_or_false"),
        say("values.write_true_or_false"),
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
        say("values.one_of", ids=join_words(fact.ids)),
        say("values.did_you_mean", hint=hint) if hint else say("values.choose_one_of_these"),
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


_EXISTING = say("values.existing")
_AS_DAY = say("values.as_day")


def _explain_bad_day(text: str, label: Text) -> Text:
    """Why a text is no day: not written as one, or none of the calendar."""
    written = normalize_day(text)
    if len(written) == len("1990-05-01") and written.replace("-", "").isdecimal():
        if "1900" <= written[:4] < "2200":
            return say("values.there_is", written=written, label=label)
        return say("values.the_must_lie_between_1900", label=label)
    return say("values.write_the_as_in_1990", label=label)


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
            say("values.a_list_of_dates"),
            say("values.write_2024_03_01"),
        )
    if all(item.__class__ is date for item in listed):
        return tuple(sorted(listed))
    return tuple(sorted(parse_day(item, _name_listed_date(item)) for item in listed))


def _name_listed_date(item: Any) -> Text:
    """A date of a list, as a fault names it."""
    shown = shorten_text(str(item), 20)
    return say("values.listed_date_date", shown=shown)


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
        say("values.dates", count=count),
        say("values.at_most", dates_most=DATES_MOST),
        say("values.check", fact_label=fact.label),
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
