"""What is said of a register: of a whole file (an error) or of one row (the side table)."""

from pathlib import Path
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.identity import FORMAT_AS_TEXT, NUMBER_CELL
from jifen.facts.words import say
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
        fault, (found, expected, remedy) = self.faults[0], self._texts
        words = say(
            "registers.faults.whole",
            file=fault.place.file,
            code=fault.code,
            found=found,
            expected=expected,
            remedy=remedy,
        )
        return hide_identity_numbers(words(lang))


def shorten_value(value: Any) -> str:
    """A value of a row as the side table shows it: short, identity numbers masked."""
    return "" if value is None else shorten_text(str(value), 40)


def no_person_fault() -> FactFault:
    """A row that belongs to nobody."""
    return FactFault(
        NO_PERSON,
        "person",
        say("registers.faults.nothing"),
        say("registers.faults.the_key_of_a_person"),
        say("registers.faults.the_row_counts_for_nobody"),
    )


def number_cell_fault() -> FactFault:
    """A key that a spreadsheet wrote in scientific notation: nobody can be found by it."""
    return FactFault(
        NUMBER_KEY,
        "person",
        NUMBER_CELL,
        say("registers.faults.a_key_that_is_stored"),
        say(
            "registers.faults.number_cell_fault_the_row_counts_for_nobody",
            format_as_text=FORMAT_AS_TEXT,
        ),
        say(
            "registers.faults.the_row_counts_for_nobody_because",
            number_cell=NUMBER_CELL,
            format_as_text=FORMAT_AS_TEXT,
        ),
    )


def stranger_fault() -> FactFault:
    """A row of a person who is not in the table of people."""
    return FactFault(
        STRANGER,
        "person",
        say("registers.faults.a_key"),
        say("registers.faults.a_key_of_the_table"),
        say("registers.faults.correct_the_key_or_add"),
        say("registers.faults.the_table_of_people_has"),
    )


def double_person_fault(first_row: int) -> FactFault:
    """A person who has a second row in a table of one row each."""
    return FactFault(
        DOUBLE_PERSON,
        "person",
        say("registers.faults.another_row_of_the_same", first_row=first_row),
        say("registers.faults.one_row_for_each_person"),
        say("registers.faults.remove_all_but_one"),
        say("registers.faults.row_is_of_the_same", first_row=first_row),
    )


def unknown_register_fault(value: Any, list_ids: tuple[str, ...]) -> FactFault:
    """A dated record of something that this city does not count."""
    found = shorten_value(value)
    return FactFault(
        "JF-F001",
        "fact",
        say("registers.faults.the_unknown_record", found=found),
        say("registers.faults.one_of", list_ids=Text("、".join(list_ids), ", ".join(list_ids))),
        say("registers.faults.correct_it_or_remove"),
        say(
            "registers.faults.there_is_no_record_write",
            found=found,
            list_ids=Text("、".join(list_ids), ", ".join(list_ids)),
        ),
    )
