"""One set of facts under several versions: totals, verdicts and lines in columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.cities import City, MeasureVersion
from jifen.facts.situation import examine_facts
from jifen.office.web.public import files
from jifen.office.web.public.answers import ROW_KEYS, from_facts
from jifen.office.web.public.catalogue import readable
from jifen.office.web.public.faults import in_words
from jifen.office.web.public.panel import MARKS
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring import Assessment, score_situation
from jifen.scoring.comparison import is_known_to_other_city, order_by_distance
from jifen.scoring.result_status import derive_status, describe_status
from jifen.scoring.result_status.point_texts import format_points, format_span


@dataclass(frozen=True, slots=True)
class Column:
    """One version's answer."""

    city: City
    version: MeasureVersion
    title: str
    purpose: str
    in_force: bool
    figure: str
    range: str
    line: str
    mark: str
    verdict: str
    missing: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    """The facts as the city's own form posts them: what is missing can be answered there."""
    hash: str
    warnings: tuple[str, ...]
    points: dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The columns, the lines that any of them has, and the faults of the facts."""

    on: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]

    @property
    def cities(self) -> tuple[City, ...]:
        """The cities of the columns, each once."""
        return tuple({column.city.id: column.city for column in self.columns}.values())


def compare_versions(
    facts: Mapping[str, Any], picked: Sequence[tuple[City, MeasureVersion]], on: date, lang: Lang
) -> Comparison:
    """Score the facts under each version. A fact that only another city knows is no fault, nor is
    an answer that only another city has: it is unknown here."""
    policies = [(c, v, policy) for c, v in picked if (policy := readable(v))]
    known = {ident for _, _, policy in policies for ident in policy.vocabulary.ids}
    columns, standings, labels, faults = [], [], dict[str, str](), dict[str, str]()
    every = [policy.rules_on(on) for _, _, policy in policies]
    examined = [examine_facts(rules, facts, on, also_known=known)[1] for rules in every]
    for (city, version, policy), rules, found in zip(policies, every, examined, strict=True):
        elsewhere = {f.fact for f in found if is_known_to_other_city(f, every, examined)}
        for fault in found:
            if fault.fact not in elsewhere:
                faults.setdefault(fault.path, in_words(fault, rules.vocabulary, lang))
        here = {ident: value for ident, value in facts.items() if ident not in elsewhere}
        assessment = score_situation(rules, examine_facts(rules, here, on, also_known=known)[0])
        for indicator in rules.indicators:
            if not indicator.is_veto:
                labels.setdefault(indicator.id, indicator.label(lang))
        fields = tuple(_fields(policy.vocabulary, facts, on))
        standings.append((city.id, derive_status(assessment)))
        columns.append(_column(city, version, policy, rules, assessment, fields, lang))
    rows = [(i, label) for i, label in labels.items() if any(_gives(c, i) for c in columns)]
    ordered = tuple(columns[number] for number in order_by_distance(standings))
    return Comparison(on, ordered, tuple(rows), tuple(faults.values()))


def _gives(column: Column, ident: str) -> bool:
    return column.points.get(ident, ("0", True))[0] != "0"


def _column(
    city: City,
    version: MeasureVersion,
    policy: Policy,
    rules: Rules,
    assessment: Assessment,
    fields: tuple[tuple[str, str], ...],
    lang: Lang,
) -> Column:
    a, standing = assessment, derive_status(assessment)
    said, exact = describe_status(standing), standing.is_exact and standing.number is not None
    points = {
        row.indicator.id: (
            format_span(a.points(row.scaled_low), a.points(row.scaled_high))(lang),
            row.counted,
        )
        for row in a.lines
        if not row.indicator.is_veto
    }
    return Column(
        city,
        version,
        rules.title(lang),
        rules.purpose.label(lang) if rules.purpose else "",
        version.covers(a.situation.on),
        format_points(standing.number or 0) if exact else said.points(lang),
        said.range(lang),
        "" if standing.threshold is None else format_points(standing.threshold),
        MARKS[standing.state],
        said.headline(lang),
        tuple(rules.vocabulary[ident].label(lang) for ident in a.missing),
        fields,
        policy.hash,
        tuple(words(lang) for words in a.warnings),
        points,
    )


def _fields(
    vocabulary: Vocabulary, facts: Mapping[str, Any], on: date
) -> Iterator[tuple[str, str]]:
    """The facts as names and values of the form on a city's page."""
    answers = from_facts(vocabulary, facts)
    yield "as_of", on.isoformat()
    yield from answers.values.items()
    for ident, rows in answers.rows.items():
        yield from ((f"row.{ident}", row) for row in rows)
    if answers.by_spells:
        yield "insurance_as", "spells"
    for spell in answers.spells:
        yield from ((f"spell.{key}", spell[key]) for key in ROW_KEYS)
    if answers.other:
        yield "other", files.write(answers.other, vocabulary, "")
