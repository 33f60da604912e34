"""The schema of a permit file. It is closed, so that a mistyped key is reported as a fault."""

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

LATE_READINGS = ("years_anew", "new_card", "register_again")
DWELLINGS = ("own_home", "registered_rental")
_PROVENANCE = {
    "cite": optional(TEXT, "", doc="the clause or the source where it was seen"),
    "confidence": Field(Choice(("certain", "likely", "unsure"))),
    "note": optional(BILINGUAL, EMPTY),
}
_ISSUE = Closed(
    "issue",
    {
        "registered_months": Field(WHOLE, doc="months of residence registration"),
        "grounds": Field(ListOf(IDENT, 1)),
        "days": Field(WHOLE, doc="until the permit is issued"),
        **_PROVENANCE,
    },
)
_ENDORSEMENT = Closed(
    "the endorsement",
    {"opens_days": optional(WHOLE), "opens_months": optional(WHOLE), **_PROVENANCE},
)
_LATER = Closed(
    "what follows later",
    {
        "reading": Field(Choice(LATE_READINGS)),
        "readings": Field(ListOf(Choice(LATE_READINGS), 1)),
        "register_again_after_days": optional(WHOLE),
        **_PROVENANCE,
    },
)
_CAUSE = Closed("a cause", {"id": Field(IDENT), "label": Field(BILINGUAL)}, "id")
_RESTORATION = Closed(
    "restoration",
    {"within_months": Field(WHOLE), "grounds": Field(ListOf(_CAUSE, 1)), **_PROVENANCE},
)
_AUTOMATIC = Closed(
    "automatic endorsement",
    {
        "first_days": Field(WHOLE),
        "last_days": Field(WHOLE),
        "dwellings": Field(ListOf(Choice(DWELLINGS), 1)),
        **_PROVENANCE,
    },
)
_EARLY = Closed(
    "early endorsement",
    {
        "season_from": Field(TEXT, doc="month-day"),
        "season_until": Field(TEXT, doc="month-day"),
        "opens_days": Field(WHOLE, doc="before the season"),
        **_PROVENANCE,
    },
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
_RULES = Closed(
    "the rules of a permit",
    {
        "id": Field(IDENT),
        "from": Field(DATE),
        "until": optional(DATE),
        "label": Field(BILINGUAL),
        "issue": Field(_ISSUE),
        "endorsement": Field(_ENDORSEMENT),
        "made_up": Field(Closed("making up", {"within_days": Field(WHOLE), **_PROVENANCE})),
        "later": Field(_LATER),
        "restoration": optional(_RESTORATION),
        "automatic": optional(_AUTOMATIC),
        "early": optional(_EARLY),
        "points": Field(Closed("points", {"follow_days": Field(WHOLE), **_PROVENANCE})),
    },
    "id",
)
PERMIT_SCHEMA = Closed(
    "the permit of a city",
    {
        "language": Field(Choice(("1",))),
        "city": Field(IDENT),
        "sources": optional(ListOf(_SOURCE), ()),
        "rules": Field(ListOf(_RULES, 1)),
    },
)
