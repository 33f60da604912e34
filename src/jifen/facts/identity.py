"""The citizen identity number (GB 11643-1999): check character, date of birth, sex; and the one way
in which it is written down to be compared or stored."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.values import BadValue
from jifen.policy.months import parse_date
from jifen.policy.text import Text

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


NUMBER_CELL = Text(
    "证件号码被存成了数字，电子表格只保留数字的前 15 位，后面几位已经不是原来的号码",
    "the identity number is stored as a number, and a spreadsheet keeps only 15 digits of a "
    "number: the last ones are no longer those of the card",
)
FORMAT_AS_TEXT = Text(
    "请把这一列的单元格格式设为“文本”，再对照证件重新录入号码（只改格式不能找回末几位）。",
    "Set the format of the column to text, then enter the number again from the card: changing the "
    "format alone does not bring the last digits back.",
)


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
            Text("以文本保存的 18 位号码", "the 18 characters as text"),
            FORMAT_AS_TEXT,
            Text(
                f"{NUMBER_CELL.zh}。{FORMAT_AS_TEXT.zh}",
                f"{NUMBER_CELL.en[:1].upper()}{NUMBER_CELL.en[1:]}. {FORMAT_AS_TEXT.en}",
            ),
        )
    number = fold_number(str(value)) if isinstance(value, str | int) else ""
    if not _SHAPE.match(number):
        raise _number_fault(number, Text("18 位号码", "18 characters: 17 digits and a digit or X"))
    try:
        born = parse_date(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        raise _number_fault(
            number, Text("第 7 至 14 位为出生日期", "a date of birth in 7 to 14")
        ) from None
    if compute_check_character(number[:17]) != number[17]:
        raise _number_fault(
            number, Text("与校验码相符的号码", "a number that agrees with its last character")
        )
    return Identity(born, "male" if int(number[16]) % 2 else "female", mask_number(number))


def _number_fault(number: str, expected: Text) -> BadValue:
    shown = mask_number(number) if number else "?"
    return BadValue(
        "JF-F010",
        Text(f"“{shown}”", f"'{shown}'"),
        expected,
        Text("请对照身份证逐位核对。", "Compare it with the card, digit by digit."),
    )
