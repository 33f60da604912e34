"""The citizen identity number (GB 11643-1999): check character, date of birth, sex; and the one way
in which it is written down to be compared or stored."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.values import BadValue
from jifen.facts.words import say
from jifen.policy.months import parse_date
from jifen.policy.text import Text, capitalize_text

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]\Z")
_SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?E\+?1[4-9]\Z")
"""15 to 20 digits as a spreadsheet shows a long number: 3.10101E+17."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LONGEST = 200
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_APOSTROPHES = "'‘’`"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says. The number itself is not kept here."""

    birth_date: date
    sex: str
    masked: str


def fold_number(text: str) -> str:
    """An identity number or a credit code in the spelling in which it is compared and stored.

    Full-width characters become narrow and letters large; blanks, tabs and invisible characters go
    wherever they stand, and so does the apostrophe that makes text of a number in a spreadsheet. A
    text that is too long for any number stays as it is.
    """
    if len(text) > _LONGEST:
        return text
    narrow = unicodedata.normalize("NFKC", text)
    visible = (c for c in narrow if unicodedata.category(c) not in _INVISIBLE)
    return "".join(visible).lstrip(_APOSTROPHES).upper()


def is_identity_shaped(folded: str) -> bool:
    """Whether a folded text has the form of an identity number, whatever its check character."""
    return bool(_SHAPE.match(folded))


def fold_key(text: str) -> str:
    """The key of a person in a register: an identity number is folded (`fold_number`), any other
    key only loses the blanks at its ends, since its letters may differ in size on purpose."""
    folded = fold_number(text)
    return folded if _SHAPE.match(folded) else _strip_invisible(text)


def _strip_invisible(text: str) -> str:
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start]) in _INVISIBLE:
        start += 1
    while end > start and unicodedata.category(text[end - 1]) in _INVISIBLE:
        end -= 1
    return text[start:end]


def is_number_cell(value: Any) -> bool:
    """Whether a value is what a spreadsheet makes of a long number: a number instead of text, or
    text in scientific notation. Only the first 15 digits of it are those that were typed."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return True
    return isinstance(value, str) and bool(_SCIENTIFIC.match(fold_number(value)))


NUMBER_CELL = say("identity.number_cell")
FORMAT_AS_TEXT = say("identity.format_as_text")


def mask_number(number: str) -> str:
    """The number with its middle hidden: unreadable, but its owner knows it again."""
    if len(number) < 15:
        return "*" * min(len(number), 15)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def compute_check_character(first_17: str) -> str:
    """The check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def read_identity(value: Any) -> Identity:
    """Read a number in any spelling that `fold_number` knows; BadValue (which never shows the
    number whole) where it is not one. A whole number is taken as it stands: files of facts keep
    all its digits. A fraction or scientific notation comes from a spreadsheet and is refused."""
    if isinstance(value, float) or (isinstance(value, str) and is_number_cell(value)):
        raise BadValue(
            "JF-F011",
            NUMBER_CELL,
            say("identity.the_18_characters_as_text"),
            FORMAT_AS_TEXT,
            say(
                "identity.number_cell_and_remedy",
                number_cell=capitalize_text(NUMBER_CELL),
                format_as_text=FORMAT_AS_TEXT,
            ),
        )
    number = fold_number(str(value)) if isinstance(value, str | int) else ""
    if not _SHAPE.match(number):
        raise _number_fault(number, say("identity.characters_17_digits"))
    try:
        born = parse_date(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        raise _number_fault(number, say("identity.a_date_of_birth")) from None
    if compute_check_character(number[:17]) != number[17]:
        raise _number_fault(number, say("identity.a_number_that_agrees"))
    return Identity(born, "male" if int(number[16]) % 2 else "female", mask_number(number))


def _number_fault(number: str, expected: Text) -> BadValue:
    shown = mask_number(number) if number else "?"
    return BadValue(
        "JF-F010",
        Text(f"“{shown}”", f"'{shown}'"),
        expected,
        say("identity.compare_it_with_the_card"),
    )
