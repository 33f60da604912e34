"""What a run derives: the rules, the day, and which facts come from which register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.fault import FactFault
from jifen.facts.reading_plan import build_reading_plan
from jifen.facts.situation import Situation, examine_facts
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Derivation, Fact

Derivations = tuple[tuple[Fact, Derivation, str], ...]


@dataclass(frozen=True, slots=True)
class DerivationTask:
    """The rules of a day and the derived facts that this run writes, in their order."""

    rules: Rules
    on: date
    derivations: Derivations

    @property
    def counting_day(self) -> date:
        """The day on which the measure counts."""
        return self.rules.reference.day_for(self.on)

    def select_derivations(self, kind: str) -> Derivations:
        """The facts derived from a kind of record or fact."""
        return tuple(entry for entry in self.derivations if entry[2] == kind)

    def examine_person(self, given: Mapping[str, Any]) -> tuple[Situation, list[FactFault]]:
        """What the plain path makes of one person."""
        return examine_facts(self.rules, given, self.on)


def choose_derivations(
    rules: Rules, columns: tuple[str, ...], registers: tuple[str, ...], *, permit: bool
) -> Derivations:
    """The facts that these registers give: contributions always; a permit and a date where the
    table of people has them (`columns`); counts where the dated records cover them (`registers`).
    """

    def is_given(how: Derivation, kind: str) -> bool:
        if kind == "permit":
            return permit
        if kind == "date":
            return how.source in columns
        return kind == "contributions" or (kind == "dates" and how.source in registers)

    return tuple(
        entry for entry in build_reading_plan(rules).derivations if is_given(entry[1], entry[2])
    )
