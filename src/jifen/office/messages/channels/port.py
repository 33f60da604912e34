"""What every way out takes and gives."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message: `reference` stays the same on every try; `to` a number or an address."""

    reference: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a try: 'accepted', 'refused' (another try gives the same) or 'unsure' (a
    time-out, a fault on the way: it may have arrived; tried again under the same reference)."""

    outcome: str
    provider_reference: str = ""
    words: str = ""


class Channel(Protocol):
    """A way out. `knows_again`: a second try under the same reference is the same message."""

    knows_again: bool

    def send(self, message: Outgoing) -> Sent:
        """One try. Raises nothing: a fault is an outcome."""
