"""What is said of a file that was not read: what was found, what was expected, what to do."""

from collections.abc import Callable

from jifen.policy.text import Text
from jifen.reader.faults import ReasonValues, RefusalReason, RefusedFile
from jifen.reader.words import say

_WORDS: dict[RefusalReason, Callable[[ReasonValues], Text]] = {
    RefusalReason.PIXELS: lambda given: say(
        "refusal_messages.the_picture_has_more_than", millions=_format_millions(given)
    ),
    RefusalReason.NO_PAGE: lambda _: say("refusal_messages.the_pdf_has_no_page"),
    RefusalReason.PAGES: lambda given: say(
        "refusal_messages.the_pdf_has_pages", given=given["pages"], given_2=given["most"]
    ),
    RefusalReason.NO_SUCH_PAGE: lambda given: say(
        "refusal_messages.there_is_no_page", given=given["page"], given_2=given["pages"]
    ),
    RefusalReason.PASSWORD: lambda _: say("refusal_messages.the_pdf_is_protected"),
    RefusalReason.ACTIVE: lambda given: say(
        "refusal_messages.the_pdf_holds_active_content", given=given["name"]
    ),
    RefusalReason.NESTED: lambda given: say(
        "refusal_messages.page_of_the_pdf_draws", given=given["page"]
    ),
    RefusalReason.NOT_A_WORKBOOK: lambda _: say("refusal_messages.not_an_xlsx_workbook"),
    RefusalReason.MACROS: lambda _: say("refusal_messages.the_workbook_holds_macros_save"),
    RefusalReason.UNPACKED: lambda _: say("refusal_messages.too_large_when_unpacked_remove"),
    RefusalReason.ENTRIES: lambda given: say(
        "refusal_messages.the_workbook_has_too_many", given=given["most"]
    ),
    RefusalReason.FAR_CELL: lambda given: say(
        "refusal_messages.cell_has_content", given=given["cell"], given_2=given["most"]
    ),
    RefusalReason.TEXT: lambda _: say("refusal_messages.the_workbook_holds_too_much"),
}


def explain_refusal(fault: RefusedFile, damaged: Text) -> Text:
    """The words of a fault. `damaged`: those for a file that is cut off or broken, which depend on
    where it comes from."""
    if fault.reason is RefusalReason.DAMAGED:
        return damaged
    try:
        return _WORDS[fault.reason](fault.given)
    except (KeyError, TypeError):  # the last four have no place in the file
        return _LIMITS.get(fault.reason, _LIMITS[RefusalReason.CRASHED])


_LIMITS = {
    RefusalReason.TOO_SLOW: say("refusal_messages.opening_the_file_takes_too"),
    RefusalReason.MEMORY: say("refusal_messages.opening_the_file_takes_too_much"),
    RefusalReason.CRASHED: say("refusal_messages.the_file_cannot_be_opened"),
    RefusalReason.BUSY: say("refusal_messages.many_files_are_being_opened"),
}


def _format_millions(given: ReasonValues) -> int:
    return int(given["most"]) // 1_000_000
