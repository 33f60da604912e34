"""The shape of a process file: closed, so that a mistyped key is a fault and not silence."""

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
    MapOf,
    optional,
)
from jifen.policy.text import EMPTY

_PROVENANCE = {
    "cite": optional(TEXT, "", doc="the clause or the source where it was seen"),
    "confidence": Field(Choice(("certain", "likely", "unsure"))),
    "note": optional(BILINGUAL, EMPTY),
}
_DISTRICT = Closed("a district", {"id": Field(IDENT), "label": Field(BILINGUAL)}, "id")
_GATE = Closed(
    "a gate",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "department": optional(IDENT, "", doc="left out: the clerks of the office"),
        "days": Field(WHOLE, doc="working days"),
        "after": optional(ListOf(IDENT), ()),
        "facts": Field(ListOf(WORD, 1), doc='facts that it confirms; "*": all others'),
        **_PROVENANCE,
    },
    "id",
)
_MATERIAL = Closed(
    "a material",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "help": optional(BILINGUAL, EMPTY),
        "facts": Field(ListOf(IDENT), doc="facts that it proves"),
        "always": optional(FLAG, False),
        "required": optional(FLAG, True, doc="false: a case can be filed without it"),
        "when": optional(TEXT, "", doc="a condition over facts"),
        "any_of": optional(IDENT, "", doc="one document of the group is enough"),
        "pages": optional(WHOLE, 20),
        "months_valid": optional(WHOLE),
        **_PROVENANCE,
    },
    "id",
)
WAYS = ("register", "paper", "nothing_claimed")
_EVIDENCE = Closed(
    "what is enough evidence",
    {
        "facts": Field(ListOf(WORD, 1), doc='the first entry of a fact counts; "*": all others'),
        "enough": Field(
            ListOf(Choice(WAYS)), doc="any of these is enough; none: each needs a look"
        ),
        **_PROVENANCE,
    },
)
_GROUND = Closed(
    "a ground",
    {"id": Field(IDENT), "label": Field(BILINGUAL), "evidence": Field(BILINGUAL)},
    "id",
)
_REASON = Closed(
    "a reason",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "use": Field(ListOf(Choice(("correct", "reject", "refuse", "revoke")), 1)),
    },
    "id",
)
_KEEP = Closed(
    "retention", {"kind": Field(IDENT), "years": Field(WHOLE), "note": optional(BILINGUAL, EMPTY)}
)
_SOURCE = Closed("a source", {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")})
_PROCESS = Closed(
    "a process",
    {
        "id": Field(IDENT),
        "from": Field(DATE),
        "until": optional(DATE),
        "label": Field(BILINGUAL),
        "filers": Field(ListOf(Choice(("employer", "agency", "person")), 1)),
        "office": Field(Choice(("employer_district", "permit_district"))),
        "gates": Field(ListOf(_GATE, 1)),
        "days": Field(WHOLE, doc="working days in all"),
        "correction": Field(
            Closed(
                "correction", {"days": Field(WHOLE), "most_rounds": optional(WHOLE), **_PROVENANCE}
            )
        ),
        "refiling": Field(
            Closed(
                "refiling",
                {
                    "not_twice_in_months": Field(WHOLE),
                    "not_while_pending": Field(FLAG),
                    **_PROVENANCE,
                },
            )
        ),
        "expedited": Field(
            Closed(
                "the expedited lane",
                {
                    "grounds": Field(ListOf(_GROUND, 1)),
                    "days": Field(WHOLE),
                    "overtakes_after": Field(WHOLE),
                    **_PROVENANCE,
                },
            )
        ),
        "renewal": optional(
            Closed(
                "the yearly renewal",
                {
                    "lasting": Field(ListOf(IDENT, 1), doc="facts that stay true once proved"),
                    "with_employer": optional(ListOf(IDENT), ()),
                    "papers_with_employer": optional(ListOf(IDENT), ()),
                    **_PROVENANCE,
                },
            )
        ),
        "recheck_days": Field(WHOLE),
        "hearing_days": Field(WHOLE),
        **_PROVENANCE,
    },
    "id",
)
PROCESSES = Closed(
    "the processes of a city",
    {
        "language": Field(Choice(("1",))),
        "city": Field(IDENT),
        "districts": Field(ListOf(_DISTRICT, 1)),
        "registers": Field(MapOf(ListOf(IDENT, 1)), doc="register → facts that it confirms"),
        "evidence": optional(ListOf(_EVIDENCE), ()),
        "materials": Field(ListOf(_MATERIAL, 1)),
        "reasons": Field(ListOf(_REASON, 1)),
        "retention": Field(ListOf(_KEEP, 1)),
        "sources": optional(ListOf(_SOURCE), ()),
        "processes": Field(ListOf(_PROCESS, 1)),
    },
)
