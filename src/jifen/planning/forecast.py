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
from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Basis, Caution
from jifen.policy.text import EMPTY, Text
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment

PointRange = tuple[Decimal, Decimal]
MEASURE_IN_FORCE = Text("有施行中的办法", "a measure that is in force")


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


def forecast_case(case: PlanCase, timeline: Timeline | None = None, done: MoveSet = ()) -> Forecast:
    """The years of a case; `done` are moves that are made on their days."""
    timeline = timeline or case.build_timeline(done)
    steps = tuple(_list_steps(timeline, done))
    reached = next((s.on for s in steps if s.reached), None)
    perhaps = next((s.on for s in steps if s.reached is not False), None)
    later = [s for s in steps if reached is not None and s.on > reached]
    lost = next((s.on for s in later if s.reached is False), None)
    doubtful = next((s.on for s in later if s.reached is not True), None)
    return Forecast(steps, timeline.days[-1], reached, perhaps, lost, doubtful)


def _list_steps(timeline: Timeline, done: MoveSet) -> Iterator[ForecastStep]:
    before: tuple[Assessment, dict[str, Any]] | None = None
    again = False
    for courses in timeline.segments:
        if courses.span.no_measure:
            yield _make_void_step(courses)
            again = True
            continue
        tracks = {i: courses.get_track(i, done) for i in courses.initial.rules.used}
        turning = {int(n) for track in tracks.values() for n in track.list_changes()}
        lines = [courses.initial.rules.decision.threshold_on(day) for day in courses.span.days]
        turning |= {n for n in range(1, len(lines)) if lines[n] != lines[n - 1]}
        for number in sorted({0, *turning}):
            ends = {ident: track.value_on(number) for ident, track in tracks.items()}
            found = assess_day(courses, number, ends)
            changes = tuple(_list_changes(before, (found, ends))) if before else ()
            if before is None or again or changes or _is_different(before[0], found):
                yield replace(_make_step(found, changes, ends), first=before is None)
            before, again = (found, ends), False


def _make_void_step(courses: Trajectories) -> ForecastStep:
    """Days on which no measure is in force."""
    day, nothing = courses.span.days[0], Decimal(0)
    line = courses.initial.rules.decision.threshold_on(day)
    unmet = (UnmetRequirement("measure", "condition", MEASURE_IN_FORCE, surely=True, remedy=EMPTY),)
    ends = (nothing, nothing)
    return ForecastStep(day, ends, line, False, False, (), "", {}, {}, (), unmet, in_force=False)


def assess_day(
    courses: Trajectories, number: int, ends: Mapping[str, tuple[Any, Any]]
) -> Assessment:
    """The assessment of a day: what lies between bounds is absent, with its range."""
    day, counting = courses.span.days[number], courses.span.counting_days[number]
    known = {ident: low for ident, (low, high) in ends.items() if low == high and low is not ABSENT}
    ranges = {
        ident: (low, high)
        for ident, (low, high) in ends.items()
        if low != high and isinstance(low, int) and isinstance(high, int)
    }
    return score_situation(courses.initial.rules, Situation(day, counting, known, ranges=ranges))


def _is_different(before: Assessment, after: Assessment) -> bool:
    """Whether what a step says is not what it was; another version is, though all points stay."""
    first, second = (
        (found.rules.version, found.bounds, found.reached, found.threshold, found.cautions)
        for found in (before, after)
    )
    return first != second


def _make_step(
    found: Assessment, changes: tuple[ItemChange, ...], facts: Mapping[str, tuple[Any, Any]]
) -> ForecastStep:
    return ForecastStep(
        found.situation.on,
        found.bounds,
        found.rules.decision.threshold_on(found.situation.on),
        found.reached,
        found.eligible,
        changes,
        found.rules.version,
        {one.indicator.id: one.bounds for one in found.lines},
        facts,
        found.cautions,
        tuple(_list_unmet(found)),
        tuple(i for i in found.missing if facts.get(i, _ABSENT_RANGE)[0] is ABSENT),
    )


def _list_unmet(found: Assessment) -> Iterator[UnmetRequirement]:
    for requirement, met in found.conditions:
        if met is not True:
            surely = met is False
            yield UnmetRequirement(
                requirement.id, "condition", requirement.label, surely, requirement.remedy
            )
    for indicator, stands in found.vetoes:
        if stands is not False:
            yield UnmetRequirement(indicator.id, "veto", indicator.label, stands is True, EMPTY)


_AssessedFacts = tuple[Assessment, dict[str, tuple[Any, Any]]]


def _list_changes(before: _AssessedFacts, after: _AssessedFacts) -> Iterator[ItemChange]:
    """Lines, conditions and vetoes that are not what they were."""
    if _is_unchanged(before[0], after[0]):
        return
    was, now = (_collect_item_results(state[0]) for state in (before, after))
    for key in dict.fromkeys([*was, *now]):
        nothing = (Decimal(0), Decimal(0)) if key[0] == "line" else (None, None)
        label, a, facts, basis = was.get(key) or (None, nothing, (), None)
        new_label, b, new_facts, new_basis = now.get(key) or (label, nothing, facts, basis)
        if a == b:
            continue
        used = dict.fromkeys([*facts, *new_facts])
        moved = tuple(
            FactChange(i, before[1].get(i, _ABSENT_RANGE), after[1].get(i, _ABSENT_RANGE))
            for i in used
            if before[1].get(i, _ABSENT_RANGE) != after[1].get(i, _ABSENT_RANGE)
        )
        shown = new_label or label or Text(key[1], key[1])
        yield ItemChange(key[1], key[0], shown, a, b, moved, new_basis or basis)


def _is_unchanged(before: Assessment, after: Assessment) -> bool:
    """Whether every line, condition and veto is as it was: most days change nothing."""
    if before.rules is not after.rules:
        return False
    lines = zip(before.lines, after.lines, strict=True)
    if any(a.scaled_low != b.scaled_low or a.scaled_high != b.scaled_high for a, b in lines):
        return False
    met = [[c.met for c in found.conditions] for found in (before, after)]
    stand = [[answer for _, answer in found.vetoes] for found in (before, after)]
    return met[0] == met[1] and stand[0] == stand[1]


_ABSENT_RANGE = (ABSENT, ABSENT)
_ItemResults = dict[tuple[str, str], tuple[Text, tuple[Any, Any], tuple[str, ...], Basis]]


def _collect_item_results(found: Assessment) -> _ItemResults:
    told: _ItemResults = {}
    for line in found.lines:
        one = line.indicator
        ends = line.bounds
        told["line", one.id] = one.label, ends, line.used, one.basis
    for requirement, met in found.conditions:
        used = list_condition_facts(requirement.when)
        told["condition", requirement.id] = requirement.label, (met, met), used, requirement.basis
    for indicator, stands in found.vetoes:
        used = list_condition_facts(indicator.mechanism.when)  # type: ignore[attr-defined]
        told["veto", indicator.id] = indicator.label, (stands, stands), used, indicator.basis
    return told
