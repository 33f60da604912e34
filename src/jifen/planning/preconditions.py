"""What must hold before a move is begun, asked of facts of which some are not known."""

from collections.abc import Mapping
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.policy.break_points import list_condition_answers
from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.absent_facts import (
    evaluate_combinations,
    find_deciding_facts,
    restrict_to_ranges,
)

FactRange = tuple[Any, Any]
"""A fact from its least to its most; ABSENT twice where nothing is known of it."""


class Precondition:
    """A condition, answered yes, no, or (None) not known."""

    def __init__(self, when: Condition, vocabulary: Vocabulary) -> None:
        self.facts = list_condition_facts(when)
        self._test = when.compile_test()
        self._answers = list_condition_answers(when, vocabulary)

    def is_met(self, ranges: Mapping[str, FactRange]) -> bool | None:
        """True or False where every completion of what is not known gives it; else None."""
        answers = set(self._find_outcomes(ranges).values())
        return answers.pop() if len(answers) == 1 else None

    def find_missing(self, ranges: Mapping[str, FactRange]) -> tuple[str, ...]:
        """The facts that are not known and that the answer depends on."""
        return find_deciding_facts(self._list_unknown(ranges), self._find_outcomes(ranges))

    def _list_unknown(self, ranges: Mapping[str, FactRange]) -> tuple[str, ...]:
        return tuple(
            fact_id
            for fact_id in self.facts
            if ranges[fact_id][0] is ABSENT or ranges[fact_id][0] != ranges[fact_id][1]
        )

    def _find_outcomes(self, ranges: Mapping[str, FactRange]) -> dict[tuple[Any, ...], bool]:
        absent = self._list_unknown(ranges)
        known_values = {
            fact_id: low for fact_id, (low, _) in ranges.items() if fact_id not in absent
        }
        open_ranges = {
            fact_id: ranges[fact_id]
            for fact_id in absent
            if all(isinstance(end, int) and not isinstance(end, bool) for end in ranges[fact_id])
        }
        return evaluate_combinations(
            self._test, known_values, absent, restrict_to_ranges(self._answers, open_ranges)
        )
