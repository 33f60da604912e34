"""What a fault of the office says: its code, its place, its words in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager

from jifen.office.accounts.faults import RoleFault
from jifen.office.administration.faults import AdministrationFault
from jifen.office.casework.faults import CaseFault
from jifen.office.notices.faults import NoticeFault
from jifen.office.registry.faults import RegistryFault
from jifen.office.sheets.batch_reader import BatchFault
from jifen.office.uploads.fault import UploadFault

FAULTS = (
    AdministrationFault,
    BatchFault,
    CaseFault,
    NoticeFault,
    RegistryFault,
    RoleFault,
    UploadFault,
)


@contextmanager
def refused(code: str, zh: str, en: str, place: str = "") -> Iterator[None]:
    """The block ends with this fault, in exactly these words and about this place."""
    try:
        yield
    except FAULTS as fault:
        words = (fault.code, getattr(fault, "place", ""), fault.words.zh, fault.words.en)
        assert words == (code, place, zh, en), words
    else:
        raise AssertionError(f"nothing was refused; expected {code}")
