"""The shape of a moves file: closed, so that a mistyped key is a fault and not silence."""

from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    IDENT,
    NUMBER,
    TEXT,
    WHOLE,
    WORD,
    Choice,
    Closed,
    Field,
    ListOf,
    MapOf,
    optional,
)
from jifen.policy.text import EMPTY

TRAJECTORY_KINDS = ("accrues", "slides", "lapses", "follows")
"""accrues: months (or years) add up. slides: an amount leaves a window of months, on days that are
not known. lapses: a yes becomes a no. follows: a yes while a condition holds. A fact without an
entry, and without a derivation of its own, stays as it is."""
_PROVENANCE = {
    "confidence": Field(Choice(("certain", "likely", "unsure"))),
    "sources": optional(ListOf(WORD), ()),
    "note": optional(BILINGUAL, EMPTY, "what is this system's assumption, and why"),
}
_TRAJECTORY = Closed(
    "a course",
    {
        "fact": Field(IDENT),
        "kind": Field(Choice(TRAJECTORY_KINDS)),
        "by": optional(Choice(("calendar", "insurance")), "calendar", "whose months are added"),
        "with": optional(IDENT, "", "grows from nought too while this fact has an answer"),
        "nought": optional(
            Choice(("none", "open")), "none", "open: 0 is said in the first month too"
        ),
        "window": optional(WHOLE, doc="months after which an amount has left"),
        "after": optional(WHOLE, doc="months after which a yes is a no"),
        "when": optional(TEXT, doc="the condition that is followed"),
        **_PROVENANCE,
    },
    "fact",
)
_ON_THE_DAY = Closed(
    "a fact of the day",
    {"fact": Field(IDENT, doc="asked of the day itself"), **_PROVENANCE},
    "fact",
)
_GIFT = Closed(
    "an amount",
    {
        "fact": Field(IDENT),
        "amount": Field(NUMBER),
        "window": optional(WHOLE, doc="months for which it counts; for ever without"),
        "every": optional(WHOLE, doc="months after which it is done again, and so on"),
        "while": optional(TEXT, doc="what must hold each time"),
    },
)
_EFFECT = Closed(
    "an effect",
    {
        "set": optional(MapOf(WORD), doc="fact: value, from then on"),
        "give": optional(ListOf(_GIFT, 1), ()),
        "start": optional(ListOf(IDENT, 1), (), "months that are counted from then on"),
        "contribute": optional(NUMBER, doc="paid from then on, in average wages; 0: any base"),
    },
)
_DURATION = Closed(
    "a duration",
    {"shortest": Field(WHOLE, doc="months"), "usual": Field(WHOLE, doc="months")},
)
_MOVE = Closed(
    "a move",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "from": Field(DATE, doc="since when it can be made"),
        "until": optional(DATE),
        "instead": optional(IDENT, "", "of the moves with one word here only one is made"),
        "needs": optional(TEXT, doc="what must hold on the day on which it is begun"),
        "only": optional(Choice(("", "lapsed_permit")), "", "not for who holds no permit at all"),
        "takes": Field(_DURATION),
        "settles": optional(WHOLE, 0, "months after which its effect is whole"),
        "cost": optional(NUMBER, doc="yuan, where a source tells it"),
        "effect": Field(_EFFECT),
        **_PROVENANCE,
    },
    "id",
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
MOVES_SCHEMA = Closed(
    "the moves of a city",
    {
        "language": Field(Choice(("1",))),
        "city": Field(IDENT),
        "recorded_on": Field(DATE),
        "insured_by": optional(IDENT, "", "the yes-or-no that says that contributions go on"),
        "on_the_day": optional(ListOf(_ON_THE_DAY), ()),
        "course": optional(ListOf(_TRAJECTORY), ()),
        "moves": Field(ListOf(_MOVE, 1)),
        "sources": optional(ListOf(_SOURCE), ()),
    },
)
