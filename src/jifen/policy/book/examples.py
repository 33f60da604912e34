"""Worked cases in words: facts through the vocabulary, expectations through the policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.model import Rules
from jifen.policy.people import flatten_people
from jifen.policy.policy import Policy
from jifen.policy.text import Text, join_texts
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.policy.words import say

_STATUS_LABELS = {
    "paid": say("book.examples.status_labels_paid"),
    "deferred": say("book.examples.status_labels_deferred"),
    "back_paid": say("book.examples.status_labels_back_paid"),
    "mismatched": say("book.examples.status_labels_mismatched"),
}
_PURPOSE_LABEL = say("book.examples.purpose_label")
_EXPECTATION_LABELS = {
    "total": say("book.examples.expectation_labels_total"),
    "eligible": say("book.examples.expectation_labels_eligible"),
    "reached": say("book.examples.expectation_labels_reached"),
    "vetoed": say("book.examples.expectation_labels_vetoed"),
    "threshold": say("book.examples.expectation_labels_threshold"),
    "bounds": say("book.examples.expectation_labels_bounds"),
    "missing": say("book.examples.expectation_labels_missing"),
    "order": say("book.examples.expectation_labels_order"),
    "admitted": say("book.examples.expectation_labels_admitted"),
    "rounds": say("book.examples.expectation_labels_rounds"),
}
_RECORD_LABELS = {
    "issued_on": say("book.examples.record_labels_issued_on"),
    "valid_until": say("book.examples.record_labels_valid_until"),
    "endorsements": say("book.examples.record_labels_endorsements"),
    "area": say("book.examples.record_labels_area"),
}


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A name and its value in words."""

    name: Text
    value: Text


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A worked case, ready to be shown."""

    id: str
    label: Text
    on: date
    facts: tuple[LabelledValue, ...]
    readings: tuple[LabelledValue, ...]
    expect: tuple[LabelledValue, ...]
    source: Text


def describe_case(case: Any, policy: Policy, rules: Rules) -> WorkedExample:
    """A case in words; a case of several people (a ranking) names each of them."""
    return WorkedExample(
        case.id,
        case.label,
        case.on,
        tuple(_describe_facts(case, rules.vocabulary)),
        tuple(
            _describe_reading(policy, switch_id, chosen)
            for switch_id, chosen in case.readings.items()
        ),
        tuple(_describe_expectations(case.expect, rules)),
        case.source,
    )


def _describe_facts(case: Any, vocabulary: Vocabulary) -> Iterable[LabelledValue]:
    for fact_id, value in flatten_people(vocabulary.people, case.own_facts).items():
        yield describe_fact(fact_id, value, vocabulary)
    for name, facts in getattr(case, "people", {}).items():
        words = [describe_fact(fact_id, value, vocabulary) for fact_id, value in facts.items()]
        phrase = Text(
            "；".join(f"{w.name.zh} {w.value.zh}" for w in words),
            "; ".join(f"{w.name.en} {w.value.en}" for w in words),
        )
        yield LabelledValue(Text(name, name), phrase)


def describe_fact(fact_id: str, value: Any, vocabulary: Vocabulary) -> LabelledValue:
    """One fact of a case in words; an id that is no fact is shown as it stands."""
    fact = vocabulary.get(fact_id)
    if fact is None:
        return LabelledValue(Text(fact_id, fact_id), _format_raw_value(value))
    if value == "absent":
        return LabelledValue(fact.label, say("book.examples.not_known"))
    return LabelledValue(fact.label, _describe_value(fact, value))


def _describe_value(fact: Fact, value: Any) -> Text:
    if isinstance(value, Mapping):
        return _describe_record(value)
    if isinstance(value, list):
        spells = [_describe_spell(item) for item in value if isinstance(item, Mapping)]
        if spells:
            return Text("；".join(s.zh for s in spells), "; ".join(s.en for s in spells))
        return _format_raw_value(value)
    typed = _parse_value(fact, value)
    return (
        _format_raw_value(typed)
        if isinstance(typed, str) and not fact.ids
        else fact.describe_value(typed)
    )


def _parse_value(fact: Fact, value: Any) -> Any:
    """The text of a case as a value of its fact; a broken one stays as it is written."""
    if fact.type == "bool":
        return {"true": True, "false": False}.get(value, value)
    if not fact.is_number or value is None:
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def _describe_record(value: Mapping[str, Any]) -> Text:
    parts = [
        (_RECORD_LABELS.get(key, Text(key, key)), _format_raw_value(written))
        for key, written in value.items()
    ]
    zh = "，".join(f"{key.zh} {written.zh}" for key, written in parts)
    return Text(zh, ", ".join(f"{key.en} {written.en}" for key, written in parts))


def _describe_spell(spell: Mapping[str, Any]) -> Text:
    status = _STATUS_LABELS.get(str(spell.get("status") or "paid"), Text("?", "?"))
    span, base = f"{spell.get('from')} – {spell.get('to')}", spell.get("base")
    words = say("book.examples.spell", span=span, status=status)
    return say("book.examples.base_yuan", words=words, base=base) if base else words


def _format_raw_value(value: Any) -> Text:
    if isinstance(value, list | tuple):
        if not value:
            return say("book.examples.none")
        return Text("、".join(map(str, value)), ", ".join(map(str, value)))
    if isinstance(value, bool):
        return say("book.examples.yes") if value else say("book.examples.no")
    return say("book.examples.does_not_apply") if value is None else Text(str(value), str(value))


def _describe_reading(policy: Policy, switch_id: str, chosen: str) -> LabelledValue:
    if policy.purposes and switch_id == "purpose":
        names = {purpose.id: purpose.label for purpose in policy.purposes}
        return LabelledValue(_PURPOSE_LABEL, names.get(chosen, Text(chosen, chosen)))
    for switch in policy.switches:
        if switch.id == switch_id:
            labels = {reading.id: reading.label for reading in switch.readings}
            return LabelledValue(switch.question, labels.get(chosen, Text(chosen, chosen)))
    return LabelledValue(Text(switch_id, switch_id), Text(chosen, chosen))


def _describe_expectations(expect: Mapping[str, Any], rules: Rules) -> Iterable[LabelledValue]:
    names = {i.id: i.label for i in rules.indicators} | {r.id: r.label for r in rules.requirements}
    for key, value in expect.items():
        if isinstance(value, Mapping):
            for element_id, inner in value.items():
                yield LabelledValue(
                    names.get(element_id, Text(element_id, element_id)), _describe_outcome(inner)
                )
        elif key in ("total", "threshold"):
            yield LabelledValue(_EXPECTATION_LABELS[key], _describe_outcome(value))
        elif key == "bounds" and isinstance(value, list):
            yield LabelledValue(
                _EXPECTATION_LABELS[key],
                Text(" – ".join(map(str, value)), " – ".join(map(str, value))),
            )
        elif key == "rounds" and isinstance(value, list):
            rounds = (_format_raw_value(names) for names in value)
            yield LabelledValue(_EXPECTATION_LABELS[key], join_texts(rounds, Text("；", "; ")))
        elif key == "missing" and isinstance(value, list):
            yield LabelledValue(
                _EXPECTATION_LABELS[key], _join_fact_labels(value, rules.vocabulary)
            )
        else:
            yield LabelledValue(
                _EXPECTATION_LABELS.get(key, Text(key, key)), _describe_open_value(value)
            )


def _join_fact_labels(fact_ids: Iterable[Any], vocabulary: Vocabulary) -> Text:
    facts = [vocabulary.get(str(fact_id)) for fact_id in fact_ids]
    labels = [fact.label for fact in facts if fact]
    if not labels:
        return say("book.examples.none")
    return join_texts(labels, Text("、", ", "))


def _describe_outcome(value: Any) -> Text:
    """Points where it is a number, else as it stands."""
    try:
        return format_points(Decimal(str(value)))
    except InvalidOperation:
        return _describe_open_value(value)


def _describe_open_value(value: Any) -> Text:
    """A result that may be open: null says that it cannot be told yet."""
    return say("book.examples.cannot_be_told_yet") if value is None else _format_raw_value(value)
