"""The citizen identity number (GB 11643-1999): check character, date of birth, sex."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.values import BadValue
from jifen.policy.months import parse_date
from jifen.policy.text import Text

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9Xx]\Z")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says. The number itself is not kept here."""

    birth_date: date
    sex: str
    masked: str


def mask(number: str) -> str:
    """The number with its middle hidden: unreadable, but its owner knows it again."""
    if len(number) < 15:
        return "*" * min(len(number), 15)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def check_character(first_17: str) -> str:
    """The check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def read_identity(value: Any) -> Identity:
    """Read a number; BadValue (which never shows the number whole) where it is not one."""
    number = str(value).strip() if isinstance(value, str | int) else ""
    if not _SHAPE.match(number):
        raise _bad(number, Text("18 位号码", "18 characters: 17 digits and a digit or X"))
    try:
        born = parse_date(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        raise _bad(number, Text("第 7 至 14 位为出生日期", "a date of birth in 7 to 14")) from None
    if check_character(number[:17]) != number[17].upper():
        raise _bad(
            number, Text("与校验码相符的号码", "a number that agrees with its last character")
        )
    return Identity(born, "male" if int(number[16]) % 2 else "female", mask(number))


def _bad(number: str, expected: Text) -> BadValue:
    shown = mask(number) if number else "?"
    return BadValue(
        "JF-F010",
        Text(f"“{shown}”", f"'{shown}'"),
        expected,
        Text("请对照身份证逐位核对。", "Compare it with the card, digit by digit."),
    )
