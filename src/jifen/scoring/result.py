"""What an assessment says, in values, in words and in the stable JSON of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from jifen.facts.situation import Situation
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Basis, Caution, Indicator, Requirement, Rules
from jifen.policy.text import Lang, Text

SCHEMA = "jifen.assessment.v1"


class ConditionResult(NamedTuple):
    """A condition of eligibility and whether it is met (None: unknown)."""

    requirement: Requirement
    met: bool | None


class LineResult(NamedTuple):
    """One indicator for one person; `low` and `high` in the policy's smallest unit of points."""

    indicator: Indicator
    low: int
    high: int
    counted: bool
    used: tuple[str, ...]
    known: Mapping[str, Any]

    @property
    def triggered(self) -> bool:
        """Whether this is a veto whose condition holds for certain."""
        mechanism = self.indicator.mechanism
        if not isinstance(mechanism, Veto) or any(f not in self.known for f in self.used):
            return False
        return mechanism.when.test()(self.known)

    @property
    def facts(self) -> dict[str, Any]:
        """The known facts that the line rests on."""
        return {ident: self.known[ident] for ident in self.used if ident in self.known}


@dataclass(frozen=True)
class Assessment:
    """The score of one person on one day under one set of rules."""

    rules: Rules
    situation: Situation
    scaled_bounds: tuple[int, int]
    conditions: tuple[ConditionResult, ...]
    vetoes: tuple[tuple[Indicator, bool | None], ...]
    cautions: tuple[Caution, ...]
    lines: tuple[LineResult, ...]
    missing: tuple[str, ...]

    @property
    def warnings(self) -> tuple[Text, ...]:
        """Words that change no points but must be read: cautions, and vetoes that only warn."""
        words = [caution.words for caution in self.cautions]
        for line in self.lines:
            mechanism = line.indicator.mechanism
            if isinstance(mechanism, Veto) and not mechanism.refuses and line.triggered:
                row = mechanism.rows(self.rules.vocabulary)[0]
                words.append(
                    Text(f"{row.when.zh}:{row.gives.zh}", f"{row.when.en}: {row.gives.en}")
                )
        return tuple(words)

    @property
    def unused(self) -> tuple[str, ...]:
        """Given facts of the city that this version does not use."""
        return self.situation.unused

    @property
    def eligible(self) -> bool | None:
        """Whether every condition is met; None while unknown."""
        return _all(condition.met for condition in self.conditions)

    @property
    def vetoed(self) -> bool | None:
        """Whether a veto stands; None while unknown."""
        clear = _all(None if met is None else not met for _, met in self.vetoes)
        return None if clear is None else not clear

    @cached_property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most total that the missing facts allow."""
        low, high = self.scaled_bounds
        return self.points(low), self.points(high)

    @property
    def total(self) -> Decimal | None:
        """The total; None while the bounds differ. Conditions and vetoes do not change it."""
        low, high = self.bounds
        return low if low == high else None

    @property
    def threshold(self) -> Decimal | None:
        """The line on the day of assessment; None where none is in force."""
        return self.rules.decision.line_on(self.situation.on)

    @property
    def reached(self) -> bool | None:
        """Whether the total is at the line, every condition met and nothing vetoes."""
        line, (low, high) = self.threshold, self.bounds
        if line is None:
            return None
        at_line = True if low >= line else (False if high < line else None)
        vetoed = self.vetoed
        return _all([at_line, self.eligible, None if vetoed is None else not vetoed])

    def points(self, scaled: int) -> Decimal:
        """Points from the smallest unit."""
        return Decimal(scaled).scaleb(-self.rules.precision)

    def line(self, ident: str) -> LineResult:
        """The line of an indicator; KeyError where there is none."""
        for line in self.lines:
            if line.indicator.id == ident:
                return line
        raise KeyError(ident)

    def to_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """The JSON result, schema jifen.assessment.v1."""
        low, high = self.bounds
        rules, total = self.rules, self.total
        return {
            "schema": SCHEMA,
            "policy": rules.policy,
            "version": rules.version,
            "policy_hash": rules.hash,
            "on": self.situation.on.isoformat(),
            "eligible": self.eligible,
            "conditions": [_condition(c, lang) for c in self.conditions],
            "vetoed": self.vetoed,
            "total": None if total is None else number(total),
            "bounds": [number(low), number(high)],
            "threshold": None if self.threshold is None else number(self.threshold),
            "reached": self.reached,
            "missing": list(self.missing),
            "unused": list(self.unused),
            "lines": [self._line(line, lang) for line in self.lines],
        }

    def _line(self, line: LineResult, lang: Lang) -> dict[str, Any]:
        indicator = line.indicator
        low, high = number(self.points(line.low)), number(self.points(line.high))
        return {
            "id": indicator.id,
            "label": indicator.label(lang),
            "points": low if line.low == line.high else None,
            "bounds": [low, high],
            "counted": line.counted,
            "group": indicator.group,
            "facts": {ident: plain_value(value) for ident, value in line.facts.items()},
            "rule": rule_words(self.rules, indicator, lang),
            "clause": clause_text(indicator.basis, lang),
            "confidence": indicator.basis.confidence,
        }


def _condition(condition: ConditionResult, lang: Lang) -> dict[str, Any]:
    requirement = condition.requirement
    return {
        "id": requirement.id,
        "met": condition.met,
        "clause": clause_text(requirement.basis, lang),
        "label": requirement.label(lang),
    }


def rule_words(rules: Rules, indicator: Indicator, lang: Lang) -> str:
    """The rule of an indicator in a sentence."""
    words = rules.__dict__.setdefault("_words", {})
    key = (indicator.id, lang)
    if key not in words:
        words[key] = indicator.mechanism.words(rules.vocabulary, lang)
    found: str = words[key]
    return found


def clause_text(basis: Basis, lang: Lang) -> str | None:
    """The clause as text; None where its number is not known."""
    return basis.clause.article(lang) if basis.clause else None


def number(value: Decimal) -> int | float:
    """An exact decimal as a JSON number: whole as an integer, tenths in their shortest form."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain_value(value: Any) -> Any:
    """A fact's value as JSON holds it."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain_value(item) for item in value]
    return value


def _all(parts: Any) -> bool | None:
    """Three-valued `and`: False if any is False, else None if any is None, else True."""
    unknown = False
    for part in parts:
        if part is False:
            return False
        unknown = unknown or part is None
    return None if unknown else True
