"""What the answer of a register means: values of JSON → facts as in the contract."""

import logging
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from jifen.office.registry.adapters.description import RegisterDescription, ValueRule
from jifen.office.registry.registers import RegisterAnswer, RegisterDown

logger = logging.getLogger("jifen.registers")
MOST_RECORDS = 2_000
_FLAGS = {"true": True, "1": True, "y": True, "yes": True, "是": True}
_FLAGS |= {"false": False, "0": False, "n": False, "no": False, "否": False}
_ABSENT = object()


class UnreadableValue(ValueError):
    """A value that its rule does not explain. Its words name the rule, never the value."""


def read_answer(description: RegisterDescription, content: Any) -> RegisterAnswer | None:
    """The facts of an answer; None where it holds nothing of the person. A fact that cannot be read
    is left out, for a clerk to look at. Raises RegisterDown where it has no day of its data."""
    if description.nothing is not None:
        path, values = description.nothing
        if _to_text(find_value(content, path)) in values:
            return None
    try:
        as_of = read_value(content, description.as_of)
    except UnreadableValue:
        as_of = None
    if not isinstance(as_of, str):
        raise RegisterDown(f"{description.file}: the answer has no day of the data")
    facts = {}
    for fact, rule in description.facts.items():
        try:
            value = read_value(content, rule)
        except UnreadableValue as error:
            logger.warning("%s: fact %s cannot be read: %s", description.file, fact, error)
            continue
        if value is not None:
            facts[fact] = value
    return RegisterAnswer(facts, date.fromisoformat(as_of))


def find_value(content: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path of names and places in lists; absent where the path leads nowhere."""
    for name in path:
        if isinstance(content, dict) and name in content:
            content = content[name]
        elif isinstance(content, list) and name.isdecimal() and int(name) < len(content):
            content = content[int(name)]
        else:
            return _ABSENT
    return content


def read_value(content: Any, rule: ValueRule) -> Any:
    """A value as in the contract; None where there is none. Raises UnreadableValue."""
    raw = find_value(content, rule.path)
    if raw is _ABSENT or raw is None or raw == "":
        return None
    if rule.each:
        return _read_records(raw, rule)
    text = _to_text(raw)
    if rule.values:
        if text not in rule.values:
            raise UnreadableValue("a code that `values` does not have")
        text = rule.values[text]
    try:
        return _READERS[rule.kind](text, rule)
    except (ValueError, InvalidOperation):
        raise UnreadableValue(f"not a value of kind {rule.kind}") from None


def _read_records(raw: Any, rule: ValueRule) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or len(raw) > MOST_RECORDS:
        raise UnreadableValue(f"not a list of at most {MOST_RECORDS} records")
    rows = []
    for record in raw:
        columns = {name: read_value(record, column) for name, column in rule.each.items()}
        rows.append({name: value for name, value in columns.items() if value is not None})
    return rows


def _to_text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw).strip() if isinstance(raw, str | int | float | Decimal) else ""


def _read_text(text: str, rule: ValueRule) -> str:
    del rule
    if not text:
        raise ValueError
    return text


def _read_number(text: str, rule: ValueRule) -> str | int:
    number = Decimal(text) * rule.times
    if not number.is_finite():
        raise ValueError
    plain = format(number.normalize(), "f")
    return int(plain) if plain.lstrip("-").isdecimal() else plain


def _read_whole(text: str, rule: ValueRule) -> int:
    number = Decimal(text) * rule.times
    if number != number.to_integral_value():
        raise ValueError
    return int(number)


def _read_flag(text: str, rule: ValueRule) -> bool:
    del rule
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise ValueError
    return flag


def _read_day(text: str, rule: ValueRule) -> str:
    return datetime.strptime(text, rule.format or "%Y-%m-%d").date().isoformat()  # noqa: DTZ007


def _read_month(text: str, rule: ValueRule) -> str:
    return datetime.strptime(text, rule.format or "%Y-%m").date().strftime("%Y-%m")  # noqa: DTZ007


_READERS = {
    "text": _read_text,
    "whole": _read_whole,
    "number": _read_number,
    "flag": _read_flag,
    "day": _read_day,
    "month": _read_month,
}
