"""A new indicator of a draft, from the fields of a form."""

import re
from collections.abc import Mapping
from typing import Any

from jifen.office.workshop.element_faults import no_name, no_such_fact, no_such_kind
from jifen.office.workshop.form_parts import IndicatorForm, Typed, list_usable_facts, usual_unit
from jifen.office.workshop.indicator_forms import FORMS
from jifen.policy.vocabulary import Fact, Vocabulary

LONGEST_LABEL = 80


def build_indicator(
    document: Any, vocabulary: Vocabulary, typed: Typed
) -> tuple[str, dict[str, Any]]:
    """The path of a new indicator in a draft, and its plain value. Raises StudioFault."""
    form = FORMS.get(typed.get("kind", ""))
    groups = [group["id"] for group in document["groups"]]
    if form is None or typed.get("group") not in groups:
        raise no_such_kind()
    zh, en = read_name(typed, "label-zh"), read_name(typed, "label-en")
    written = _write_mechanism(form, vocabulary, typed)
    taken = {one["id"] for one in document["indicators"] if "id" in one}
    ident = make_ident(en, taken, "indicator")
    indicator: dict[str, Any] = {
        "id": ident,
        "label": {"zh": zh, "en": en},
        "group": typed["group"],
        form.key: written,
        "confidence": "certain",
    }
    if typed.get("when"):
        indicator["when"] = typed["when"]
    clause = {lang: typed.get(f"clause-{lang}", "").strip() for lang in ("zh", "en")}
    if any(clause.values()):
        article = {lang: words or clause["zh"] or clause["en"] for lang, words in clause.items()}
        indicator["clause"] = {"article": article, "confidence": "certain"}
    return f"indicators.{ident}", indicator


def _write_mechanism(form: IndicatorForm, vocabulary: Vocabulary, typed: Typed) -> Any:
    """What a form writes of its mechanism. Raises StudioFault."""
    usable = {one.id: one for one in list_usable_facts(form, vocabulary)}
    if form.by_rows and form.write:
        return form.write(_complete_rows(form, usable, typed), None)
    fact = _find_fact(usable, typed.get("fact", "")) if form.takes else None
    if form.write_pair and fact:
        return form.write_pair(typed, fact, _find_fact(usable, typed.get("fact2", "")))
    return form.write(typed, fact) if form.write else None


def _find_fact(usable: Mapping[str, Fact], wanted: str) -> Fact:
    if wanted not in usable:
        raise no_such_fact(wanted)
    return usable[wanted]


def _complete_rows(form: IndicatorForm, usable: Mapping[str, Fact], typed: Typed) -> Typed:
    """The rows of a form whose facts are chosen in them, with the unit of each where none is
    typed."""
    units = {}
    for row in range(1, form.row_count + 1):
        if any(typed.get(f"{one.name}-{row}", "").strip() for one in form.rows):
            fact = _find_fact(usable, typed.get(f"fact-{row}", ""))
            if not typed.get(f"every-{row}", "").strip():
                units[f"every-{row}"] = usual_unit(fact)
    return {**typed, **units}


def read_name(typed: Typed, name: str) -> str:
    """A name that must be there. Raises StudioFault."""
    words = typed.get(name, "").strip()[:LONGEST_LABEL]
    if not words:
        raise no_name()
    return words


def make_ident(label: str, taken: "set[str] | frozenset[str]", otherwise: str) -> str:
    """An id made of an English name that nothing else has: `night_shift`, `night_shift_2`."""
    words = re.findall(r"[a-z0-9]+", label.lower())
    stem = "_".join(words)[:40].strip("_")
    if not stem or not stem[0].isalpha():
        stem = f"{otherwise}_{stem}".strip("_")
    names = (stem if n == 1 else f"{stem}_{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
