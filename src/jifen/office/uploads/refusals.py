"""The fault of an upload that a reading process did not read."""

from jifen.office.uploads.fault import UploadFault
from jifen.policy.text import Text
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.refusal_messages import explain_refusal

CODES = {
    RefusalReason.PIXELS: "JF-U004",
    RefusalReason.NO_PAGE: "JF-U006",
    RefusalReason.PAGES: "JF-U007",
    RefusalReason.ACTIVE: "JF-U008",
    RefusalReason.PASSWORD: "JF-U009",
    RefusalReason.NO_SUCH_PAGE: "JF-U011",
    RefusalReason.NESTED: "JF-U013",
    RefusalReason.TOO_SLOW: "JF-U014",
    RefusalReason.MEMORY: "JF-U014",
    RefusalReason.CRASHED: "JF-U015",
    RefusalReason.BUSY: "JF-U016",
}


def to_upload_fault(fault: RefusedFile, damaged: tuple[str, Text]) -> UploadFault:
    """The fault with its code and words. `damaged`: those of a file that is cut off or broken."""
    code, words = damaged
    if fault.reason is not RefusalReason.DAMAGED:
        code, words = CODES.get(fault.reason, "JF-U015"), explain_refusal(fault, words)
    return UploadFault(code, words)
