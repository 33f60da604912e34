"""Faults of facts in the words of a sheet: its choices and what is typed into its cells, in place
of the ids and the file formats of which the engine speaks."""

from collections.abc import Sequence
from datetime import date

from jifen.facts.fault import FactFault
from jifen.office.sheets.columns import NO, NO_DATES, NOT_APPLICABLE, YES, BatchColumn
from jifen.office.sheets.words import say
from jifen.policy.fault import hide_identity_numbers, shorten_text
from jifen.policy.text import Text


def describe_cell_fault(fault: FactFault, column: BatchColumn, cell: str, on: date) -> Text:
    """What is wrong with a cell that holds `cell`; `on`: the day on which the sheet is read."""
    shown = hide_identity_numbers(shorten_text(cell, 40))
    if fault.code == "JF-F002":
        choices = [words for _, words in column.answers]
        if column.fact and not column.fact.always_applies:
            choices.append(NOT_APPLICABLE)
        return say("cell_words.no_choice", cell=shown, choices=_join_choices(choices))
    if fault.code == "JF-F006":
        return say("cell_words.neither_yes_nor_no", cell=shown, yes=YES, no=NO)
    if fault.code == "JF-F008":
        return say("cell_words.no_dates", cell=shown, none=NO_DATES)
    if fault.code == "JF-F009":
        return say("cell_words.after_today", cell=shown, on=on)
    return fault.in_both_languages


def _join_choices(choices: Sequence[Text]) -> Text:
    return Text("、".join(one.zh for one in choices), "; ".join(one.en for one in choices))
