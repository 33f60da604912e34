"""Indicators, conditions and groups of a measure as plain lists and mappings."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jifen.policy.break_points import list_condition_answers
from jifen.policy.condition import Both, Compare, Condition, Either, Flag, Member, Not
from jifen.policy.mechanisms import Mechanism
from jifen.policy.mechanisms.accrual import Accrual
from jifen.policy.mechanisms.choice import ChoicePoints
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.each_record import EachRecord
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.mechanisms.phrases import format_condition
from jifen.policy.mechanisms.scale import Scale, ScaleBand
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Basis, Group, Indicator, Rules, list_facts_used
from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Vocabulary
from jifen.scoring.device.numbers import (
    LARGEST,
    CannotCarry,
    encoded,
    encoded_all,
    places_of,
    scaled,
)
from jifen.scoring.device.words import both
from jifen.scoring.result import clause_text, rule_words

Answers = Mapping[str, tuple[Any, ...]]


class RuleWriter:
    """Writes the parts of some rules; points are scaled by the precision of the measure."""

    def __init__(self, rules: Rules) -> None:
        self._rules, self._vocabulary = rules, rules.vocabulary

    def points(self, points: Decimal, what: str) -> int:
        """Points in their smallest unit."""
        return scaled(points, self._rules.precision, what)

    def indicator(self, indicator: Indicator, answers: Answers) -> dict[str, Any]:
        """An indicator: how it scores, what its facts may be, and its words."""
        mechanism, rules = indicator.mechanism, self._rules
        self._refuse_too_many(indicator, answers)
        rule = Text(rule_words(rules, indicator, "zh"), rule_words(rules, indicator, "en"))
        written: dict[str, Any] = {
            "id": indicator.id,
            "label": both(indicator.label),
            "group": indicator.group,
            "clause": clause_of(indicator.basis),
            "confidence": indicator.basis.confidence,
            "facts": list(list_facts_used(indicator)),
            "mechanism": self.mechanism(mechanism, indicator.id),
            "rule": both(rule),
            "answers": self.answers(answers),
        }
        rows = mechanism.list_rows(self._vocabulary)
        if isinstance(mechanism, Scale | ChoicePoints | FirstOf | Veto):
            written["rows"] = [[both(row.when), both(row.gives)] for row in rows]
        if indicator.when:
            written["when"] = self.condition(indicator.when)
            needs = (
                format_condition(indicator.when, self._vocabulary, lang) for lang in ("zh", "en")
            )
            written["needs"] = list(needs)
        return written

    def answers(self, answers: Answers) -> dict[str, list[Any]]:
        """What facts may be, as the bounds look at them."""
        facts = self._vocabulary
        return {ident: encoded_all(facts[ident], values) for ident, values in answers.items()}

    def tested(self, when: Condition) -> dict[str, Any]:
        """A condition with what its facts may be."""
        return {
            "when": self.condition(when),
            "answers": self.answers(list_condition_answers(when, self._vocabulary)),
        }

    def condition(self, condition: Condition) -> list[Any]:
        """A condition: its word first, then its parts."""
        if isinstance(condition, Not):
            return ["not", self.condition(condition.inner)]
        if isinstance(condition, Both | Either):
            word = "and" if isinstance(condition, Both) else "or"
            return [word, self.condition(condition.left), self.condition(condition.right)]
        if isinstance(condition, Flag):
            return ["is", condition.fact]
        if isinstance(condition, Member):
            return ["in", condition.fact, list(condition.options)]
        return self._compared(condition)

    def _compared(self, atom: Compare) -> list[Any]:
        return [atom.sign, atom.fact, encoded(self._vocabulary[atom.fact], atom.constant)]

    def mechanism(self, mechanism: Mechanism, what: str) -> dict[str, Any]:
        """How facts give points. Raises CannotCarry for a kind that the module does not know."""
        write: Any = getattr(self, _WRITERS.get(type(mechanism), ""), None)
        if write is None:
            raise CannotCarry(what)
        written: dict[str, Any] = write(mechanism, what)
        return written

    def _choice(self, mechanism: ChoicePoints, what: str) -> dict[str, Any]:
        points = {option: self.points(p, what) for option, p in mechanism.points}
        return {"kind": "choice", "of": mechanism.of, "points": points}

    def _scale(self, mechanism: Scale, what: str) -> dict[str, Any]:
        bands = [self._band(mechanism, band, what) for band in mechanism.bands]
        return {"kind": "scale", "of": mechanism.of, "bands": bands}

    def _each_record(self, mechanism: EachRecord, what: str) -> dict[str, Any]:
        each = self.points(mechanism.each, what)
        return {"kind": "each_record", "of": mechanism.count, "each": each}

    def _points_if(self, mechanism: PointsIf, what: str) -> dict[str, Any]:
        points = self.points(mechanism.points, what)
        return {"kind": "condition", "when": self.condition(mechanism.when), "points": points}

    def _first_of(self, mechanism: FirstOf, what: str) -> dict[str, Any]:
        return {"kind": "first_of", "steps": self._steps(mechanism, what)}

    def _sum_of(self, mechanism: SumOf, what: str) -> dict[str, Any]:
        parts = [self.mechanism(part, what) for part in mechanism.parts]
        most = None if mechanism.most is None else self.points(mechanism.most, what)
        return {"kind": "sum_of", "parts": parts, "most": most}

    def _accrual(self, mechanism: Accrual, what: str) -> dict[str, Any]:
        """As a fraction of whole numbers: value × above ÷ below, rounded, × size."""
        fact, rounding = self._vocabulary[mechanism.of], mechanism.rounding
        rate = abs(Fraction(mechanism.each)) / Fraction(mechanism.every.amount)
        exact = rate * 10**rounding.places / 10 ** places_of(fact)
        size = 10 ** (self._rules.precision - rounding.places)
        start = mechanism.starts_at
        return {
            "kind": "accrual",
            "of": mechanism.of,
            "above": scaled(exact.numerator, 0, what),
            "below": scaled(exact.denominator, 0, what),
            "size": -size if mechanism.each < 0 else size,
            "mode": rounding.mode,
            "start": None if start is None else encoded(fact, start.amount),
            "most": None if mechanism.most is None else self.points(mechanism.most, what),
        }

    def _veto(self, mechanism: Veto, what: str) -> dict[str, Any]:
        del what
        return {"kind": "veto", "refuses": mechanism.refuses, **self.tested(mechanism.when)}

    def _steps(self, mechanism: FirstOf, what: str) -> list[dict[str, Any]]:
        return [
            {
                "when": self.condition(step.when) if step.when else None,
                "points": self.points(step.points, what),
                "inner": self.mechanism(step.inner, what) if step.inner else None,
            }
            for step in mechanism.steps
        ]

    def _band(self, scale: Scale, band: ScaleBand, what: str) -> dict[str, Any]:
        fact = self._vocabulary[scale.of]
        written: dict[str, Any] = {
            "low": None if band.low is None else encoded(fact, band.low),
            "low_inside": band.low_inside,
            "high": None if band.high is None else encoded(fact, band.high),
            "high_inside": band.high_inside,
            "points": self.points(band.points, what),
        }
        if slope := band.slope:
            written["rise"] = {
                "each": self.points(slope.each, what),
                "pivot": encoded(fact, int(slope.pivot)),
                "below": slope.below,
                "most": None if slope.most is None else self.points(slope.most, what),
            }
        return written

    def _per_unit(self, mechanism: PerUnit, what: str) -> dict[str, Any]:
        """Amounts are those of the fact. A start below the first step leaves a negative rest, which
        fractions and whole numbers divide differently: it is not carried."""
        fact = self._vocabulary[mechanism.of]
        first, half = mechanism.first, mechanism.half
        least = first[0].amount if first else Decimal(0)
        start = mechanism.starts_at.amount if mechanism.starts_at else None
        stepped = first is not None or half is not None
        if start is not None and start < least and fact.type not in WHOLE_TYPES:
            raise CannotCarry(what)
        if start is None:
            start = least if stepped else mechanism.every.amount
        return {
            "kind": "per_unit",
            "of": mechanism.of,
            "each": self.points(mechanism.each, what),
            "every": encoded(fact, mechanism.every.amount),
            "start": encoded(fact, start),
            "most": None if mechanism.most is None else self.points(mechanism.most, what),
            "first": [encoded(fact, least), self.points(first[1], what) if first else 0],
            "half": [encoded(fact, half[0].amount), self.points(half[1], what)]
            if half and half[0].amount
            else None,
        }

    def _refuse_too_many(self, indicator: Indicator, answers: Answers) -> None:
        """All indicators together stay below what a double holds."""
        if not answers:
            return
        low, high = indicator.mechanism.compile_bounds(10**self._rules.precision)(answers)
        if max(abs(low), abs(high)) > LARGEST // (2 * len(self._rules.indicators)):
            raise CannotCarry(indicator.id)

    def group(self, group: Group) -> dict[str, Any]:
        """A group: the sum of its members or the best of them, with its cap."""
        return {
            "id": group.id,
            "label": both(group.label),
            "parent": group.parent,
            "best": group.combine == "best_of",
            "most": None if group.most is None else self.points(group.most, group.id),
        }


_WRITERS: dict[type, str] = {
    ChoicePoints: "_choice",
    Scale: "_scale",
    PerUnit: "_per_unit",
    EachRecord: "_each_record",
    PointsIf: "_points_if",
    FirstOf: "_first_of",
    SumOf: "_sum_of",
    Accrual: "_accrual",
    Veto: "_veto",
}
"""Mechanism → the method that writes it."""


def relations_of(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Which totals cannot be above which others."""
    written = []
    for relation in vocabulary.relations:
        one, other = vocabulary[relation.fact], vocabulary[relation.other]
        if places_of(one) != places_of(other):
            raise CannotCarry(relation.fact)
        plus = {"shown": relation.plus, "plus": encoded(one, relation.plus)}
        written.append({"fact": relation.fact, "other": relation.other, "unit": one.unit, **plus})
    return written


def clause_of(basis: Basis) -> list[str | None] | None:
    """The clause of an element in both languages; None where its number is not known."""
    return [clause_text(basis, "zh"), clause_text(basis, "en")] if basis.clause else None
