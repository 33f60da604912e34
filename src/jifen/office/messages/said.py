"""What a message says on the day on which it is sent: planned is not said, and days go by."""

from collections.abc import Callable
from datetime import date
from typing import Any

from jifen.office.messages.models import Message
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import Permit
from jifen.permits import check_automatic_endorsement
from jifen.policy.text import Text

Params = dict[str, Any]


def said_on(message: Message, on: date) -> Params:
    """The parameters of a message that goes out on a day; the others stay as they were planned."""
    found = dict(message.params)
    for part in MOVING.get(message.kind, ()):
        found |= part(message, on)
    return found


def left(until: date, on: date) -> Params:
    """The days that are left: as a number, and in words."""
    days = (until - on).days
    words = Text(f"还有 {days} 天", f"{days} days left" if days > 1 else "1 day left")
    if days == 0:
        words = Text("今天是最后一天", "today is the last day")
    return {"days": days, "left": in_both(words)}


def next_endorsement(permit: Permit) -> Params:
    """Whether a permit will be endorsed automatically, or why not."""
    found = check_automatic_endorsement(
        rules_for(permit.city, permit.valid_until), permit.card, permit.home
    )
    what = _BY_ITSELF if found and found.is_granted else found.words if found else _AT_A_WINDOW
    return {"what": in_both(what)}


def in_both(words: Text) -> dict[str, str]:
    """Words as a parameter of a message."""
    return {"zh": words.zh, "en": words.en}


_BY_ITSELF = Text(
    "到期前将自动签注，无需办理。", "It will be endorsed automatically; nothing is needed."
)
_AT_A_WINDOW = Text("请在到期前办理签注。", "Have it endorsed before.")


def _left(message: Message, on: date) -> Params:
    return left(date.fromisoformat(message.params["until"]), on)


def _next_endorsement(message: Message, on: date) -> Params:
    del on
    return next_endorsement(message.permit) if message.permit else {}


MOVING: dict[str, tuple[Callable[[Message, date], Params], ...]] = {
    "permit_ends": (_left, _next_endorsement),
    "points_end": (_left,),
    "correction_due": (_left,),
    "settle_due": (_left,),
}
"""What moves, by kind of message; what was said is kept with each try."""
