"""One set of facts under several versions: totals, verdicts and lines in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.cities import City, Version
from jifen.facts.situation import examine
from jifen.office.web.public.catalogue import readable
from jifen.office.web.public.faults import in_words
from jifen.office.web.public.panel import span, verdict
from jifen.policy.model import Rules
from jifen.policy.quantity import plain
from jifen.policy.text import Lang
from jifen.scoring import Assessment, score


@dataclass(frozen=True, slots=True)
class Column:
    """One version's answer."""

    city: City
    version: Version
    title: str
    in_force: bool
    figure: str
    line: str
    verdict: tuple[str, str]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    points: dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The columns, the lines that any of them has, and the faults of the facts."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def compare_versions(
    facts: Mapping[str, Any], picked: Sequence[tuple[City, Version]], on: date, lang: Lang
) -> Comparison:
    """Score the facts under each version. A fact that only another city knows is no fault."""
    policies = [(c, v, policy) for c, v in picked if (policy := readable(v))]
    known = {ident for _, _, policy in policies for ident in policy.vocabulary.ids}
    columns, labels, faults = [], dict[str, str](), dict[str, str]()
    for city, version, policy in policies:
        rules = policy.at(on)
        situation, found = examine(rules, facts, on, also_known=known)
        for fault in found:
            faults.setdefault(fault.path, in_words(fault, lang))
        assessment = score(rules, situation)
        for indicator in rules.indicators:
            if not indicator.is_veto:
                labels.setdefault(indicator.id, indicator.label(lang))
        columns.append(_column(city, version, policy.title(lang), rules, assessment, lang))
    rows = [(i, label) for i, label in labels.items() if any(_gives(c, i) for c in columns)]
    return Comparison(tuple(columns), tuple(rows), tuple(faults.values()))


def _gives(column: Column, ident: str) -> bool:
    return column.points.get(ident, ("0", True))[0] != "0"


def _column(
    city: City, version: Version, title: str, rules: Rules, assessment: Assessment, lang: Lang
) -> Column:
    a = assessment
    points = {
        row.indicator.id: (span(a.points(row.low), a.points(row.high), lang), row.counted)
        for row in a.lines
        if not row.indicator.is_veto
    }
    return Column(
        city,
        version,
        title,
        version.covers(a.situation.on),
        span(*a.bounds, lang),
        plain(a.threshold),
        verdict(a, lang),
        tuple(rules.vocabulary[ident].label(lang) for ident in a.missing),
        tuple(words(lang) for words in a.warnings),
        points,
    )
