"""A city's `facts.yaml`: its shape, and the vocabulary that is read from it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.common_facts import fill_common_facts
from jifen.policy.fault import Place
from jifen.policy.people import PERSON, fill_facts_of_people
from jifen.policy.presumption import read_presumption
from jifen.policy.quantity import UNITS
from jifen.policy.relations import RELATION, read_relations
from jifen.policy.repetition import NAMED_ROWS, write_out_repeats
from jifen.policy.shapes import (
    BILINGUAL,
    FLAG,
    IDENT,
    NUMBER,
    TEXT,
    WHOLE,
    AnyValue,
    Choice,
    Closed,
    Entry,
    Field,
    ListOf,
    Sink,
    optional,
    report_repeated_ids,
)
from jifen.policy.shared_choices import (
    CHOICES,
    LISTS_OF_CHOICES,
    ChoicesOrListName,
    fill_listed_choices,
)
from jifen.policy.source import Node
from jifen.policy.text import EMPTY
from jifen.policy.vocabulary import (
    DATES_MOST,
    MEASURES,
    RECORD_POINTS,
    RECORD_TYPES,
    VALUE_TYPES,
    ChoiceOption,
    Derivation,
    Fact,
    FormSection,
    RecordField,
    Vocabulary,
)

_FIELD = Closed(
    "field",
    {
        "id": Field(IDENT),
        "type": Field(Choice(("date", "count", "choice"))),
        "label": Field(BILINGUAL),
        "unit": optional(Choice(tuple(UNITS)), "", "of a count"),
        "least": optional(NUMBER, doc="the smallest possible value"),
        "most": optional(NUMBER, doc="the largest possible value"),
        "choices": optional(CHOICES, ()),
    },
    "id",
)
_DERIVE = Closed(
    "derive",
    {
        "from": Field(IDENT, doc="the record or fact that it is computed from"),
        "measure": Field(Choice(MEASURES)),
        "window": optional(WHOLE, doc="the last so many months"),
        "multiple": optional(NUMBER, doc="of the average wage of the month"),
        "scheme": optional(Choice(("pension", "medical"))),
        "at": optional(
            Closed("at", {"month": Field(WHOLE), "day": Field(WHOLE)}),
            doc="years completed on this day of the counting day's year, not on the counting day",
        ),
    },
)
FACT = Closed(
    "fact",
    {
        "id": Field(IDENT, doc="never renamed once it is used", inherits=True),
        "use": optional(TEXT, doc="a shared fact, such as common.age; keys beside it win"),
        "type": Field(Choice(VALUE_TYPES + RECORD_TYPES), doc="what it is", inherits=True),
        "label": Field(BILINGUAL, doc="a short name", inherits=True),
        "question": optional(BILINGUAL, EMPTY, "as the form asks it"),
        "help": optional(BILINGUAL, EMPTY, "what counts, in a sentence"),
        "section": optional(IDENT, "", "the part of the form in which it is asked"),
        "unit": optional(Choice(tuple(UNITS)), "", "where the type does not say it"),
        "least": optional(NUMBER, doc="the smallest possible value"),
        "most": optional(NUMBER, doc="the largest possible value"),
        "choices": optional(
            ChoicesOrListName(), (), "the answers that there are, in order; or the id of a list"
        ),
        "fields": optional(
            ListOf(_FIELD, 1), (), "of records: what each of them holds, a day among it"
        ),
        "always_applies": optional(FLAG, False, "true where 'does not apply' makes no sense"),
        "derive": optional(_DERIVE, doc="how records or another fact give it"),
        "asked_after": optional(IDENT, "", "asked once this fact is answered"),
        "form_default": optional(IDENT, "", "chosen beforehand in the form, never elsewhere"),
        "presumed": optional(
            AnyValue(), doc="the value if nothing adverse is on record, for the range that is shown"
        ),
    },
    "id",
)
VOCABULARY = Closed(
    "the vocabulary of a city",
    {
        "city": Field(IDENT),
        "sections": Field(
            ListOf(Closed("section", {"id": Field(IDENT), "label": Field(BILINGUAL)}), 1)
        ),
        "rows": NAMED_ROWS,
        "lists": optional(LISTS_OF_CHOICES, (), "answers that several facts share"),
        "facts": Field(ListOf(FACT, 1, repeats=True)),
        "people": optional(
            ListOf(PERSON), (), "others of whom facts are known: a spouse, a guardian, a child"
        ),
        "relations": optional(
            ListOf(RELATION, repeats=True), (), "totals of which one cannot exceed another"
        ),
    },
)

_TYPE_UNITS = {"months": "months", "yuan": "yuan", "ratio": "times", "years": "years"}
_RANGES = {"months": 720, "years": 120, "count": 100_000, "number": 1_000_000, "yuan": 10**11}


def read_vocabulary(node: Node, sink: Sink) -> Vocabulary:
    """Read a city's facts; faults go to the sink."""
    written = fill_listed_choices(write_out_repeats(node, VOCABULARY, sink), sink)
    whole = fill_common_facts(written, sink)
    filled, people = fill_facts_of_people(whole, sink)
    entry = VOCABULARY.read(filled, sink)
    if entry is None:
        return Vocabulary("", (), ())
    report_repeated_ids(entry["facts"], sink, "fact")
    sections = tuple(FormSection(s["id"], s["label"]) for s in entry["sections"] if s)
    facts = tuple(build_fact(f, sink) for f in entry["facts"] if f and f["id"] and f["type"])
    relations = read_relations(entry["relations"], {fact.id: fact for fact in facts}, sink)
    vocabulary = Vocabulary(entry["city"] or "", sections, facts, relations, people)
    for fact_entry in entry["facts"]:
        check_links(fact_entry, vocabulary, sink)
    return vocabulary


def build_fact(entry: Entry, sink: Sink) -> Fact:
    """A fact that was read; faults of what is presumed of it go to the sink."""
    kind = entry["type"]
    derive = entry["derive"]
    most = entry["most"] if entry["most"] is not None else _RANGES.get(kind, DATES_MOST)
    fact = Fact(
        id=entry["id"],
        type=kind,
        label=entry["label"],
        question=entry["question"],
        help=entry["help"],
        section=entry["section"],
        unit=entry["unit"] or _TYPE_UNITS.get(kind, ""),
        least=entry["least"] if entry["least"] is not None else Decimal(0),
        most=Decimal(most),
        options=tuple(ChoiceOption(c["id"], c["label"]) for c in entry["choices"] if c),
        always_applies=entry["always_applies"],
        derive=_build_derivation(derive, entry["id"]) if derive else None,
        asked_after=entry["asked_after"],
        form_default=entry["form_default"],
        fields=tuple(_build_field(e) for e in entry["fields"] or () if e and e["id"] and e["type"]),
        place=entry.place_of("id"),
    )
    presumed = entry.node.mapping.get("presumed")
    if presumed is None:
        return fact
    return replace(fact, presumed=read_presumption(presumed, fact, sink))


def _build_field(entry: Entry) -> RecordField:
    most = entry["most"] if entry["most"] is not None else _RANGES["count"]
    fact = Fact(
        id=entry["id"],
        type=entry["type"],
        label=entry["label"],
        question=EMPTY,
        help=EMPTY,
        section="",
        unit=entry["unit"],
        least=entry["least"] if entry["least"] is not None else Decimal(0),
        most=Decimal(most),
        options=tuple(ChoiceOption(c["id"], c["label"]) for c in entry["choices"] if c),
        always_applies=True,
        derive=None,
        asked_after="",
        form_default="",
        place=entry.place_of("id"),
    )
    return RecordField(fact.id, fact)


def _build_derivation(entry: Entry, gives: str) -> Derivation:
    at = entry["at"]
    return Derivation(
        entry["from"],
        entry["measure"],
        entry["window"],
        entry["multiple"],
        entry["scheme"],
        (at["month"], at["day"]) if at and _is_yearly_date(at) else None,
        gives,
    )


def _is_yearly_date(at: Entry) -> bool:
    """Whether a month and a day are there in every year."""
    try:
        date(2001, at["month"] or 0, at["day"] or 0)
    except ValueError:
        return False
    return True


def check_links(entry: Entry | None, vocabulary: Vocabulary, sink: Sink) -> None:
    """What a fact names must be there: its section, the facts before it, its choices."""
    if entry is None:
        return
    if entry["type"] == "choice" and not entry["choices"]:
        words = POLICY.fault_words("JF-P011", "choice_without_choices", fact=entry["id"])
        sink.report_fault("JF-P011", entry.place_of(), words)
    _check_records(entry, vocabulary, sink)
    sections = {section.id for section in vocabulary.sections if section.id}
    if entry["section"] and entry["section"] not in sections:
        known = join_list(sorted(sections))
        words = POLICY.fault_words("JF-P022", "section", section=entry["section"], known=known)
        sink.report_fault("JF-P022", entry.place_of("section"), words)
    linked = [("asked_after", entry["asked_after"])]
    if entry["derive"]:
        _check_at(entry["derive"], sink)
        linked.append(("derive", entry["derive"]["from"]))
    for key, target in linked:
        if target and target not in vocabulary:
            words = POLICY.fault_words("JF-P019", "linked_fact", fact=target)
            sink.report_fault("JF-P019", entry.place_of(key), words)


def _check_records(entry: Entry, vocabulary: Vocabulary, sink: Sink) -> None:
    """Records have fields, one of them a day; their measure gives a number."""

    def report(place: Place, kind: str, **values: Any) -> None:
        sink.report_fault("JF-P092", place, POLICY.fault_words("JF-P092", kind, **values))

    is_records, derive = entry["type"] == "records", entry["derive"]
    if entry["id"] and is_records:
        kinds = [field["type"] for field in entry["fields"] or () if field]
        report_repeated_ids(entry["fields"] or (), sink, "field")
        if "date" not in kinds:
            report(entry.place_of(), "no_day", fact=entry["id"])
        for field in entry["fields"] or ():
            if field and field["type"] == "choice" and not field["choices"]:
                words = POLICY.fault_words("JF-P011", "choice_without_choices", fact=field["id"])
                sink.report_fault("JF-P011", field.place_of(), words)
    elif entry["fields"]:
        report(entry.place_of("fields"), "fields_of_other", fact=entry["id"], type=entry["type"])
    if not derive or not derive["measure"] or derive["from"] not in vocabulary:
        return
    from_records = vocabulary[derive["from"]].type == "records"
    if from_records != (derive["measure"] == RECORD_POINTS):
        named = {"measure": derive["measure"], "source": derive["from"]}
        report(derive.place_of("measure"), "measure", **named)
    elif from_records and entry["type"] != "number":
        report(entry.place_of("type"), "gives_number", fact=entry["id"], type=entry["type"])


def _check_at(derive: Entry, sink: Sink) -> None:
    at = derive["at"]
    if at is None:
        return
    if not _is_yearly_date(at):
        words = POLICY.fault_words("JF-P015", "yearly", month=at["month"], day=at["day"])
        sink.report_fault("JF-P015", at.place_of(), words)
    if derive["measure"] != "completed_years":
        words = POLICY.fault_words("JF-P010", "at_of_years", measure=derive["measure"])
        sink.report_fault("JF-P010", at.place_of(), words)
