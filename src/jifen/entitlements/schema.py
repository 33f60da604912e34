"""The shape of a file of entitlements: closed; a mistyped key is a fault and not silence."""

from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    FLAG,
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

ROUTES = ("permit", "points", "settlement")
GROUPS = ("right", "service", "convenience", "local")
WHO = ("holder", "spouse", "child")
_ALSO = Closed("another condition", {"id": Field(IDENT), "label": Field(BILINGUAL)}, "id")
_NEEDS = Closed(
    "what it needs",
    {
        "permit": optional(FLAG, False, doc="a valid residence permit"),
        "permit_years": optional(WHOLE, 0, doc="full years by the permit"),
        "cumulative": optional(FLAG, False, doc="gaps do not undo earlier years"),
        "points": optional(FLAG, False, doc="the line is reached and the points are valid"),
        "measures": optional(ListOf(WORD, 1), (), doc="by points of these versions of the measure"),
        "notice": optional(FLAG, False, doc="a settlement notice within its days"),
        "also": optional(ListOf(_ALSO), ()),
    },
)
_ENTITLEMENT = Closed(
    "what is opened",
    {
        "id": Field(IDENT),
        "route": Field(Choice(ROUTES)),
        "group": optional(Choice(GROUPS), "local"),
        "for": optional(ListOf(Choice(WHO), 1), ("holder",)),
        "label": Field(BILINGUAL),
        "from": Field(DATE),
        "from_confidence": optional(
            Choice(("certain", "likely", "unsure")), "unsure", doc="whether a source tells the day"
        ),
        "until": optional(DATE),
        "needs": Field(_NEEDS),
        "cite": optional(TEXT, "", doc="the clause or the source where it was seen"),
        "confidence": Field(Choice(("certain", "likely", "unsure"))),
        "note": optional(BILINGUAL, EMPTY),
    },
    "id",
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
ENTITLEMENTS = Closed(
    "what is opened in a city",
    {
        "language": Field(Choice(("1",))),
        "city": optional(IDENT, "", doc="none: everywhere in the country"),
        "plainly": optional(BILINGUAL, EMPTY, doc="what the page says first"),
        "sources": optional(ListOf(_SOURCE), ()),
        "entitlements": Field(ListOf(_ENTITLEMENT, 1)),
    },
)
