"""A policy for a terminal and for programs: the book's content as rows and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.policy.certainty import format_marked_clause
from jifen.policy.diff.statements import (
    KIND_LABELS,
    describe_condition,
    describe_indicator,
    describe_way,
    list_policy_statements,
    list_rules_statements,
)
from jifen.policy.fault import Fault
from jifen.policy.model import Basis, Rules
from jifen.policy.policy import Policy
from jifen.policy.record_rules import list_rule_rows
from jifen.policy.text import Lang, Text
from jifen.policy.words import say

SCHEMA = "jifen.policy.v1"
_CONFIDENCE_LABELS = {
    "certain": say("book.plain.confidence_labels_certain"),
    "likely": say("book.plain.confidence_labels_likely"),
    "unsure": say("book.plain.confidence_labels_unsure"),
}


@dataclass(frozen=True, slots=True)
class BookLine:
    """One element: its id, name, rule, clause and confidence in words."""

    id: str
    label: str
    rule: str
    clause: str
    confidence: str


@dataclass(frozen=True, slots=True)
class BookSection:
    """A heading with its elements."""

    title: str
    lines: tuple[BookLine, ...]


def list_sections(policy: Policy, on: date, lang: Lang) -> Iterator[BookSection]:
    """Conditions, each group, dated changes and open readings of a version on a day."""
    rules = policy.rules_on(on)
    conditions = [
        _build_line(r.id, r.label, describe_condition(r.when, rules), r.basis, lang)
        for r in rules.requirements
    ]
    yield BookSection(say("book.plain.conditions")(lang), tuple(conditions))
    if rules.ways:
        ways = [
            _build_line(w.id, w.label, describe_way(w, rules), w.basis, lang) for w in rules.ways
        ]
        yield BookSection(KIND_LABELS["way"](lang), tuple(ways))
    for group in rules.groups:
        members = [
            _build_line(i.id, i.label, describe_indicator(i, rules), i.basis, lang)
            for i in rules.indicators
            if i.group == group.id
        ]
        words = list_rules_statements(rules)["group", group.id].words(lang)
        joined = say(
            "book.plain.sections", words=words, group_label=Text(group.label.zh, group.label(lang))
        )(lang)
        yield BookSection(joined, tuple(members))
    statements = list_policy_statements(policy)
    bases = {o.id: o.basis for o in policy.overlays} | {s.id: s.basis for s in policy.switches}
    for kind in ("overlay", "switch"):
        lines = [
            _build_line(statement_id, statement.label, statement.words, bases[statement_id], lang)
            for (about, statement_id), statement in statements.items()
            if about == kind
        ]
        yield BookSection(KIND_LABELS[kind](lang), tuple(lines))


def _build_line(element_id: str, label: Text, rule: Text, basis: Basis, lang: Lang) -> BookLine:
    sure = _CONFIDENCE_LABELS[basis.confidence](lang)
    return BookLine(element_id, label(lang), rule(lang), format_marked_clause(basis, lang), sure)


def list_header_facts(policy: Policy, on: date, lang: Lang) -> list[tuple[str, str]]:
    """What stands above the table: (name, value)."""
    rules = policy.rules_on(on)
    until = policy.until.isoformat() if policy.until else say("book.plain.open")(lang)
    number = policy.instrument.number or say("book.plain.number_not_found")(lang)
    frame = [
        (say("book.plain.instrument")(lang), f"{policy.instrument.title(lang)} · {number}"),
        (say("book.plain.in_force")(lang), f"{policy.since} – {until}"),
        (say("book.plain.rules_of")(lang), on.isoformat()),
    ]
    about = ("decision", "line", "reference", "total", "contributions")
    statements = list_rules_statements(rules).items()
    return frame + [(s.label(lang), s.words(lang)) for key, s in statements if key[0] in about]


def to_dict(policy: Policy, on: date, lang: Lang) -> dict[str, Any]:
    """The JSON form, schema jifen.policy.v1."""
    rules = policy.rules_on(on)
    return {
        "schema": SCHEMA,
        "policy": policy.id,
        "version": policy.version,
        "edition": policy.edition,
        "policy_hash": policy.hash,
        "city": policy.city,
        "on": on.isoformat(),
        "title": policy.title(lang),
        "purpose": policy.purpose(lang),
        "instrument": {
            "title": policy.instrument.title(lang),
            "number": policy.instrument.number,
            "number_confidence": policy.instrument.number_confidence,
        },
        "in_force": {
            "from": policy.since.isoformat(),
            "until": policy.until.isoformat() if policy.until else None,
        },
        "statements": [
            {"about": key[0], "id": key[1], "label": s.label(lang), "words": s.words(lang)}
            for key, s in list_rules_statements(rules).items()
        ],
        "indicators": [_indicator_to_dict(rules, i.id, lang) for i in rules.indicators],
        "overlays": list(rules.overlays),
        "switches": [
            {
                "id": s.id,
                "question": s.question(lang),
                "default": s.default,
                "readings": {r.id: r.label(lang) for r in s.readings},
            }
            for s in policy.switches
        ],
        "sources": [{"id": s.id, "where": s.where, "what": s.what} for s in policy.sources],
    }


def _indicator_to_dict(rules: Rules, indicator_id: str, lang: Lang) -> dict[str, Any]:
    indicator = rules.find_indicator(indicator_id)
    basis = indicator.basis
    return {
        "id": indicator_id,
        "label": indicator.label(lang),
        "group": indicator.group,
        "when": describe_condition(indicator.when, rules)(lang) if indicator.when else None,
        "rows": [
            {"when": row.when(lang), "gives": row.gives(lang)}
            for row in list_rule_rows(rules, indicator)
        ],
        "clause": basis.clause.article(lang) if basis.clause else None,
        "confidence": basis.confidence,
        "sources": list(basis.sources),
        "note": basis.note(lang) or None,
    }


def fault_to_dict(fault: Fault) -> dict[str, Any]:
    """A fault as JSON holds it."""
    return {
        "code": fault.code,
        "severity": fault.severity,
        "file": fault.place.file,
        "line": fault.place.line,
        "column": fault.place.column,
        "clause": fault.clause or None,
        "found": fault.found,
        "expected": fault.expected,
        "remedy": fault.remedy,
    }


def version_to_dict(policy: Policy) -> dict[str, Any]:
    """A version in a list of versions, as JSON holds it."""
    return {
        "version": policy.version,
        "edition": policy.edition,
        "from": policy.since.isoformat(),
        "until": policy.until.isoformat() if policy.until else None,
        "recorded_on": policy.recorded_on.isoformat(),
        "policy_hash": policy.hash,
        "title": {"zh": policy.title.zh, "en": policy.title.en},
        "overlays": [
            {"id": o.id, "from": o.since.isoformat(), "until": o.until and o.until.isoformat()}
            for o in policy.overlays
        ],
    }
