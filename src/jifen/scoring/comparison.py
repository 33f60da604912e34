"""One person under several cities or versions, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.fault import FactFault, FactsError
from jifen.facts.situation import examine_facts
from jifen.policy.catalogue import POLICY
from jifen.policy.fault import Place
from jifen.policy.model import Rules
from jifen.policy.policy import Policy, unknown_reading_error
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment
from jifen.scoring.result_status import ResultStatus

SCHEMA = "jifen.comparison.v1"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The assessments, in the order asked for. `set_aside` names, for each, the facts whose
    answer only another of the cities knows (an award of one city, say): unknown here.
    """

    on: date
    assessments: tuple[Assessment, ...]
    set_aside: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return f"<Comparison on {self.on}: {', '.join(map(repr, self.assessments))}>"

    def _repr_html_(self) -> str:
        return "".join(assessment._repr_html_() for assessment in self.assessments)

    def to_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """The JSON result, schema jifen.comparison.v1: assessments as in jifen.assessment.v1."""
        return {
            "schema": SCHEMA,
            "on": self.on.isoformat(),
            "assessments": [assessment.to_dict(lang) for assessment in self.assessments],
            "set_aside": [list(facts) for facts in self.set_aside],
        }


def compare(
    policies: Sequence[Policy],
    facts: Mapping[str, Any],
    on: date,
    *,
    readings: Mapping[str, str] | None = None,
    places: dict[str, Place] | None = None,
    lang: Lang = "zh",
    also_named: Sequence[Vocabulary] = (),
) -> Comparison:
    """Score one person under each policy. `also_named` are the facts of cities that were asked for
    and have no measure on that day. Raises FactsError for facts that no city named knows, and
    PolicyError for a reading that no policy has."""
    _refuse_unknown_readings(policies, readings or {})
    rules = [
        policy.rules_on(on, _readings_of_policy(policy, readings or {})) for policy in policies
    ]
    known = {fact_id for ruleset in rules for fact_id in ruleset.vocabulary.ids}
    known |= {fact_id for vocabulary in also_named for fact_id in vocabulary.ids}
    examined = [examine_facts(ruleset, facts, on, known)[1] for ruleset in rules]
    assessments, set_aside, faults = [], [], dict[tuple[str, str], FactFault]()
    for ruleset, fact_faults in zip(rules, examined, strict=True):
        elsewhere = tuple(
            dict.fromkeys(f.fact for f in fact_faults if is_known_to_other_city(f, rules, examined))
        )
        faults |= {(f.path, f.code): f for f in fact_faults if f.fact not in elsewhere}
        facts_known_here = {
            fact_id: value for fact_id, value in facts.items() if fact_id not in elsewhere
        }
        assessments.append(
            score_situation(ruleset, examine_facts(ruleset, facts_known_here, on, known)[0])
        )
        set_aside.append(elsewhere)
    if faults:
        raise FactsError(faults.values(), places, lang)
    return Comparison(on, tuple(assessments), tuple(set_aside))


def order_by_distance(results: Sequence[tuple[str, ResultStatus]]) -> list[int]:
    """In which order results (each with its city) are shown: the city whose own line is nearest
    first, by the points that are sure; then cities without a line, then those that refuse the
    person. The versions of a city stay together, as they were asked for."""
    cities = [city for city, _ in results]
    nearest = {city: min(_measure_distance(s) for c, s in results if c == city) for city in cities}
    numbers = range(len(results))
    return sorted(numbers, key=lambda n: (nearest[cities[n]], cities.index(cities[n]), n))


def _measure_distance(status: ResultStatus) -> tuple[int, Decimal]:
    if status.is_barred:
        return 2, Decimal(0)
    if status.threshold is None:
        return 1, Decimal(0)
    return 0, status.threshold - status.range[0]


def _readings_of_policy(policy: Policy, readings: Mapping[str, str]) -> dict[str, str]:
    """Readings of switches that this policy has."""
    known = policy.choices
    return {switch_id: reading for switch_id, reading in readings.items() if switch_id in known}


def _refuse_unknown_readings(policies: Sequence[Policy], readings: Mapping[str, str]) -> None:
    known = {choice for policy in policies for choice in policy.choices}
    for switch_id in readings:
        if switch_id not in known:
            raise unknown_reading_error(
                "comparison", switch_id, POLICY.format_phrase("switch"), tuple(sorted(known))
            )


def is_known_to_other_city(
    fault: FactFault, rules: Sequence[Rules], examined: Sequence[list[FactFault]]
) -> bool:
    """Whether this is an answer that another of the cities knows."""
    if fault.code != "JF-F002":
        return False
    return any(
        fault.fact in ruleset.vocabulary and all(f.fact != fault.fact for f in fact_faults)
        for ruleset, fact_faults in zip(rules, examined, strict=True)
    )
