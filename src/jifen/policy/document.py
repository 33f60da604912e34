"""The shape of a policy document: every key that a file may hold, with its meaning."""

from dataclasses import dataclass
from typing import Any

from jifen.policy.answer_lists import ANSWER_LIST_FIELDS
from jifen.policy.derived_numbers import OPERATIONS
from jifen.policy.mechanisms import MECHANISMS
from jifen.policy.mechanisms.accrual import ROUND_SHAPE
from jifen.policy.quantity import UNITS
from jifen.policy.record_rules import RECORD_RULE_FIELDS
from jifen.policy.repetition import NAMED_ROWS
from jifen.policy.shapes import (
    BILINGUAL,
    CAPITALS,
    DATE,
    FLAG,
    IDENT,
    MONTH,
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
    Scalar,
    Schema,
    Sink,
    optional,
)
from jifen.policy.source import Node
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary_reader import FACT

PLACES = Scalar(
    "places",
    ("0", "1", "2", "3", "4").index,
    {"type": "integer", "minimum": 0, "maximum": 4},
    "JF-P014",
)
CONFIDENCE = Choice(("certain", "likely", "unsure"))
CLAUSE = Closed(
    "clause",
    {
        "article": Field(BILINGUAL, doc="as the instrument numbers it; never invented"),
        "confidence": optional(CONFIDENCE, "certain"),
        "quote": optional(
            TEXT, "", "the words of the clause, as they stand in the instrument; never a summary"
        ),
    },
)
BASIS = {
    "clause": optional(
        CLAUSE, doc="null where the number is not known", nullable=True, inherits=True
    ),
    "confidence": Field(CONFIDENCE, doc="how sure this is", inherits=True),
    "sources": optional(ListOf(WORD), (), "ids of the sources below", inherits=True),
    "note": optional(BILINGUAL, EMPTY, "disagreements and remarks, shown on the page"),
}
DEFAULTS = Closed(
    "defaults",
    {
        "clause": optional(CLAUSE, doc="the clause of what names none", nullable=True),
        "confidence": optional(CONFIDENCE, doc="how sure what says nothing of it is"),
        "sources": optional(ListOf(WORD), (), "the sources of what names none"),
    },
)
SOURCE = Closed(
    "source",
    {"id": Field(WORD), "where": Field(TEXT), "what": optional(TEXT, "")},
    "id",
)


@dataclass(frozen=True, slots=True)
class SourceOrId:
    """A source, whole; an id alone stands for one of sources.yaml, and was replaced by it before
    this is read."""

    def read(self, node: Node, sink: Sink) -> Any:
        return SOURCE.read(node, sink)

    def to_schema(self) -> Schema:
        return {"anyOf": [SOURCE.to_schema(), WORD.to_schema()]}


INSTRUMENT = Closed(
    "instrument",
    {
        "title": Field(BILINGUAL),
        "number": optional(TEXT, doc="null where not known", nullable=True),
        "number_confidence": optional(CONFIDENCE, "certain"),
        "authority": optional(BILINGUAL, EMPTY),
        "issued_on": optional(DATE, nullable=True),
        "note": optional(BILINGUAL, EMPTY),
        "sources": optional(ListOf(WORD), ()),
    },
)
PERIOD = Closed(
    "in_force",
    {
        "from": Field(DATE, doc="first day"),
        "until": optional(DATE, doc="last day; null while open", nullable=True),
        "accepts_from": optional(DATE, doc="first day on which cases were taken", nullable=True),
        "confidence": Field(CONFIDENCE, inherits=True),
        "note": optional(BILINGUAL, EMPTY),
    },
)
REFERENCE = Closed(
    "reference",
    {
        "kind": Field(Choice(("on_the_day", "end_of_month_before", "yearly"))),
        "month": optional(WHOLE, 0),
        "day": optional(WHOLE, 0),
        **BASIS,
    },
)
LINE = Closed(
    "line",
    {
        "from": Field(DATE),
        "until": optional(DATE, nullable=True),
        "points": Field(NUMBER),
        **BASIS,
    },
)
SELECTION = Closed(
    "the order of selection",
    {
        "level": optional(
            Choice(("all", "none")), "all", "people level at the last place, where not all fit"
        ),
        "stamp": optional(
            Choice(("none", "filed", "reached")),
            "none",
            "the time that comes after every other key, earlier first. `filed`: of the first "
            "application; later changes keep it. `reached`: since when the points are what they "
            "are; it moves with them",
        ),
        "draws": optional(
            Choice(("once", "repeated")),
            "once",
            "whether people are taken again and again from those who wait",
        ),
        "places": optional(
            Closed(
                "places",
                {
                    "then": Field(
                        Choice(("city", "nobody")),
                        doc="what becomes of places left in the quota of a place",
                    ),
                    "percent": optional(
                        NUMBER,
                        doc="city-wide: at most so many people of a place, in percent of its quota",
                    ),
                },
            ),
            doc="each place (town, district) has a quota of its own, filled first",
        ),
        **BASIS,
    },
)
DECISION = Closed(
    "decision",
    {
        "mode": Field(Choice(("threshold", "rank"))),
        "lines": Field(
            ListOf(LINE), doc="the points to be reached, by date; [] where a ranking has no line"
        ),
        "ranked_by": optional(
            ListOf(IDENT),
            ("total",),
            "scores by which a ranking orders people: `total`, or ids of groups; [] for none",
        ),
        "ties": optional(
            ListOf(Closed("tie", {"fact": Field(IDENT), "label": Field(BILINGUAL)})),
            (),
            "by what equal scores are ranked, first key first; more is better",
        ),
        "quotas": optional(
            ListOf(
                Closed(
                    "quota",
                    {
                        "year": Field(WHOLE),
                        "people": Field(WHOLE),
                        "places": optional(
                            MapOf(WHOLE), None, "of each place, where the quota is by place"
                        ),
                        **BASIS,
                    },
                )
            ),
            (),
        ),
        "selection": optional(SELECTION, doc="how a ranking takes people in their order"),
    },
)
PURPOSE = Closed(
    "purpose",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "decision": optional(DECISION, doc="how it decides, where not as the measure says"),
        **BASIS,
    },
    "id",
)
FOR_PURPOSES = optional(
    ListOf(IDENT), None, "the purposes for which it counts; all, where not said"
)
CONTRIBUTIONS = Closed(
    "contributions",
    {
        "schemes": Field(
            ListOf(Choice(("pension", "medical")), 1), doc="a month needs all of these"
        ),
        "series": optional(IDENT, "", "the average wage with which bases are compared"),
        "includes_filing_month": Field(
            FLAG, doc="whether a month of filing that is already on record counts"
        ),
        "deferred": optional(
            ListOf(
                Closed(
                    "deferred months",
                    {
                        "id": Field(IDENT),
                        "label": Field(BILINGUAL),
                        "from": Field(MONTH),
                        "to": Field(MONTH),
                        **BASIS,
                    },
                    "id",
                )
            ),
            (),
            "months in which a deferred contribution counts as paid",
        ),
    },
)
GROUP = Closed(
    "group",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "combine": optional(Choice(("sum", "best_of")), "sum"),
        "parent": optional(IDENT, "", "the group that it is part of"),
        "most": optional(NUMBER, doc="the cap of the group"),
        "round": optional(ROUND_SHAPE, doc="how what the group gives is rounded, after its cap"),
        "for": FOR_PURPOSES,
        "defaults": optional(
            DEFAULTS, doc="for it, and for the indicators in it and in the groups below"
        ),
        **BASIS,
    },
    "id",
)
DERIVED = Closed(
    "derived number",
    {
        "id": Field(IDENT, doc="what mechanisms call it; no fact of the city has this id"),
        "label": Field(BILINGUAL),
        "unit": optional(Choice(tuple(UNITS)), "", "where the terms do not say it"),
        **OPERATIONS,
        **BASIS,
    },
    "id",
)
ANSWER_LIST = Closed("list", {**ANSWER_LIST_FIELDS, **BASIS}, "id")
RECORDS = Closed("records", {**RECORD_RULE_FIELDS, **BASIS}, "id")
INDICATOR = Closed(
    "indicator",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "group": Field(IDENT),
        "when": optional(TEXT, doc="must hold, or the indicator gives nothing"),
        "only_with": optional(
            ListOf(IDENT), (), "indicators that must all give points, or this one gives nothing"
        ),
        "not_with": optional(
            ListOf(IDENT), (), "indicators that must give no points, or this one gives nothing"
        ),
        "for": FOR_PURPOSES,
        "expect_non_decreasing_in": optional(
            ListOf(IDENT), (), "facts of which more may never cost points"
        ),
        **BASIS,
        **{key: optional(declared.shape, doc=declared.doc) for key, declared in MECHANISMS.items()},
    },
    "id",
)
CONDITION = Closed(
    "condition",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "when": Field(TEXT),
        "remedy": Field(BILINGUAL, doc="what to do where it is not met"),
        "for": FOR_PURPOSES,
        **BASIS,
    },
    "id",
)
WAY = Closed(
    "way",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "when": Field(TEXT, doc="who is on it"),
        "waives_conditions": optional(
            FLAG, False, "whether the conditions of the measure are not asked on this way either"
        ),
        "for": FOR_PURPOSES,
        **BASIS,
    },
    "id",
)
CAUTION = Closed(
    "warning",
    {
        "id": Field(IDENT),
        "when": Field(TEXT),
        "words": Field(BILINGUAL),
        "for": FOR_PURPOSES,
        **BASIS,
    },
    "id",
)
OVERLAY = Closed(
    "overlay",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "from": Field(DATE),
        "until": optional(DATE, nullable=True),
        "change": Field(RawMap(), doc="paths into this document → new values"),
        **BASIS,
    },
    "id",
)
READING = Closed(
    "reading",
    {
        "label": Field(BILINGUAL),
        "change": optional(RawMap(), doc="paths into this document → new values"),
        "note": optional(BILINGUAL, EMPTY),
    },
)
SWITCH = Closed(
    "switch",
    {
        "id": Field(IDENT),
        "question": Field(BILINGUAL, doc="what the sources disagree on"),
        "default": Field(IDENT),
        "readings": Field(MapOf(READING)),
        **BASIS,
    },
    "id",
)
FILING = Closed(
    "a filing",
    {
        "place": optional(WORD, "", "the town or district in which it was filed"),
        "filed": optional(TEXT, "", "the time of the first application, as 2016-03-01T09:30:00"),
        "reached": optional(TEXT, "", "the time since when the points are what they are"),
    },
)
DRAW = Closed(
    "a draw",
    {
        "people": Field(WHOLE),
        "at": optional(TEXT, "", "its time: whoever filed, or reached the points, later waits"),
    },
)
EXAMPLE = Closed(
    "example",
    {
        "id": Field(WORD),
        "label": Field(BILINGUAL),
        "on": optional(DATE),
        "purpose": optional(IDENT, "", "where the measure has several purposes and not the first"),
        "readings": optional(MapOf(IDENT), None),
        "facts": optional(RawMap()),
        "people": optional(RawMap(), doc="for a ranking: a name → facts"),
        "filings": optional(
            MapOf(FILING), None, "for a selection: a name → where and when that person filed"
        ),
        "quota": optional(WHOLE, None, "for a selection: how many people are taken"),
        "place_quotas": optional(MapOf(WHOLE), None, "for a selection by place: a place → quota"),
        "draws": optional(
            ListOf(DRAW, 1), (), "for repeated draws: how many are taken, and at what time"
        ),
        "expect": Field(RawMap()),
        "source": optional(BILINGUAL, EMPTY),
    },
    "id",
)
CASES = Closed(
    "the worked cases of a version",
    {
        "on": Field(DATE, doc="the day of assessment where a case names none"),
        "given": Field(RawMap(), doc="facts of every case that says nothing else"),
        "cases": Field(ListOf(EXAMPLE, 1)),
    },
)
POLICY = Closed(
    "a policy",
    {
        "language": Field(Choice(("1",)), doc="the edition of this language"),
        "policy": Field(IDENT),
        "version": Field(WORD),
        "edition": optional(WHOLE, 1, "1 for the first recording; a correction adds 1"),
        "recorded_on": Field(DATE, doc="when this edition was recorded"),
        "city": Field(IDENT),
        "title": Field(BILINGUAL),
        "purpose": Field(BILINGUAL, doc="what the points open, and what they do not"),
        "instrument": Field(INSTRUMENT),
        "in_force": Field(PERIOD),
        "reference": Field(REFERENCE),
        "defaults": optional(DEFAULTS, doc="for every element that does not say its own"),
        "precision": optional(PLACES, 0, "decimal places of points"),
        "floor": optional(NUMBER, doc="the lowest total; none where left out"),
        "decision": Field(DECISION),
        "purposes": optional(
            ListOf(PURPOSE, 1),
            (),
            "what the points may be asked for, where the measure serves several purposes; the "
            "first counts where none is chosen",
        ),
        "contributions": optional(
            CONTRIBUTIONS, doc="left out where no months of contributions count"
        ),
        "rows": NAMED_ROWS,
        "facts": optional(
            ListOf(FACT), (), "facts that this measure asks beside those of its city"
        ),
        "derived": optional(
            ListOf(DERIVED, repeats=True), (), "numbers reckoned from facts before points are given"
        ),
        "lists": optional(
            ListOf(ANSWER_LIST, repeats=True), (), "answers that conditions name together"
        ),
        "records": optional(
            ListOf(RECORDS, repeats=True),
            (),
            "what records of several fields give, such as patents",
        ),
        "groups": Field(ListOf(GROUP, 1, repeats=True)),
        "indicators": Field(ListOf(INDICATOR, 1, repeats=True)),
        "conditions": optional(ListOf(CONDITION, repeats=True), ()),
        "ways": optional(ListOf(WAY, repeats=True), (), "ways in without points"),
        "warnings": optional(ListOf(CAUTION, repeats=True), ()),
        "overlays": optional(ListOf(OVERLAY, repeats=True), ()),
        "switches": optional(ListOf(SWITCH), ()),
        "notes": optional(ListOf(BILINGUAL), (), "what is not modelled, and why"),
        "sources": Field(
            ListOf(SourceOrId()), doc="each whole, or the id of one in sources.yaml of the city"
        ),
    },
)


class StepsOrTable(ListOf):
    """The steps of a series, or the name of a table of them, which was replaced before this is
    read."""

    def to_schema(self) -> Schema:
        return {"anyOf": [super().to_schema(), TEXT.to_schema()]}


STEPS = StepsOrTable(
    Closed("step", {"from": Field(MONTH), "to": Field(MONTH), "value": Field(NUMBER), **BASIS}), 1
)
SERIES = Closed(
    "series",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "unit": Field(Choice(("yuan",))),
        "defaults": optional(DEFAULTS, doc="for every step that does not say its own"),
        "steps": Field(STEPS, doc="the figures from month to month, or a table beside this file"),
        "sources": optional(ListOf(SOURCE), ()),
    },
    "id",
)
SOURCES_FILE = Closed(
    "the sources of a city",
    {"sources": Field(ListOf(SOURCE, 1), doc="which a measure then names by their ids alone")},
)
SERIES_FILE = Closed("the series of a city", {"series": Field(ListOf(SERIES, 1))})
CITY = Closed(
    "a city",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "about": Field(BILINGUAL, doc="what the points open, in a sentence"),
        "caution": optional(BILINGUAL, EMPTY, "what readers take the points for and should not"),
        "order": optional(WHOLE, 100, "its place among the cities: the lowest comes first"),
        "prefix": Field(CAPITALS, doc="what numbers of its cases, papers and lists begin with"),
        "policy": Field(IDENT),
        "versions": Field(
            ListOf(
                Closed(
                    "version",
                    {
                        "version": Field(WORD),
                        "file": Field(TEXT),
                        "from": Field(DATE),
                        "until": optional(DATE, nullable=True),
                    },
                ),
                1,
            )
        ),
    },
)


def policy_json_schema() -> Schema:
    """The JSON Schema of a policy file, for an editor that completes and validates."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jifen policy",
        **POLICY.to_schema(),
    }
