"""The parameters of a message on the day on which it is sent, days after it was planned."""

from collections.abc import Callable
from datetime import date
from typing import Any

from jifen.office.messages.models import Message
from jifen.office.messages.words import say
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import Permit
from jifen.permits import check_automatic_endorsement
from jifen.policy.text import Text

Params = dict[str, Any]


def build_params_on(message: Message, on: date) -> Params:
    """The parameters of a message that goes out on a day: those that depend on the day are built
    anew, the others stay as planned."""
    params = dict(message.params)
    for build_part in DAY_DEPENDENT.get(message.kind, ()):
        params |= build_part(message, on)
    return params


def describe_days_left(until: date, on: date) -> Params:
    """The days that are left: as a number, and in words."""
    days = (until - on).days
    words = (
        say("parameters.days_left", days=days)
        if days > 1
        else say("parameters.day_left", days=days)
    )
    if days == 0:
        words = say("parameters.today_is_the_last_day")
    return {"days": days, "left": to_both_languages(words)}


def describe_next_endorsement(permit: Permit) -> Params:
    """Whether a permit will be endorsed automatically, or why not."""
    decision = check_automatic_endorsement(
        rules_for(permit.city, permit.valid_until), permit.card, permit.home
    )
    outcome = (
        _AUTOMATIC
        if decision and decision.is_granted
        else decision.words
        if decision
        else _AT_A_WINDOW
    )
    return {"what": to_both_languages(outcome)}


def to_both_languages(words: Text) -> dict[str, str]:
    """Words as a parameter of a message."""
    return {"zh": words.zh, "en": words.en}


_AUTOMATIC = say("parameters.automatic")
_AT_A_WINDOW = say("parameters.at_a_window")


def _days_left_of_message(message: Message, on: date) -> Params:
    return describe_days_left(date.fromisoformat(message.params["until"]), on)


def _endorsement_of_message(message: Message, on: date) -> Params:
    del on
    return describe_next_endorsement(message.permit) if message.permit else {}


DAY_DEPENDENT: dict[str, tuple[Callable[[Message, date], Params], ...]] = {
    "permit_ends": (_days_left_of_message, _endorsement_of_message),
    "points_end": (_days_left_of_message,),
    "correction_due": (_days_left_of_message,),
    "settle_due": (_days_left_of_message,),
}
"""How parameters that depend on the day are built, by kind of message; each try stores them."""
