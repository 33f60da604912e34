"""A new indicator of a draft, from the fields of a form."""

import re
from typing import Any

from jifen.office.workshop.element_faults import no_name, no_such_fact, no_such_kind
from jifen.office.workshop.indicator_forms import FORMS, Typed, list_usable_facts
from jifen.policy.vocabulary import Vocabulary

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
    fact = None
    if form.takes:
        usable = {one.id: one for one in list_usable_facts(form, vocabulary)}
        wanted = typed.get("fact", "")
        fact = usable.get(wanted)
        if fact is None:
            raise no_such_fact(wanted)
    taken = {one["id"] for one in document["indicators"] if "id" in one}
    ident = make_ident(en, taken, "indicator")
    indicator: dict[str, Any] = {
        "id": ident,
        "label": {"zh": zh, "en": en},
        "group": typed["group"],
        form.key: form.write(typed, fact),
        "confidence": "certain",
    }
    if typed.get("when"):
        indicator["when"] = typed["when"]
    clause = {lang: typed.get(f"clause-{lang}", "").strip() for lang in ("zh", "en")}
    if any(clause.values()):
        article = {lang: words or clause["zh"] or clause["en"] for lang, words in clause.items()}
        indicator["clause"] = {"article": article, "confidence": "certain"}
    return f"indicators.{ident}", indicator


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
