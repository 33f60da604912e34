"""What is said of a register: of a whole file (an error) or of one row (the side table)."""

from pathlib import Path
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.identity import FORMAT_AS_TEXT, NUMBER_CELL
from jifen.policy.fault import DocumentError, Fault, Place, hide_identity_numbers, shorten_text
from jifen.policy.text import Lang, Text

NO_PERSON = "JF-F060"
DOUBLE_PERSON = "JF-F061"
COLUMN = "JF-F062"
UNREADABLE = "JF-F063"
NO_ROWS = "JF-F064"
TARGET = "JF-F065"
ALL_WRONG = "JF-F066"
STRICT = "JF-F067"
STRANGER = "JF-F068"
NUMBER_KEY = "JF-F069"


class RegisterError(DocumentError):
    """A register that cannot be used at all, or a place to which nothing can be written."""

    def __init__(self, code: str, where: Path | str, found: Text, expected: Text, do: Text) -> None:
        self.where, self._texts = where, (found, expected, do)
        super().__init__([Fault(code, Place(Path(where).name), found.en, expected.en, do.en)])

    def __str__(self) -> str:
        return self.words("en")

    def __reduce__(self) -> tuple[type["RegisterError"], tuple[Any, ...]]:
        return type(self), (self.faults[0].code, self.where, *self._texts)

    def words(self, lang: Lang) -> str:
        """The fault in a language, without a line number: a register is no text."""
        fault, (found, expected, do) = self.faults[0], self._texts
        if lang == "en":
            head = f"{fault.place.file}: {fault.code} error"
            labels = ("found:    ", "expected: ", "do:       ")
        else:
            head = f"{fault.place.file}：{fault.code} 错误"
            labels = ("现为：", "应为：", "处理：")
        texts = (words(lang) for words in (found, expected, do))
        lines = (f"  {label}{text}" for label, text in zip(labels, texts, strict=True))
        return hide_identity_numbers("\n".join((head, *lines)))


def shorten_value(value: Any) -> str:
    """A value of a row as the side table shows it: short, identity numbers masked."""
    return "" if value is None else shorten_text(str(value), 40)


def no_person_fault() -> FactFault:
    """A row that belongs to nobody."""
    return FactFault(
        NO_PERSON,
        "person",
        Text("空值", "nothing"),
        Text("人员编号", "the key of a person"),
        Text("此行未计入任何人。请补上编号。", "The row counts for nobody. Give its person."),
    )


def number_cell_fault() -> FactFault:
    """A key that a spreadsheet wrote in scientific notation: nobody can be found by it."""
    return FactFault(
        NUMBER_KEY,
        "person",
        NUMBER_CELL,
        Text("以文本保存的编号", "a key that is stored as text"),
        Text(
            f"此行未计入任何人。{FORMAT_AS_TEXT.zh}",
            f"The row counts for nobody. {FORMAT_AS_TEXT.en}",
        ),
        Text(
            f"{NUMBER_CELL.zh}，此行未计入任何人。{FORMAT_AS_TEXT.zh}",
            f"The row counts for nobody, because {NUMBER_CELL.en}. {FORMAT_AS_TEXT.en}",
        ),
    )


def stranger_fault() -> FactFault:
    """A row of a person who is not in the table of people."""
    return FactFault(
        STRANGER,
        "person",
        Text("人员表中没有的编号", "a key that is not in the table of people"),
        Text("人员表中的一个编号", "a key of the table of people"),
        Text("请核对编号，或把此人加入人员表。", "Correct the key, or add the person to PEOPLE."),
        Text(
            "人员表中没有这个编号，此行未计入任何人。请核对编号，或把此人加入人员表。",
            "The table of people has no such key, so the row counts for nobody. Correct the key, "
            "or add the person to the table.",
        ),
    )


def double_person_fault(first_row: int) -> FactFault:
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
        Text(
            f"此人在第 {first_row} 行已经出现，每人只能有一行，请删去多余的行。",
            f"Row {first_row} is of the same person already; each person has one row: remove all "
            "but one.",
        ),
    )


def unknown_register_fault(value: Any, list_ids: tuple[str, ...]) -> FactFault:
    """A dated record of something that this city does not count."""
    found = shorten_value(value)
    return FactFault(
        "JF-F001",
        "fact",
        Text(f"未知的记录“{found}”", f"the unknown record '{found}'"),
        Text(f"以下之一：{'、'.join(list_ids)}", f"one of: {', '.join(list_ids)}"),
        Text("请更正，或删去此行。", "Correct it, or remove the row."),
        Text(
            f"没有“{found}”这种记录，请改为以下之一，或删去此行：{'、'.join(list_ids)}。",
            f"There is no record '{found}': write one of {', '.join(list_ids)}, or remove the row.",
        ),
    )
