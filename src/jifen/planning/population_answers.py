"""What is asked of many people at once: conditions, and the answers that a course hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.planning.model import CityMoves
from jifen.policy.condition import Both, Condition, Either, Not, list_condition_facts
from jifen.policy.vocabulary import Derivation, Fact
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis

Codes = NDArray[Any]
Mask = NDArray[np.bool_]
PAID_MONTH_MEASURES = ("valid_months", "unbroken_months", "months_at_base")


def evaluate_condition(
    condition: Condition, axes: Mapping[str, Axis], columns: Mapping[str, Codes], people: int
) -> Mask:
    """Where a condition surely holds (people); a fact without a column is not known, and both its
    test and the contrary fail."""
    if isinstance(condition, Not):
        all_known = all(fact_id in columns for fact_id in list_condition_facts(condition))
        return ~evaluate_condition(condition.inner, axes, columns, people) & all_known
    if isinstance(condition, Both):
        left = evaluate_condition(condition.left, axes, columns, people)
        return left & evaluate_condition(condition.right, axes, columns, people)
    if isinstance(condition, Either):
        left = evaluate_condition(condition.left, axes, columns, people)
        return left | evaluate_condition(condition.right, axes, columns, people)
    fact, test = condition.fact, condition.compile_test()
    if fact not in columns:
        return np.zeros(people, bool)
    axis = axes[fact]
    table = np.zeros(axis.absent + 1, bool)
    table[: axis.size] = [test({fact: value_of_code(axis, code)}) for code in range(axis.size)]
    mask: Mask = table[columns[fact]]
    return mask


def value_of_code(axis: Axis, code: int) -> Any:
    """A value that a code stands for: of a stretch its first."""
    fact: Fact = axis.fact
    if fact.type == "bool":
        return code == 1
    if code == NOT_APPLICABLE:
        return None
    if fact.type == "choice":
        return fact.ids[code - 1]
    if axis.cuts is None:
        return int(fact.least) + code - 1
    return fact.least if code == 1 else axis.cuts[code - 2].value


def is_age(fact: Fact) -> bool:
    """Whether it is an age: between two birthdays nobody knows more than the year."""
    return fact.derive is not None and fact.derive.measure == "completed_years"


def is_permit_validity(fact: Fact) -> bool:
    """Whether it says that a permit is valid."""
    return fact.derive is not None and fact.derive.measure == "permit_valid"


def is_area_of_permit(fact: Fact) -> bool:
    """Whether it says where a permit is registered."""
    return fact.derive is not None and fact.derive.measure == "permit_area"


@dataclass(frozen=True, eq=False)
class StateAnswers:
    """The yes or no answers of people (columns of codes) that decide what time makes of a fact."""

    axes: Mapping[str, Axis]
    columns: Mapping[str, Codes]
    moves: CityMoves

    def answers_for(self, fact: Fact) -> dict[str, Mask]:
        """The answers for a fact: `pays`, `level` (contributions reach its multiple of the average
        wage), `permit` (is valid), `area` (the fact beside it names one; of a permit, one that is
        valid). What no column tells is left out."""
        rule = self.moves.trajectory_rules.get(fact.id)
        answers: dict[str, Mask | None] = {}
        if fact.derive is not None:
            answers |= self._answer_for_derived(fact.derive)
        elif rule is not None:
            answers["pays"] = self._who_pays(None) if rule.by_insurance else None
            answers["area"] = (
                self._who_has_area(rule.companion) if rule.companion in self.columns else None
            )
        return {name: mask for name, mask in answers.items() if mask is not None}

    def _answer_for_derived(self, derivation: Derivation) -> dict[str, Mask | None]:
        if derivation.measure == "permit_months":
            return {"permit": self._who_holds_permit()}
        if derivation.measure not in PAID_MONTH_MEASURES:
            return {}
        level = (
            self._who_pays_at(derivation.multiple or Decimal(1))
            if derivation.measure == PAID_MONTH_MEASURES[2]
            else None
        )
        return {"pays": self._who_pays(derivation.scheme), "level": level}

    def _who_pays(self, scheme: str | None) -> Mask | None:
        """Who goes on paying: who is insured, or else whose runs of months are not nought."""
        if self.moves.insured_by in self.columns:
            return np.asarray(self.columns[self.moves.insured_by] == 1, bool)
        runs = [
            axis.fact.id
            for axis in self.axes.values()
            if (derivation := axis.fact.derive) and derivation.measure == "unbroken_months"
            if scheme is None or derivation.scheme in (None, scheme)
        ]
        going = [self.columns[fact_id] > self.axes[fact_id].encode(0) for fact_id in runs]
        return np.asarray(np.logical_and.reduce(going), bool) if going else None

    def _who_pays_at(self, multiple: Decimal) -> Mask | None:
        """Whose window is full at this multiple or a higher one: they pay at it."""
        full = [
            self.columns[fact_id] == axis.encode(derivation.window)
            for fact_id, axis in self.axes.items()
            if (derivation := axis.fact.derive)
            and derivation.measure == "months_at_base"
            and derivation.window
            if (derivation.multiple or Decimal(1)) >= multiple
        ]
        return np.asarray(np.logical_or.reduce(full), bool) if full else None

    def _who_has_area(self, companion: str) -> Mask:
        axis, codes = self.axes[companion], self.columns[companion]
        if axis.fact.type != "choice":
            return np.asarray(codes != NOT_APPLICABLE, bool)
        none = axis.encode("none") if "none" in axis.fact.ids else NOT_APPLICABLE
        has_area: Mask = (codes != NOT_APPLICABLE) & (codes != none)
        holds_permit = self._who_holds_permit() if is_area_of_permit(axis.fact) else None
        return has_area if holds_permit is None else has_area & holds_permit

    def _who_holds_permit(self) -> Mask | None:
        permit = next((i for i, axis in self.axes.items() if is_permit_validity(axis.fact)), None)
        return None if permit is None else np.asarray(self.columns[permit] == 1, bool)
