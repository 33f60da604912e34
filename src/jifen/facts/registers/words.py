"""What is said of a register: of a whole file (an error) or of one row (the side table)."""

from pathlib import Path
from typing import Any

from jifen.facts.fault import FactFault
from jifen.policy.fault import DocumentError, Fault, Place, shorten
from jifen.policy.text import Text

NO_PERSON = "JF-F060"
DOUBLE_PERSON = "JF-F061"
COLUMN = "JF-F062"
UNREADABLE = "JF-F063"
NO_ROWS = "JF-F064"
TARGET = "JF-F065"
ALL_WRONG = "JF-F066"
STRICT = "JF-F067"


class RegisterError(DocumentError):
    """A register that cannot be used at all, or a place to which nothing can be written."""

    def __init__(self, code: str, where: Path | str, found: str, expected: str, do: str) -> None:
        self.where = where
        super().__init__([Fault(code, Place(Path(where).name), found, expected, do)])

    def __str__(self) -> str:
        """The fault without a line number: a register is no text."""
        fault = self.faults[0]
        return "\n".join(
            (
                f"{fault.place.file}: {fault.code} error",
                f"  found:    {fault.found}",
                f"  expected: {fault.expected}",
                f"  do:       {fault.remedy}",
            )
        )


def shown(value: Any) -> str:
    """A value of a row as the side table shows it: short, identity numbers masked."""
    return "" if value is None else shorten(str(value), 40)


def no_person() -> FactFault:
    """A row that belongs to nobody."""
    return FactFault(
        NO_PERSON,
        "person",
        Text("空值", "nothing"),
        Text("人员编号", "the key of a person"),
        Text("此行未计入任何人。请补上编号。", "The row counts for nobody. Give its person."),
    )


def double_person(first_row: int) -> FactFault:
    """A person who has a second row in a table of one row each."""
    return FactFault(
        DOUBLE_PERSON,
        "person",
        Text(
            f"此人的又一行（第一行是第 {first_row} 行）",
            f"another row of the same person (the first is row {first_row})",
        ),
        Text("每人一行", "one row for each person"),
        Text("请删去多余的行。", "Remove all but one."),
    )


def unknown_register(value: Any, known: tuple[str, ...]) -> FactFault:
    """A dated record of something that this city does not count."""
    found = shown(value)
    return FactFault(
        "JF-F001",
        "fact",
        Text(f"未知的记录“{found}”", f"the unknown record '{found}'"),
        Text(f"以下之一：{'、'.join(known)}", f"one of: {', '.join(known)}"),
        Text("请更正，或删去此行。", "Correct it, or remove the row."),
    )
