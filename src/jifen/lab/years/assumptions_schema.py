"""The closed schema of an assumptions file: how the people of a city change from year to year."""

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

KINDS = (
    "ages",
    "accrues",
    "runs",
    "window",
    "expires",
    "improves",
    "lapses",
    "follows",
    "stays",
)
"""ages: a year older every year. accrues: months (or years) added up. runs: unbroken months, begun
again after an interruption. window: months within the last so many. expires: records that leave a
window. improves: a choice that moves on. lapses: a yes that becomes a no. follows: a yes while a
number is large enough. stays: nothing changes."""

_BASIS = {
    "confidence": Field(Choice(("certain", "likely", "unsure"))),
    "sources": optional(ListOf(WORD), ()),
    "note": optional(BILINGUAL, EMPTY),
}
_STEP = Closed(
    "a step",
    {
        "from": Field(IDENT),
        "to": Field(IDENT),
        "share": Field(NUMBER, doc="of the people at 'from', how many move in a year"),
        "sets": optional(MapOf(IDENT), doc="other facts of those who move: fact → answer"),
    },
)
_MOVEMENT = Closed(
    "a movement",
    {
        "facts": Field(ListOf(IDENT, 1)),
        "moves": Field(Choice(KINDS)),
        "by": optional(Choice(("calendar", "insurance")), doc="whose months are added"),
        "while": optional(IDENT, doc="only of people of whom this fact holds"),
        "zero": optional(Choice(("grows", "stays")), doc="whether nought begins to grow"),
        "window": optional(WHOLE, doc="the last so many months"),
        "recent": optional(IDENT, doc="the same months within the last twelve"),
        "level": optional(IDENT, doc="the pay level at which a month counts"),
        "steps": optional(ListOf(_STEP, 1), ()),
        "share": optional(NUMBER, doc="yearly share of the people"),
        "of": optional(IDENT, doc="the number that is followed"),
        "least": optional(WHOLE, doc="from which on it is a yes"),
        **_BASIS,
    },
)
_BAND = Closed(
    "a band of ages", {"from": Field(WHOLE), "to": optional(WHOLE), "share": Field(NUMBER)}
)
_LEVEL = Closed("a pay level", {"id": Field(IDENT), "share_of": Field(ListOf(IDENT, 1))})
ASSUMPTIONS = Closed(
    "an assumptions file",
    {
        "language": Field(Choice(("1",))),
        "assumptions": Field(IDENT, doc="the id of the file"),
        "city": Field(IDENT),
        "as_of": Field(DATE, doc="the day up to which its sources were read"),
        "label": Field(BILINGUAL),
        "note": optional(BILINGUAL, EMPTY),
        "interruption": Field(
            Closed(
                "the interruption of insurance",
                {
                    "share": Field(NUMBER, doc="of the people, in a year"),
                    "months": Field(WHOLE, doc="that are not paid, from 1 to 12"),
                    "while": optional(IDENT, doc="nothing is paid where this fact does not hold"),
                    **_BASIS,
                },
            )
        ),
        "levels": optional(
            Closed(
                "the pay levels",
                {
                    "among": optional(IDENT, doc="the months that could count at all"),
                    "from_highest": Field(ListOf(_LEVEL, 1)),
                    **_BASIS,
                },
            )
        ),
        "leavers": Field(
            Closed(
                "those who leave",
                {
                    "bands": Field(ListOf(_BAND), doc="yearly shares by completed years"),
                    "reached_leave": Field(NUMBER, doc="share of those at the line who settle"),
                    **_BASIS,
                },
            )
        ),
        "entrants": Field(
            Closed(
                "those who come",
                {
                    "share": Field(NUMBER, doc="a year, of the people at the start"),
                    "like": Field(
                        Closed(
                            "the people that newcomers resemble",
                            {"fact": Field(IDENT), "below": Field(WHOLE)},
                        )
                    ),
                    **_BASIS,
                },
            )
        ),
        "facts": Field(ListOf(_MOVEMENT, 1)),
        "sources": optional(
            ListOf(
                Closed(
                    "a source",
                    {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")},
                )
            ),
            (),
        ),
    },
)
