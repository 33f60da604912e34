"""Several faults of one request, all reported at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from jifen.facts.fault import FactFault
from jifen.office.casework.faults import CaseFault
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class RequestFault:
    """A fault at a place of the request."""

    code: str
    words: Text
    place: str


class RequestFaults(CaseFault):
    """A request with one or more faults; the first heads the problem."""

    def __init__(self, faults: Iterable[RequestFault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.code, first.words, first.place)


def to_request_fault(fault: FactFault) -> RequestFault:
    """A fault of a fact, or of a wish."""
    return RequestFault(
        fault.code, Text(fault.to_sentence("zh"), fault.to_sentence("en")), fault.path
    )
