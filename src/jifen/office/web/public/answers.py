"""What a visitor has answered, as typed: nothing is lost because it is wrong."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict

from jifen.facts.fault import FactFault
from jifen.facts.form import NONE, NOT_APPLICABLE
from jifen.facts.insurance import build_row_spells
from jifen.facts.spelling import normalize_day, read_flag
from jifen.facts.values import BadValue, coerce_value
from jifen.office.web.public import form_values
from jifen.policy.fault import DocumentError
from jifen.policy.model import Rules
from jifen.policy.source import Node, parse_yaml
from jifen.policy.vocabulary import Fact, Vocabulary

SOME = "some"
SPELL_KEYS = ("from", "to", "base", "status", "schemes")
"""What a spell of a facts file has."""
ROW_KEYS = (*SPELL_KEYS, "employer", "amount_is")
"""What a row of the form has; `amount_is` says whether `base` is a base or a salary. The last two
may be missing: they stand in no file, and no form had them before 2026-11-30."""
_SPELLS_MOST = 600
PASTE_MOST = 200_000
Spell = dict[str, str]


@dataclass(slots=True)
class Answers:
    """The state of the form.

    `values` holds the text of each field ("" or missing: not known yet; "null": does not apply;
    for lists of dates "none" or "some" with `rows`); `other` what a loaded file held that the
    form does not ask for.
    """

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    spells: list[Spell] = field(default_factory=list)
    by_spells: bool = False
    other: dict[str, Any] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    """The questions that the visitor's page shows: every field on it is posted, empty or not."""
    erring: frozenset[str] = frozenset()
    typing: str = ""
    """The id of the field that the visitor is typing in: what is unfinished there is no fault."""
    pasted: str = ""
    """A pasted table of insurance that is not read yet, or in which something is wrong."""
    paste_faults: tuple[FactFault, ...] = ()

    def given(
        self,
        vocabulary: Vocabulary,
        *,
        half_rows: bool = False,
        rules: Rules | None = None,
        on: date = date.max,
    ) -> dict[str, Any]:
        """The facts as the engine reads them.

        A spell is left out until both its months are typed; `half_rows` keeps it, for a file.
        `rules` of a day `on` give the wages from which the base of a salary follows.
        """
        found: dict[str, Any] = dict(self.other)
        for ident, text in self.values.items():
            fact = vocabulary.get(ident)
            if fact is None or text == "" or self._is_on_its_way(fact, text):
                continue
            if text == NOT_APPLICABLE:
                found[ident] = None
            elif fact.type == "dates":
                self._dates(fact, text, found)
            else:
                found[ident] = form_values.value(fact, text)
        spells = self.begun_spells() if half_rows else self.filled_spells()
        if self.by_spells and spells:
            found["contributions"] = [
                numbered.spell for numbered in build_row_spells(spells, rules, on)
            ]
        return found

    def _dates(self, fact: Fact, text: str, found: dict[str, Any]) -> None:
        if text == NONE:
            found[fact.id] = []
        elif text == SOME:
            whole = [
                normalize_day(row)
                for number, row in enumerate(self.rows.get(fact.id, ()))
                if row.strip()
                and not (self.typing == f"r-{fact.id}-{number}" and form_values.unfinished_day(row))
            ]
            if whole:
                found[fact.id] = whole
        else:
            found[fact.id] = text

    def filled_spells(self) -> list[tuple[int, Spell]]:
        """The rows with both months, each with its place in the form."""
        return [
            (number, spell)
            for number, spell in self.begun_spells()
            if all(self._is_month(number, spell, key) for key in ("from", "to"))
        ]

    def _is_month(self, number: int, spell: Spell, key: str) -> bool:
        text = spell[key]
        waits = self.typing == f"s-{number}-{key}" and form_values.unfinished_month(text)
        return bool(text.strip()) and not waits

    def _is_on_its_way(self, fact: Fact, text: str) -> bool:
        named = self.typing == f"f-{fact.id}" and fact.type == "date"
        return named and form_values.unfinished_day(text)

    def begun_spells(self) -> list[tuple[int, Spell]]:
        """The rows with anything in them, each with its place in the form."""
        return [
            (number, spell)
            for number, spell in enumerate(self.spells)
            if any(spell.get(key, "").strip() for key in ("from", "to", "base"))
        ]


def from_post(vocabulary: Vocabulary, post: QueryDict) -> Answers:
    """The answers of a posted form; fields that are no fact are not read."""
    answers = Answers(
        by_spells=post.get("insurance_as") == "spells",
        spells=_posted_spells(post),
        other=_posted_other(post.get("other", ""), vocabulary),
        erring=frozenset(post.getlist("erring")),
        typing=post.get("typing", ""),
        pasted=post.get("paste", "")[:PASTE_MOST],
    )
    for name, texts in post.lists():
        head, _, tail = name.partition(".")
        if not tail and (fact := vocabulary.get(name)) and not fact.is_record:
            answers.values[name] = texts[-1]
        elif head == "row" and tail in vocabulary:
            answers.rows[tail] = texts[:40]
        elif head == "reading":
            answers.readings[tail] = texts[-1]
    answers.shown = frozenset(answers.values)
    for ident in post.getlist("na"):
        if ident in vocabulary:
            answers.values[ident] = NOT_APPLICABLE
    return answers


def _posted_spells(post: QueryDict) -> list[Spell]:
    columns = {key: post.getlist(f"spell.{key}") for key in ROW_KEYS}
    count = len(columns["from"])
    for key in ("employer", "amount_is"):
        columns[key] = columns[key] or [""] * count
    if any(len(column) != count for column in columns.values()):
        return []
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(ROW_KEYS, row, strict=True)) for row in rows][:_SPELLS_MOST]


def _posted_other(text: str, vocabulary: Vocabulary) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        read: Any = parse_yaml(text).to_plain()
    except DocumentError:
        return {}
    return from_facts(vocabulary, read).other if isinstance(read, dict) else {}


def from_facts(vocabulary: Vocabulary, facts: Mapping[str, Any]) -> Answers:
    """The form for the facts of a file. What fits no field is carried along in `other`."""
    answers = Answers()
    for ident, value in facts.items():
        fact = vocabulary.get(ident)
        if ident == "contributions" and _are_spells(value):
            answers.by_spells = True
            answers.spells = [spell_fields(item) for item in value]
        elif fact is None or fact.is_record or not _fits(fact, value):
            answers.other[ident] = value
        elif isinstance(value, list | tuple):
            answers.values[ident] = SOME if value else NONE
            answers.rows[ident] = [str(item) for item in value]
        else:
            answers.values[ident] = _text(fact, value)
    return answers


def _fits(fact: Fact, value: Any) -> bool:
    if isinstance(value, list | tuple):
        return fact.type == "dates" and all(isinstance(v, str) or _is_day(v) for v in value)
    return not isinstance(value, dict | Node)


def _is_day(value: Any) -> bool:
    return hasattr(value, "isoformat")


def _text(fact: Fact, value: Any) -> str:
    if value is None:
        return NOT_APPLICABLE
    text = str(value)
    if fact.type == "bool" and (flag := read_flag(text)) is not None:
        return "true" if flag else "false"
    if fact.type == "choice" and text not in fact.ids:
        with suppress(BadValue):
            return str(coerce_value(fact, text))
    return text


def _are_spells(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _SPELLS_MOST and all(map(_is_spell, value))


def _is_spell(item: Any) -> bool:
    if not isinstance(item, dict) or not set(item) <= set(SPELL_KEYS):
        return False
    plain = all(not isinstance(v, dict | list) for k, v in item.items() if k != "schemes")
    schemes = item.get("schemes", [])
    return plain and (not isinstance(schemes, list) or all(isinstance(s, str) for s in schemes))


def spell_fields(item: Mapping[str, Any]) -> Spell:
    """A spell of a facts file as the fields of its row."""
    schemes = item.get("schemes") or ["pension", "medical"]
    made = {key: str(item.get(key) or "") for key in ROW_KEYS}
    return made | {"schemes": "+".join(schemes) if isinstance(schemes, list) else str(schemes)}


def with_default(answers: Answers, ident: str, value: str) -> Answers:
    """The answers with one more, chosen beforehand by the form."""
    return replace(answers, values={**answers.values, ident: value})
