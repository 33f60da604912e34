"""A sample of the people scored again with the plain evaluator, in production as in the tests."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from heapq import heappush, heappushpop
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.policy.policy import Policy
from jifen.scoring.evaluator import assess
from jifen.scoring.population.columns import ColumnPlan, name_not_applicable_column
from jifen.scoring.population.scorer import build_counting_rule
from jifen.scoring.population.source_columns import build_value_reader, is_month_of_birth
from jifen.scoring.result import Assessment

_ANSWERS = ("total", "eligible", "vetoed", "reached")


class Disagreement(RuntimeError):
    """The kernel and the plain evaluator gave one person different results."""


class CheckSample:
    """`size` people drawn evenly from the whole file, whatever its parts: those with the smallest
    scrambled row numbers."""

    def __init__(
        self,
        size: int,
        policy: Policy,
        on: date,
        readings: Mapping[str, str],
        plan: ColumnPlan,
    ) -> None:
        self._size, self._policy, self._on = size, policy, on
        self._readings, self._plan = readings, plan
        self._counting = build_counting_rule(policy.rules_on(on, readings), on)
        self._drawn: list[tuple[int, int, dict[str, Any], dict[str, Any]]] = []

    def __len__(self) -> int:
        return len(self._drawn)

    def draw_from(self, people: pa.Table, results: pa.Table, before: int) -> None:
        """Draw from a part that begins after so many people."""
        if not self._size or not people.num_rows:
            return
        keys = _scramble_row_numbers(np.arange(before, before + people.num_rows, dtype=np.uint64))
        smallest = np.argsort(keys, kind="stable")[: self._size]
        for row in smallest.tolist():
            if len(self._drawn) == self._size and -int(keys[row]) < self._drawn[0][0]:
                break
            sampled_rows = people.slice(row, 1).to_pylist()[0], results.slice(row, 1).to_pylist()[0]
            push = heappush if len(self._drawn) < self._size else heappushpop
            push(self._drawn, (-int(keys[row]), before + row, *sampled_rows))

    def compare_scores(self) -> None:
        """Score them one by one. Raises Disagreement with the first that differs."""
        for _, row, person, result in self._drawn:
            if result["total"] is None and result.get("total_least", 0) is None:
                continue  # a value could not be used: there is nothing to compare
            assessment = assess(
                self._policy, self._facts_of_row(person), self._on, readings=self._readings
            )
            self._refuse_difference(row, assessment, result)

    def _facts_of_row(self, person: Mapping[str, Any]) -> dict[str, Any]:
        """A row as facts: null is absent, the flag beside a fact says that it does not apply."""
        facts = {name: value for name, value in self._plan.assumed.items() if value is not ...}
        for fact_id, columns in self._plan.sources.items():
            for column in columns:
                fact = self._policy.vocabulary[fact_id]
                if is_month_of_birth(fact, person[column]):  # it gives the age, and no date
                    facts[fact_id] = build_value_reader(fact, column, self._counting)(
                        person[column]
                    )
                    continue
                if person.get(name_not_applicable_column(column)):
                    facts[fact_id] = None
                if person[column] is not None:
                    facts[column.rpartition(".")[2]] = person[column]
        return facts

    def _refuse_difference(
        self, row: int, assessment: Assessment, result: Mapping[str, Any]
    ) -> None:
        total = assessment.total
        expected = (total, assessment.eligible, assessment.vetoed, assessment.reached)
        actual = tuple(result[name] for name in _ANSWERS)
        lines = {line.indicator.id: line for line in assessment.lines}
        different = [] if expected == actual else ["total"]
        for indicator_id, line in lines.items():
            points = result.get(f"points_{indicator_id}", ...)
            if points is not ... and points != _definite_points(
                assessment, line.scaled_low, line.scaled_high
            ):
                different.append(indicator_id)
        if different:
            raise Disagreement(
                f"row {row}: the kernel gives {actual}, the plain evaluator {expected} "
                f"(different: {', '.join(different)}). Nothing was written; please report this."
            )


def _definite_points(assessment: Assessment, low: int, high: int) -> Decimal | None:
    return assessment.points(low) if low == high else None


def _scramble_row_numbers(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Row numbers in an order without pattern (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))
