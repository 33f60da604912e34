"""The shape of a margins file: closed, so that a mistyped key is a fault and not silence."""

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
    RawMap,
    optional,
)
from jifen.policy.text import EMPTY

_BAND = Closed(
    "a band", {"from": Field(NUMBER), "to": Field(NUMBER), "share": Field(NUMBER, doc="of people")}
)
_FOLLOWS = Closed("follows", {"score": Field(IDENT), "weight": Field(NUMBER)})
_PAIR = Closed(
    "a correlation", {"one": Field(IDENT), "other": Field(IDENT), "value": Field(NUMBER)}
)
_PART_OF = Closed(
    "part_of",
    {
        "of": Field(WORD, doc="the fact that limits it, or working_months: those since 18"),
        "times": optional(NUMBER, doc="the limit is so many times that fact"),
        "most": optional(WHOLE),
        "bands": Field(ListOf(_BAND, 1), doc="shares of the limit, from 0 to 1"),
    },
)
_RECENT = Closed(
    "recent",
    {
        "window": optional(WHOLE, doc="the last so many months"),
        "of": Field(IDENT, doc="the months that there are"),
        "whole": Field(NUMBER, doc="the share of people without a gap"),
        "run": optional(IDENT, doc="unbroken months, which are at least there"),
    },
)
_AT_BASE = Closed(
    "at_base",
    {"window": Field(WHOLE), "multiple": Field(NUMBER), "of": Field(IDENT), "pay": Field(WORD)},
)
_RATIO = Closed(
    "pay_ratio",
    {
        "of": Field(IDENT, doc="the unbroken months"),
        "months": Field(WHOLE, doc="below so many it does not apply"),
        "pay": Field(WORD),
    },
)
_FACT = Closed(
    "how a fact is spread",
    {
        "id": Field(WORD, doc="a fact; or a name with _ before it: only for others to follow"),
        "label": optional(BILINGUAL, doc="of a column that no measure reads (a district)"),
        "follows": optional(_FOLLOWS),
        "only_if": optional(RawMap(), doc="fact → answers; nobody else has it"),
        "bands": optional(ListOf(_BAND, 1)),
        "options": optional(MapOf(NUMBER), doc="from the lowest score to the highest"),
        "flag": optional(NUMBER, doc="the share of people of whom it is true"),
        "records": optional(NUMBER, doc="the share of people with a record; twice: its square"),
        "part_of": optional(_PART_OF),
        "recent": optional(_RECENT),
        "at_base": optional(_AT_BASE),
        "pay_ratio": optional(_RATIO),
        "confidence": Field(Choice(("certain", "likely", "unsure"))),
        "sources": optional(ListOf(IDENT), ()),
        "note": optional(BILINGUAL, EMPTY),
    },
    "id",
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
MARGINS = Closed(
    "margins of a population",
    {
        "language": Field(Choice(("1",))),
        "margins": Field(IDENT),
        "city": Field(IDENT),
        "as_of": Field(DATE),
        "label": Field(BILINGUAL),
        "note": Field(BILINGUAL, doc="what this rests on"),
        "scores": Field(ListOf(IDENT, 1), doc="hidden scores that facts follow"),
        "correlations": optional(ListOf(_PAIR), ()),
        "facts": Field(ListOf(_FACT, 1), doc="in an order in which each finds what it needs"),
        "sources": optional(ListOf(_SOURCE), ()),
    },
)
