"""The fault of an upload that a reading process did not read."""

from jifen.office.uploads.fault import UploadFault
from jifen.policy.text import Text
from jifen.reader.faults import NotRead, Reason
from jifen.reader.words import words_of

CODES = {
    Reason.PIXELS: "JF-U004",
    Reason.NO_PAGE: "JF-U006",
    Reason.PAGES: "JF-U007",
    Reason.ACTIVE: "JF-U008",
    Reason.PASSWORD: "JF-U009",
    Reason.NO_SUCH_PAGE: "JF-U011",
    Reason.NESTED: "JF-U013",
    Reason.TOO_SLOW: "JF-U014",
    Reason.MEMORY: "JF-U014",
    Reason.CRASHED: "JF-U015",
    Reason.BUSY: "JF-U016",
}


def to_upload_fault(fault: NotRead, damaged: tuple[str, Text]) -> UploadFault:
    """The fault with its code and words. `damaged`: those of a file that is cut off or broken."""
    code, words = damaged
    if fault.reason is not Reason.DAMAGED:
        code, words = CODES.get(fault.reason, "JF-U015"), words_of(fault, words)
    return UploadFault(code, words.zh, words.en)
