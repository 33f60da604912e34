"""The schema of a file of list rules. It is closed: a mistyped key is reported as a fault."""

from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    IDENT,
    TEXT,
    WHOLE,
    WORD,
    Choice,
    Closed,
    Field,
    ListOf,
    optional,
)
from jifen.policy.text import EMPTY

COUNTINGS = ("working_days", "end_moves", "calendar_days")
LEVELS = ("all", "none")
_PROVENANCE = {
    "cite": optional(TEXT, "", doc="the clause or the source where it was seen"),
    "confidence": Field(Choice(("certain", "likely", "unsure"))),
    "note": optional(BILINGUAL, EMPTY),
}
_ENTER = Closed("entering a list", {"days": Field(WHOLE, doc="working days"), **_PROVENANCE})
_SEASON = Closed(
    "the filing of a year",
    {"from": Field(TEXT, doc="month-day"), "until": Field(TEXT, doc="month-day"), **_PROVENANCE},
)
_RANKING = Closed(
    "the round of a year",
    {
        "list_on": Field(TEXT, doc="month-day"),
        "level": Field(Choice(LEVELS), doc="those level at the last place"),
        "levels": Field(ListOf(Choice(LEVELS), 1)),
        **_PROVENANCE,
    },
)
_PUBLICITY = Closed(
    "publicity",
    {
        "days": Field(WHOLE),
        "counting": Field(Choice(COUNTINGS)),
        "countings": Field(ListOf(Choice(COUNTINGS), 1)),
        **_PROVENANCE,
    },
)
_OBJECTIONS = Closed("objections", {"days": Field(WHOLE, doc="working days"), **_PROVENANCE})
_SETTLEMENT = Closed(
    "settlement",
    {"days": optional(WHOLE), "until": optional(TEXT, "", doc="month-day"), **_PROVENANCE},
)
_GROUND = Closed(
    "a ground of lapse",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "by": Field(Choice(("permit", "staff"))),
        **_PROVENANCE,
    },
    "id",
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
_RULES = Closed(
    "the rules of a list",
    {
        "id": Field(IDENT),
        "mode": Field(Choice(("line", "rank"))),
        "from": Field(DATE, doc="cases accepted from this day on"),
        "until": optional(DATE),
        "label": Field(BILINGUAL),
        "enter": optional(_ENTER),
        "filing": optional(_SEASON),
        "ranking": optional(_RANKING),
        "publicity": Field(_PUBLICITY),
        "settlement": Field(_SETTLEMENT),
    },
    "id",
)
LISTS_SCHEMA = Closed(
    "the lists of a city",
    {
        "language": Field(Choice(("1",))),
        "city": Field(IDENT),
        "sources": optional(ListOf(_SOURCE), ()),
        "objections": Field(_OBJECTIONS),
        "lapses": Field(ListOf(_GROUND, 1)),
        "again": Field(Closed("applying again", dict(_PROVENANCE))),
        "rules": Field(ListOf(_RULES, 1)),
    },
)
