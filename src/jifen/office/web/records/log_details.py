"""The details of a row of the log in words: each with its name, its ids and codes told."""

from collections.abc import Callable, Mapping
from typing import Any

from jifen.cities import index
from jifen.office.accounts.models import Role
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.administration.message_texts import get_built_in_words
from jifen.office.audit.models import Access, Entry
from jifen.office.casework.case_policy import label_item, process_of, rules_of
from jifen.office.casework.models import Application
from jifen.office.consultation.actions.moderation import GROUNDS
from jifen.office.messages.templates import load_templates
from jifen.office.registry.registers import REGISTERS
from jifen.office.web.records.log_labels import CODES, LABELS
from jifen.office.web.records.log_looks import LOOKS
from jifen.office.web.records.log_names import (
    LogNames,
    find_kind_of_number,
    name_department,
    name_district,
)
from jifen.office.web.records.words import say
from jifen.policy.text import Lang, Text

DIGEST_KEYS = ("hash", "pdf", "sha256", "words")
SHOWN_OF_DIGEST = 12
"""So many letters tell two digests apart on a page."""
_SEARCH_FIELDS: Mapping[str, Text] = {
    "about": say("log_details.fields_about"),
    "account": say("log_details.fields_account"),
    "since": say("log_details.fields_since"),
    "until": say("log_details.fields_until"),
    "act": say("log_details.fields_act"),
}
_YES, _NO = say("log_details.yes"), say("log_details.no")
_BETWEEN_PAIRS, _BETWEEN_VALUES = (
    say("log_details.between_pairs"),
    say("log_details.between_values"),
)


def describe_details(row: Entry | Access, names: LogNames, lang: Lang) -> str:
    """What a row says besides act and subject; what is empty is left out."""
    pairs = []
    for key, value in row.details.items():
        if value in ("", [], None):
            continue
        values = value if isinstance(value, list) else [value]
        words = [_describe_value(row, key, one, names, lang) for one in values]
        shown = _BETWEEN_VALUES(lang).join(dict.fromkeys(words))
        pairs.append(say("log_details.pair", label=label_detail(key)(lang), value=shown)(lang))
    return _BETWEEN_PAIRS(lang).join(pairs)


def label_detail(key: str) -> Text:
    """What a detail is called; registers that were asked by a file are counted by their ids."""
    return LABELS.get(key) or REGISTERS.get(key) or Text(key, key)


def _describe_value(row: Entry | Access, key: str, value: Any, names: LogNames, lang: Lang) -> str:
    if isinstance(value, bool):
        return (_YES if value else _NO)(lang)
    if kind := find_kind_of_number(row.act, key):
        return names.find_name(f"{kind}:{value}", lang) or f"#{value}"
    text = str(value)
    if name := names.find_name(text, lang):
        return name
    if key in DIGEST_KEYS:
        return f"{text[:SHOWN_OF_DIGEST]}…"
    case = names.find_case(row)
    words = _find_words(row, key, text) or (_find_words_of_case(case, key, text) if case else None)
    if words is None and key == "what":
        return describe_look(text, case, lang)
    return words(lang) if words else text


def _find_words(row: Entry | Access, key: str, text: str) -> Text | None:
    if words := CODES.get(f"{key}.{text}"):
        return words
    if key == "kind" and text in load_templates():
        return _shorten(get_built_in_words(text))
    find = _FINDERS.get(key)
    return find(row.city, text) if find else None


def _shorten(words: Text) -> Text:
    """The beginning of a message: which one it is."""
    return Text(f"“{words.zh[:16]}…”", f"“{words.en[:40]}…”")


def _find_role(city: str, text: str) -> Text | None:
    del city
    return ROLE_NAMES[Role(text)] if text in Role.values else None


def _find_district(city: str, text: str) -> Text | None:
    return Text(name_district(city, text, "zh"), name_district(city, text, "en"))


def _find_department(city: str, text: str) -> Text | None:
    return Text(name_department(city, text, "zh"), name_department(city, text, "en"))


def _find_register(city: str, text: str) -> Text | None:
    del city
    return REGISTERS.get(text)


def _find_ground(city: str, text: str) -> Text | None:
    del city
    return GROUNDS.get(text)


def _find_city(city: str, text: str) -> Text | None:
    del city
    known = index().get(text)
    return known.label if known else None


_FINDERS: Mapping[str, Callable[[str, str], Text | None]] = {
    "role": _find_role,
    "district": _find_district,
    "department": _find_department,
    "register": _find_register,
    "registers": _find_register,
    "silent": _find_register,
    "ground": _find_ground,
    "of": _find_city,
}


def _find_words_of_case(case: Application, key: str, text: str) -> Text | None:
    """What only the rules and the process of a case can tell."""
    find = _CASE_FINDERS.get(key)
    return find(case, text) if find else None


def _find_fact(case: Application, text: str) -> Text | None:
    return label_item(case, "fact", text)


def _find_material(case: Application, text: str) -> Text | None:
    return label_item(case, "material", text)


def _find_item(case: Application, text: str) -> Text | None:
    kind, _, name = text.partition(":")
    return label_item(case, kind, name or kind)


def _find_line(case: Application, text: str) -> Text | None:
    return {one.id: one.label for one in rules_of(case).indicators}.get(text)


def _find_gate(case: Application, text: str) -> Text | None:
    return {gate.id: gate.label for gate in process_of(case).gates}.get(text)


def _find_reason(case: Application, text: str) -> Text | None:
    return process_of(case).find_reason_label(text)


def _find_ground_of_lane(case: Application, text: str) -> Text | None:
    return {one.id: one.label for one in process_of(case).expedited.grounds}.get(text)


_CASE_FINDERS: Mapping[str, Callable[[Application, str], Text | None]] = {
    "fact": _find_fact,
    "facts": _find_fact,
    "material": _find_material,
    "materials": _find_material,
    "item": _find_item,
    "items": _find_item,
    "lines": _find_line,
    "gate": _find_gate,
    "reason": _find_reason,
    "ground": _find_ground_of_lane,
}


def describe_look(text: str, case: Application | None, lang: Lang) -> str:
    """At what somebody looked, as the log names it: 'case', 'document diploma', 'log: about'."""
    if words := LOOKS.get(text):
        return words(lang)
    what, _, fields = text.partition(": ")
    if fields and what in LOOKS:
        known = [_SEARCH_FIELDS[name] for name in fields.split(", ") if name in _SEARCH_FIELDS]
        joined = _BETWEEN_VALUES(lang).join(words(lang) for words in known)
        return say("log_details.searched", what=LOOKS[what](lang), fields=joined)(lang)
    kind, _, key = text.partition(" ")
    if kind == "document" and case is not None:
        name = label_item(case, "material", key)(lang)
        return say("log_details.document", name=name)(lang)
    return text
