"""The score through the years if nothing changes: when the line is reached, when it is lost, and
which line of the measure moved at each step. By the plain evaluator, so with every reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from jifen.facts.measures import ABSENT
from jifen.facts.situation import Situation
from jifen.planning.case import PlanCase, Timeline
from jifen.planning.schedule import MoveSet
from jifen.planning.trajectories import Trajectories
from jifen.planning.words import say
from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Basis, Caution
from jifen.policy.text import EMPTY, Text
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment

PointRange = tuple[Decimal, Decimal]
MEASURE_IN_FORCE = say("forecast.measure_in_force")


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact before and after a step, each from its least to its most (ABSENT: not known)."""

    fact: str
    before: tuple[Any, Any]
    after: tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A line of the measure (or a condition, or a veto) that gives something else from a day on.
    Points from least to most; of a condition or veto whether it is met, or stands."""

    id: str
    kind: str
    label: Text
    before: tuple[Any, Any]
    after: tuple[Any, Any]
    facts: tuple[FactChange, ...]
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class UnmetRequirement:
    """A condition that is not met, or a veto that stands (`kind`): surely, or (for want of facts)
    perhaps; and what can be done."""

    id: str
    kind: Literal["condition", "veto"]
    label: Text
    surely: bool
    remedy: Text


@dataclass(frozen=True, slots=True)
class ForecastStep:
    """A day from which on something is different, until the next step: the total from its least to
    its most, whether the line is reached (None: not known), what changed, the points of every line,
    every fact from its least to its most (ABSENT: not known), what the measure says must be read
    by whoever is in this case, what keeps them from the line whatever the points, and the facts of
    which nothing is known and that matter."""

    on: date
    bounds: PointRange
    threshold: Decimal
    reached: bool | None
    eligible: bool | None
    changes: tuple[ItemChange, ...]
    version: str
    line_items: Mapping[str, PointRange]
    facts: Mapping[str, tuple[Any, Any]]
    cautions: tuple[Caution, ...]
    unmet: tuple[UnmetRequirement, ...]
    missing: tuple[str, ...] = ()
    first: bool = False
    in_force: bool = True
    """Not: no measure is known for these days, and what is said of points means nothing."""

    @property
    def is_hindered(self) -> bool:
        """Whether it must be told what keeps them from the line: on the first day, where the points
        alone would do, and where no measure is in force."""
        alone = self.first or not self.in_force or self.bounds[1] >= self.threshold
        return self.reached is not True and alone


@dataclass(frozen=True, slots=True)
class Forecast:
    """`steps` in order, the first on the first day. `reached_on`: the first day surely at the line;
    `perhaps_on`: the first on which it cannot be ruled out; `lost_on`: the first day after
    `reached_on` on which it is surely not there any more; `doubtful_on`: on which it may not be."""

    steps: tuple[ForecastStep, ...]
    last_day: date
    reached_on: date | None
    perhaps_on: date | None
    lost_on: date | None
    doubtful_on: date | None

    @property
    def cautions(self) -> tuple[tuple[date, Caution], ...]:
        """What must be read, each with the first day on which it is so."""
        first: dict[str, tuple[date, Caution]] = {}
        for step in self.steps:
            for caution in step.cautions:
                first.setdefault(caution.id, (step.on, caution))
        return tuple(first.values())

    def step_on(self, day: date) -> ForecastStep:
        """The step that holds on a day."""
        return [step for step in self.steps if step.on <= day][-1]


def forecast_case(
    case: PlanCase, timeline: Timeline | None = None, timed_moves: MoveSet = ()
) -> Forecast:
    """The years of a case; `done` are moves that are made on their days."""
    timeline = timeline or case.build_timeline(timed_moves)
    steps = tuple(_list_steps(timeline, timed_moves))
    reached = next((s.on for s in steps if s.reached), None)
    perhaps = next((s.on for s in steps if s.reached is not False), None)
    later = [s for s in steps if reached is not None and s.on > reached]
    lost = next((s.on for s in later if s.reached is False), None)
    doubtful = next((s.on for s in later if s.reached is not True), None)
    return Forecast(steps, timeline.days[-1], reached, perhaps, lost, doubtful)


def _list_steps(timeline: Timeline, timed_moves: MoveSet) -> Iterator[ForecastStep]:
    before: tuple[Assessment, dict[str, Any]] | None = None
    after_gap = False
    for trajectories in timeline.segments:
        if trajectories.span.no_measure:
            yield _make_void_step(trajectories)
            after_gap = True
            continue
        tracks = {
            i: trajectories.get_track(i, timed_moves) for i in trajectories.initial.rules.used
        }
        changed_facts: dict[int, list[str]] = {0: list(tracks)}
        for day_number in _list_threshold_changes(trajectories):
            changed_facts.setdefault(day_number, [])
        for fact_id, track in tracks.items():
            for day_number in track.list_changes().tolist():
                changed_facts.setdefault(day_number, []).append(fact_id)
        ranges: dict[str, tuple[Any, Any]] = {}
        for day_number in sorted(changed_facts):
            changed = {i: tracks[i].value_on(day_number) for i in changed_facts[day_number]}
            ranges = ranges | changed
            assessment = assess_day(trajectories, day_number, ranges)
            changes = tuple(_list_changes(before, (assessment, ranges))) if before else ()
            if before is None or after_gap or changes or _is_different(before[0], assessment):
                yield replace(_make_step(assessment, changes, ranges), first=before is None)
            before, after_gap = (assessment, ranges), False


def _list_threshold_changes(trajectories: Trajectories) -> list[int]:
    """The numbers of the days on which another line holds than the day before."""
    decision = trajectories.initial.rules.decision
    thresholds = [decision.threshold_on(day) for day in trajectories.span.days]
    return [
        number
        for number in range(1, len(thresholds))
        if thresholds[number] != thresholds[number - 1]
    ]


def _make_void_step(trajectories: Trajectories) -> ForecastStep:
    """Days on which no measure is in force."""
    day, nothing = trajectories.span.days[0], Decimal(0)
    threshold = trajectories.initial.rules.decision.threshold_on(day)
    unmet = (UnmetRequirement("measure", "condition", MEASURE_IN_FORCE, surely=True, remedy=EMPTY),)
    no_points = (nothing, nothing)
    return ForecastStep(
        day, no_points, threshold, False, False, (), "", {}, {}, (), unmet, in_force=False
    )


def assess_day(
    trajectories: Trajectories, day_number: int, ranges: Mapping[str, tuple[Any, Any]]
) -> Assessment:
    """The assessment of a day: what lies between bounds is absent, with its range."""
    day, counting = trajectories.span.days[day_number], trajectories.span.counting_days[day_number]
    known_values = {
        fact_id: low for fact_id, (low, high) in ranges.items() if low == high and low is not ABSENT
    }
    open_ranges = {
        fact_id: (low, high)
        for fact_id, (low, high) in ranges.items()
        if low != high and isinstance(low, int) and isinstance(high, int)
    }
    return score_situation(
        trajectories.initial.rules, Situation(day, counting, known_values, ranges=open_ranges)
    )


def _is_different(before: Assessment, after: Assessment) -> bool:
    """Whether what a step says is not what it was; another version is, though all points stay."""
    first, second = (
        (
            assessment.rules.version,
            assessment.bounds,
            assessment.reached,
            assessment.threshold,
            assessment.cautions,
        )
        for assessment in (before, after)
    )
    return first != second


def _make_step(
    assessment: Assessment, changes: tuple[ItemChange, ...], facts: Mapping[str, tuple[Any, Any]]
) -> ForecastStep:
    return ForecastStep(
        assessment.situation.on,
        assessment.bounds,
        assessment.rules.decision.threshold_on(assessment.situation.on),
        assessment.reached,
        assessment.eligible,
        changes,
        assessment.rules.version,
        {line_item.indicator.id: line_item.bounds for line_item in assessment.lines},
        facts,
        assessment.cautions,
        tuple(_list_unmet(assessment)),
        tuple(i for i in assessment.missing if facts.get(i, _ABSENT_RANGE)[0] is ABSENT),
    )


def _list_unmet(assessment: Assessment) -> Iterator[UnmetRequirement]:
    for requirement, met in assessment.conditions:
        if met is not True:
            surely = met is False
            yield UnmetRequirement(
                requirement.id, "condition", requirement.label, surely, requirement.remedy
            )
    for indicator, stands in assessment.vetoes:
        if stands is not False:
            yield UnmetRequirement(indicator.id, "veto", indicator.label, stands is True, EMPTY)


_AssessedFacts = tuple[Assessment, dict[str, tuple[Any, Any]]]


def _list_changes(before: _AssessedFacts, after: _AssessedFacts) -> Iterator[ItemChange]:
    """Lines, conditions and vetoes that are not what they were."""
    if _is_unchanged(before[0], after[0]):
        return
    results_before, results_after = (_collect_item_results(state[0]) for state in (before, after))
    for key in dict.fromkeys([*results_before, *results_after]):
        nothing = (Decimal(0), Decimal(0)) if key[0] == "line" else (None, None)
        label, old_range, facts, basis = results_before.get(key) or (None, nothing, (), None)
        new_label, new_range, new_facts, new_basis = results_after.get(key) or (
            label,
            nothing,
            facts,
            basis,
        )
        if old_range == new_range:
            continue
        used = dict.fromkeys([*facts, *new_facts])
        fact_changes = tuple(
            FactChange(i, before[1].get(i, _ABSENT_RANGE), after[1].get(i, _ABSENT_RANGE))
            for i in used
            if before[1].get(i, _ABSENT_RANGE) != after[1].get(i, _ABSENT_RANGE)
        )
        shown_label = new_label or label or Text(key[1], key[1])
        yield ItemChange(
            key[1], key[0], shown_label, old_range, new_range, fact_changes, new_basis or basis
        )


def _is_unchanged(before: Assessment, after: Assessment) -> bool:
    """Whether every line, condition and veto is as it was: most days change nothing."""
    if before.rules is not after.rules:
        return False
    line_pairs = zip(before.lines, after.lines, strict=True)
    if any(a.scaled_low != b.scaled_low or a.scaled_high != b.scaled_high for a, b in line_pairs):
        return False
    met = [[c.met for c in assessment.conditions] for assessment in (before, after)]
    vetoes = [[answer for _, answer in assessment.vetoes] for assessment in (before, after)]
    return met[0] == met[1] and vetoes[0] == vetoes[1]


_ABSENT_RANGE = (ABSENT, ABSENT)
_ItemResults = dict[tuple[str, str], tuple[Text, tuple[Any, Any], tuple[str, ...], Basis]]


def _collect_item_results(assessment: Assessment) -> _ItemResults:
    results: _ItemResults = {}
    for line_item in assessment.lines:
        indicator = line_item.indicator
        point_range = line_item.bounds
        results["line", indicator.id] = (
            indicator.label,
            point_range,
            line_item.used,
            indicator.basis,
        )
    for requirement, met in assessment.conditions:
        used = list_condition_facts(requirement.when)
        results["condition", requirement.id] = (
            requirement.label,
            (met, met),
            used,
            requirement.basis,
        )
    for indicator, stands in assessment.vetoes:
        used = list_condition_facts(indicator.mechanism.when)  # type: ignore[attr-defined]
        results["veto", indicator.id] = indicator.label, (stands, stands), used, indicator.basis
    return results
