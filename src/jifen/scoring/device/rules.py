"""Indicators, conditions and groups of a measure as plain lists and mappings."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jifen.policy.break_points import list_condition_answers
from jifen.policy.condition import Both, Compare, Condition, Either, Flag, Member, Not
from jifen.policy.mechanisms import Mechanism
from jifen.policy.mechanisms.accrual import Accrual
from jifen.policy.mechanisms.cap import Cap, StatusCap
from jifen.policy.mechanisms.choice import ChoicePoints
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.each_record import EachRecord
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.mechanisms.phrases import format_condition
from jifen.policy.mechanisms.scale import Scale, ScaleBand
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.table import PointsTable, TableAxis
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Basis, Group, Indicator, Rules, list_facts_used
from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Vocabulary
from jifen.scoring.clause_words import format_clause
from jifen.scoring.device.numbers import (
    LARGEST,
    NotRepresentable,
    decimal_places_of,
    encode_value,
    encode_values,
    scale_exactly,
)
from jifen.scoring.device.texts import write_text
from jifen.scoring.result import describe_rule

Answers = Mapping[str, tuple[Any, ...]]


class RuleWriter:
    """Writes the parts of some rules; points are scaled by the precision of the measure."""

    def __init__(self, rules: Rules) -> None:
        self._rules, self._vocabulary = rules, rules.vocabulary

    def write_points(self, points: Decimal, what: str) -> int:
        """Points in their smallest unit."""
        return scale_exactly(points, self._rules.precision, what)

    def write_indicator(self, indicator: Indicator, answers: Answers) -> dict[str, Any]:
        """An indicator: how it scores, what its facts may be, and its words."""
        mechanism, rules = indicator.mechanism, self._rules
        self._refuse_too_large(indicator, answers)
        rule = Text(describe_rule(rules, indicator, "zh"), describe_rule(rules, indicator, "en"))
        written: dict[str, Any] = {
            "id": indicator.id,
            "label": write_text(indicator.label),
            "group": indicator.group,
            "clause": write_clause(indicator.basis),
            "confidence": indicator.basis.confidence,
            "facts": list(list_facts_used(indicator)),
            "mechanism": self.write_mechanism(mechanism, indicator.id),
            "rule": write_text(rule),
            "answers": self.write_answers(answers),
        }
        rows = mechanism.list_rows(self._vocabulary)
        if isinstance(mechanism, Scale | ChoicePoints | FirstOf | PointsTable | Veto):
            written["rows"] = [[write_text(row.when), write_text(row.gives)] for row in rows]
        if indicator.when:
            written["when"] = self.write_condition(indicator.when)
            needs = (
                format_condition(indicator.when, self._vocabulary, lang) for lang in ("zh", "en")
            )
            written["needs"] = list(needs)
        return written

    def write_answers(self, answers: Answers) -> dict[str, list[Any]]:
        """What facts may be, as the bounds look at them."""
        facts = self._vocabulary
        return {
            fact_id: encode_values(facts[fact_id], values) for fact_id, values in answers.items()
        }

    def write_test(self, when: Condition) -> dict[str, Any]:
        """A condition with what its facts may be."""
        return {
            "when": self.write_condition(when),
            "answers": self.write_answers(list_condition_answers(when, self._vocabulary)),
        }

    def write_condition(self, condition: Condition) -> list[Any]:
        """A condition: its word first, then its parts."""
        if isinstance(condition, Not):
            return ["not", self.write_condition(condition.inner)]
        if isinstance(condition, Both | Either):
            word = "and" if isinstance(condition, Both) else "or"
            return [
                word,
                self.write_condition(condition.left),
                self.write_condition(condition.right),
            ]
        if isinstance(condition, Flag):
            return ["is", condition.fact]
        if isinstance(condition, Member):
            return ["in", condition.fact, list(condition.options)]
        return self._write_comparison(condition)

    def _write_comparison(self, atom: Compare) -> list[Any]:
        return [atom.sign, atom.fact, encode_value(self._vocabulary[atom.fact], atom.constant)]

    def write_mechanism(self, mechanism: Mechanism, what: str) -> dict[str, Any]:
        """How facts give points. Raises CannotCarry for a kind that the module does not know."""
        write: Any = getattr(self, _WRITERS.get(type(mechanism), ""), None)
        if write is None:
            raise NotRepresentable(what)
        written: dict[str, Any] = write(mechanism, what)
        return written

    def _write_choice(self, mechanism: ChoicePoints, what: str) -> dict[str, Any]:
        points = {option: self.write_points(p, what) for option, p in mechanism.points}
        return {"kind": "choice", "of": mechanism.of, "points": points}

    def _write_scale(self, mechanism: Scale, what: str) -> dict[str, Any]:
        bands = [self._write_band(mechanism, band, what) for band in mechanism.bands]
        return {"kind": "scale", "of": mechanism.of, "bands": bands}

    def _write_each_record(self, mechanism: EachRecord, what: str) -> dict[str, Any]:
        each = self.write_points(mechanism.each, what)
        return {"kind": "each_record", "of": mechanism.count, "each": each}

    def _write_points_if(self, mechanism: PointsIf, what: str) -> dict[str, Any]:
        points = self.write_points(mechanism.points, what)
        return {"kind": "condition", "when": self.write_condition(mechanism.when), "points": points}

    def _write_first_of(self, mechanism: FirstOf, what: str) -> dict[str, Any]:
        return {"kind": "first_of", "steps": self._write_steps(mechanism, what)}

    def _write_sum_of(self, mechanism: SumOf, what: str) -> dict[str, Any]:
        parts = [self.write_mechanism(part, what) for part in mechanism.parts]
        return {"kind": "sum_of", "parts": parts, "most": self._write_cap(mechanism.most, what)}

    def _write_cap(self, cap: Cap, what: str) -> int | dict[str, Any] | None:
        """A number, or the fact with a number for each answer."""
        if not isinstance(cap, StatusCap):
            return None if cap is None else self.write_points(cap, what)
        points = {answer: self.write_points(most, what) for answer, most in cap.points}
        return {"by": cap.fact, "points": points}

    def _write_table(self, mechanism: PointsTable, what: str) -> dict[str, Any]:
        points = [self.write_points(cell, what) for cell in mechanism.points]
        axes = [self._write_axis(axis) for axis in mechanism.axes]
        return {"kind": "table", "axes": axes, "points": points}

    def _write_axis(self, axis: TableAxis) -> dict[str, Any]:
        if axis.answers:
            return {"of": axis.fact, "answers": [list(group) for group in axis.answers]}
        fact = self._vocabulary[axis.fact]
        starts = tuple(int(start) if fact.is_whole else start for start in axis.starts)
        return {"of": axis.fact, "from": encode_values(fact, starts)}

    def _write_accrual(self, mechanism: Accrual, what: str) -> dict[str, Any]:
        """As a fraction of whole numbers: value × above ÷ below, rounded, × size."""
        fact, rounding = self._vocabulary[mechanism.of], mechanism.rounding
        rate = abs(Fraction(mechanism.each)) / Fraction(mechanism.every.amount)
        exact = rate * 10**rounding.places / 10 ** decimal_places_of(fact)
        size = 10 ** (self._rules.precision - rounding.places)
        start = mechanism.starts_at
        return {
            "kind": "accrual",
            "of": mechanism.of,
            "above": scale_exactly(exact.numerator, 0, what),
            "below": scale_exactly(exact.denominator, 0, what),
            "size": -size if mechanism.each < 0 else size,
            "mode": rounding.mode,
            "start": None if start is None else encode_value(fact, start.amount),
            "most": None if mechanism.most is None else self.write_points(mechanism.most, what),
        }

    def _write_veto(self, mechanism: Veto, what: str) -> dict[str, Any]:
        del what
        return {"kind": "veto", "refuses": mechanism.refuses, **self.write_test(mechanism.when)}

    def _write_steps(self, mechanism: FirstOf, what: str) -> list[dict[str, Any]]:
        return [
            {
                "when": self.write_condition(step.when) if step.when else None,
                "points": self.write_points(step.points, what),
                "inner": self.write_mechanism(step.inner, what) if step.inner else None,
            }
            for step in mechanism.steps
        ]

    def _write_band(self, scale: Scale, band: ScaleBand, what: str) -> dict[str, Any]:
        fact = self._vocabulary[scale.of]
        written: dict[str, Any] = {
            "low": None if band.low is None else encode_value(fact, band.low),
            "low_inside": band.low_inside,
            "high": None if band.high is None else encode_value(fact, band.high),
            "high_inside": band.high_inside,
            "points": self.write_points(band.points, what),
        }
        if slope := band.slope:
            written["rise"] = {
                "each": self.write_points(slope.each, what),
                "pivot": encode_value(fact, int(slope.pivot)),
                "below": slope.below,
                "most": None if slope.most is None else self.write_points(slope.most, what),
            }
        return written

    def _write_per_unit(self, mechanism: PerUnit, what: str) -> dict[str, Any]:
        """Amounts are those of the fact. A start below the first step leaves a negative rest, which
        fractions and whole numbers divide differently: it is not carried."""
        fact = self._vocabulary[mechanism.of]
        first, half = mechanism.first, mechanism.half
        least = first[0].amount if first else Decimal(0)
        start = mechanism.starts_at.amount if mechanism.starts_at else None
        stepped = first is not None or half is not None
        if start is not None and start < least and fact.type not in WHOLE_TYPES:
            raise NotRepresentable(what)
        if start is None:
            start = least if stepped else mechanism.every.amount
        return {
            "kind": "per_unit",
            "of": mechanism.of,
            "each": self.write_points(mechanism.each, what),
            "every": encode_value(fact, mechanism.every.amount),
            "start": encode_value(fact, start),
            "most": None if mechanism.most is None else self.write_points(mechanism.most, what),
            "first": [encode_value(fact, least), self.write_points(first[1], what) if first else 0],
            "half": [encode_value(fact, half[0].amount), self.write_points(half[1], what)]
            if half and half[0].amount
            else None,
        }

    def _refuse_too_large(self, indicator: Indicator, answers: Answers) -> None:
        """All indicators together stay below what a double holds."""
        if not answers:
            return
        low, high = indicator.mechanism.compile_bounds(10**self._rules.precision)(answers)
        if max(abs(low), abs(high)) > LARGEST // (2 * len(self._rules.indicators)):
            raise NotRepresentable(indicator.id)

    def write_group(self, group: Group) -> dict[str, Any]:
        """A group: the sum of its members or the best of them, with its cap. Raises CannotCarry
        for one that is rounded."""
        if group.rounding is not None:
            raise NotRepresentable(group.id)
        return {
            "id": group.id,
            "label": write_text(group.label),
            "parent": group.parent,
            "best": group.combine == "best_of",
            "most": None if group.most is None else self.write_points(group.most, group.id),
        }


_WRITERS: dict[type, str] = {
    ChoicePoints: "_write_choice",
    Scale: "_write_scale",
    PerUnit: "_write_per_unit",
    EachRecord: "_write_each_record",
    PointsIf: "_write_points_if",
    FirstOf: "_write_first_of",
    SumOf: "_write_sum_of",
    Accrual: "_write_accrual",
    PointsTable: "_write_table",
    Veto: "_write_veto",
}
"""Mechanism → the method that writes it."""


def write_relations(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Which totals cannot be above which others."""
    written = []
    for relation in vocabulary.relations:
        first_fact, second_fact = vocabulary[relation.fact], vocabulary[relation.other]
        if decimal_places_of(first_fact) != decimal_places_of(second_fact):
            raise NotRepresentable(relation.fact)
        plus = {"shown": relation.plus, "plus": encode_value(first_fact, relation.plus)}
        written.append(
            {"fact": relation.fact, "other": relation.other, "unit": first_fact.unit, **plus}
        )
    return written


def write_clause(basis: Basis) -> list[str | None] | None:
    """The clause of an element in both languages; None where its number is not known."""
    return [format_clause(basis, "zh"), format_clause(basis, "en")] if basis.clause else None
