"""Check your answers: every answer in words, with the way to change it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jifen.facts.form import (
    NONE,
    NOT_APPLICABLE,
    find_negative_answer,
    is_from_spells,
    list_asked_facts,
)
from jifen.facts.values import BadValue, coerce_value
from jifen.office.web.public.answers import SOME
from jifen.office.web.public.faults import in_words
from jifen.office.web.public.insurance import SPELL_WORDS
from jifen.office.web.public.questions import spells_section
from jifen.office.web.public.self_assessment import Work
from jifen.office.web.public.steps.order import (
    ADVERSE_LEAST,
    TOGETHER_LEAST,
    asks_for_records,
    facts_of_records,
    steps_left,
)
from jifen.office.web.public.steps.position import GROUP, PURPOSE, SPELLS, Walk
from jifen.office.web.public.steps.show import PURPOSE_ASK
from jifen.policy.purposes import CHOICE
from jifen.policy.text import Lang, Text

_PURPOSE = Text("用途", "Purpose")
_SKIPPED = Text("不知道", "I don't know")
_NONE_OF = Text("%d 项均无", "none of %d")
_NO_DATES = Text("没有", "none")


@dataclass(frozen=True, slots=True)
class Row:
    """An answer: what was asked, what was said, the step on which it is changed."""

    label: str
    value: str
    edit: str
    skipped: bool = False
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The answers of a section."""

    label: str
    rows: tuple[Row, ...]


def check_context(work: Work, walk: Walk, lang: Lang) -> dict[str, Any]:
    """The page on which answers are checked before the result."""
    vocabulary = work.rules.vocabulary
    chapters = [
        Chapter(section.label(lang), rows)
        for section in vocabulary.sections
        if (rows := tuple(_rows(work, walk, section.id, lang)))
    ]
    return {
        "blank": False,
        "walk": walk,
        "work": work,
        "chapters": [*_purpose_chapter(work, lang), *chapters],
        "left": len(steps_left(work, walk)),
        "faults": [in_words(fault, vocabulary, lang) for fault in work.loose_faults],
    }


def _purpose_chapter(work: Work, lang: Lang) -> Iterator[Chapter]:
    """What the points are for, once it is chosen."""
    if work.rules.purpose and CHOICE in work.answers.readings:
        row = Row(PURPOSE_ASK(lang), work.rules.purpose.label(lang), PURPOSE)
        yield Chapter(_PURPOSE(lang), (row,))


def _rows(work: Work, walk: Walk, section: str, lang: Lang) -> Iterator[Row]:
    vocabulary, values = work.rules.vocabulary, work.answers.values
    if work.answers.by_spells and section == spells_section(work):
        count = len(work.answers.begun_spells())
        label = vocabulary["contributions"].label(lang)
        yield Row(label, SPELL_WORDS["by_records"](lang) % count, SPELLS)
    of_records = facts_of_records(work) if asks_for_records(work, walk) else ()
    if section == spells_section(work) and walk.skipped & set(of_records):
        label = vocabulary["contributions"].label(lang)
        yield Row(label, _SKIPPED(lang), SPELLS, skipped=True)
    own = [ident for ident in list_asked_facts(work.rules) if vocabulary[ident].section == section]
    nothing = [i for i in own if values.get(i) and values[i] == find_negative_answer(work.rules, i)]
    least = ADVERSE_LEAST if any(vocabulary[i].presumed for i in nothing) else TOGETHER_LEAST
    together = nothing if len(nothing) >= least else []
    for ident in own:
        by_records = work.answers.by_spells and is_from_spells(vocabulary[ident])
        if by_records or ident in walk.implied or ident in of_records:
            continue
        if ident in walk.skipped:
            yield Row(vocabulary[ident].label(lang), _SKIPPED(lang), ident, skipped=True)
        elif values.get(ident) and ident not in together:
            faults = tuple(fault.to_sentence(lang) for fault in work.faults_of(ident))
            value = _value(work, ident, lang)
            yield Row(vocabulary[ident].label(lang), value, ident, faults=faults)
    if together:
        labels = (", " if lang == "en" else "、").join(vocabulary[i].label(lang) for i in together)
        yield Row(labels, _NONE_OF(lang) % len(together), f"{GROUP}{section}")


def _value(work: Work, ident: str, lang: Lang) -> str:
    fact, text = work.rules.vocabulary[ident], work.answers.values[ident]
    if text == NONE and fact.type == "dates":
        return _NO_DATES(lang)
    if text == SOME and fact.type == "dates":
        return (", " if lang == "en" else "、").join(
            row for row in work.answers.rows.get(ident, ()) if row.strip()
        )
    with suppress(BadValue):
        return fact.describe_value(None if text == NOT_APPLICABLE else coerce_value(fact, text))(
            lang
        )
    return text
