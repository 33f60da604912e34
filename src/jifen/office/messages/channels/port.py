"""The port of a channel: what it takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message: `reference` stays the same on every try; `to` a number or an address; `leave`
    the address that ends such messages by one request (RFC 8058), '' where there is none.
    `kind`, `lang` and `params` are what `text` was made of, for gateways of approved templates."""

    reference: str
    to: str
    subject: str
    text: str
    leave: str = ""
    kind: str = ""
    lang: str = "zh"
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of a try: 'accepted', 'refused' (another try gives the same) or 'unsure' (a
    time-out, a fault on the way: it may have arrived; tried again under the same reference)."""

    outcome: str
    provider_reference: str = ""
    words: str = ""


class Channel(Protocol):
    """A way to send messages. `knows_again`: it treats a second try under the same reference as
    the same message."""

    knows_again: bool

    def send(self, message: OutgoingMessage) -> SendResult:
        """One try. Raises nothing: a fault is an outcome."""
