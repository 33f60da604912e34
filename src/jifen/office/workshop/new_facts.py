"""A new fact of a draft, from the fields of a form: what a person is asked, of which type, with
which answers. It is written in the language of the cities, into the measure itself."""

import re
from collections.abc import Iterator
from typing import Any

from jifen.office.workshop.element_faults import is_used, no_name, no_such_kind, too_few_answers
from jifen.office.workshop.form_parts import Typed
from jifen.office.workshop.new_indicators import LONGEST_LABEL, make_ident, read_name
from jifen.office.workshop.words import say
from jifen.policy.editing import MISSING, value_at
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary

FACTS = "facts"
"""The path of the facts of a measure."""
ANSWER_ROWS, FEWEST_ANSWERS = 8, 2
TYPES: dict[str, Text] = {
    "bool": say("new_facts.types_bool"),
    "choice": say("new_facts.types_choice"),
    "months": say("new_facts.types_months"),
    "years": say("new_facts.types_years"),
    "count": say("new_facts.types_count"),
    "number": say("new_facts.types_number"),
    "yuan": say("new_facts.types_yuan"),
    "date": say("new_facts.types_date"),
}
"""The types that a form can write."""


def list_own_facts(document: Any) -> list[dict[str, Any]]:
    """The facts that a draft declares itself."""
    listed = value_at(document, FACTS)
    if listed is MISSING or not isinstance(listed, list):
        return []
    return [fact for fact in listed if isinstance(fact, dict) and isinstance(fact.get("id"), str)]


def build_fact(document: Any, vocabulary: Vocabulary, typed: Typed) -> dict[str, Any]:
    """A new fact as a plain value. Raises StudioFault."""
    kind, section = typed.get("type", ""), typed.get("section", "")
    if kind not in TYPES or section not in {one.id for one in vocabulary.sections}:
        raise no_such_kind()
    zh, en = read_name(typed, "label-zh"), read_name(typed, "label-en")
    taken = {*vocabulary.ids, *(fact["id"] for fact in list_own_facts(document))}
    fact: dict[str, Any] = {
        "id": make_ident(en, taken, "fact"),
        "type": kind,
        "label": {"zh": zh, "en": en},
        "section": section,
    }
    question = {lang: typed.get(f"question-{lang}", "").strip() for lang in ("zh", "en")}
    if any(question.values()):
        fact["question"] = {"zh": question["zh"] or zh, "en": question["en"] or en}
    fact |= {end: typed[end].strip() for end in ("least", "most") if typed.get(end, "").strip()}
    if kind == "choice":
        fact["choices"] = list(_read_answers(typed))
        if len(fact["choices"]) < FEWEST_ANSWERS:
            raise too_few_answers(FEWEST_ANSWERS)
    return fact


def _read_answers(typed: Typed) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for row in range(1, ANSWER_ROWS + 1):
        names = {
            lang: typed.get(f"answer-{lang}-{row}", "").strip()[:LONGEST_LABEL]
            for lang in ("zh", "en")
        }
        if not any(names.values()):
            continue
        if not all(names.values()):
            raise no_name()
        ident = make_ident(names["en"], taken, "answer")
        taken.add(ident)
        yield {"id": ident, "label": names}


def facts_without(document: Any, ident: str) -> list[dict[str, Any]] | None:
    """The facts of a draft without one; None where no other is left. Raises StudioFault where
    something of the draft still reads it."""
    facts = list_own_facts(document)
    for key in ("indicators", "conditions", "derived", "warnings"):
        for element in document.get(key) or ():
            if _mentions(element, ident):
                label = element.get("label") or {}
                name = next((one["label"]["zh"] for one in facts if one["id"] == ident), ident)
                raise is_used(name, label.get("zh") or str(element.get("id", "")))
    return [fact for fact in facts if fact["id"] != ident] or None


def _mentions(value: Any, ident: str) -> bool:
    """Whether a plain value names a fact: as a whole, or as a word of a condition."""
    if isinstance(value, dict):
        inner = {k: v for k, v in value.items() if k not in ("label", "note", "remedy", "words")}
        return any(_mentions(one, ident) for one in inner.values())
    if isinstance(value, list):
        return any(_mentions(one, ident) for one in value)
    return isinstance(value, str) and ident in re.findall(r"[a-z0-9_]+", value)
