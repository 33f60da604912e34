"""What is refused around a consultation, in words."""

from typing import Any

from jifen.office.consultation.words import say
from jifen.office.workshop.faults import NoSuchDraft, StudioFault
from jifen.policy.catalogue import Catalogue

CONSULTATION = Catalogue("jifen.office.consultation")


class ConsultationFault(StudioFault):
    """An act around a consultation that is refused."""


class NoSuchConsultation(NoSuchDraft):
    """There is no such consultation, or whoever asks may not know of it."""


def refused(code: str, kind: str, place: str = "", /, **values: Any) -> ConsultationFault:
    """The fault of a code and kind, with its words."""
    words = CONSULTATION.fault_words(code, kind, **values)
    found, expected, remedy = words.found, words.expected, words.remedy
    return ConsultationFault(
        code,
        say("faults.expected", found=found, expected=expected, remedy=remedy),
        place,
    )
