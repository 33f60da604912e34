"""What time makes of the facts of a person if nothing changes, and what finished moves add."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from jifen.facts.measures import ABSENT, is_in_window
from jifen.facts.permit import count_full_months
from jifen.planning.ages import bound_age_on, bound_years_since
from jifen.planning.days import DaySpan, Mask
from jifen.planning.effects import TimedMove, apply_moves, list_planned_contributions
from jifen.planning.initial_state import InitialState
from jifen.planning.insurance_months import (
    InsuranceMonths,
    PastMonths,
    PlannedContribution,
    months_from_records,
    months_from_total,
    months_unknown,
)
from jifen.planning.model import Gift, TrajectoryRule
from jifen.planning.population_answers import is_age
from jifen.planning.preconditions import Precondition
from jifen.planning.tracks import (
    Track,
    answer_track,
    bounded_track,
    constant_track,
    encode_number,
    exact_track,
    replace_since,
)
from jifen.policy.condition import list_condition_facts
from jifen.policy.months import completed_years, to_month
from jifen.policy.vocabulary import Derivation, Fact

TrackKey = tuple[str, tuple[tuple[str, date, bool], ...]]


@dataclass(eq=False)
class Trajectories:
    """The facts of a person through the days of a span. `track(fact, done)` gives one, with the
    moves that are done and their days; each is worked out once."""

    initial: InitialState
    span: DaySpan
    _tracks: dict[TrackKey, Track] = field(default_factory=dict)

    def get_track(self, ident: str, done: Sequence[TimedMove] = ()) -> Track:
        """A fact of the city through the days, where some moves are done."""
        fact = self.initial.rules.vocabulary[ident]
        relevant = tuple(one for one in done if ident in self.affected_facts(one))
        key = (ident, tuple((one.move.id, one.on, one.at_will) for one in relevant))
        if key not in self._tracks:
            plain = self._track_without_moves(fact, relevant)
            today, may = self.initial.moves.is_of_the_day(fact), self._can_give
            self._tracks[key] = apply_moves(plain, relevant, self.span, may, on_the_day=today)
        return self._tracks[key]

    def bound_on_day(
        self, ident: str, day: date, done: Sequence[TimedMove] = ()
    ) -> tuple[Any, Any]:
        """A fact, from its least to its most, as it is asked of something that is done on a day: an
        age is that of the day itself, whenever the measure counts (ABSENT twice: not known)."""
        fact = self.initial.rules.vocabulary[ident]
        if is_age(fact):
            return bound_age_on(self.initial, fact, day) or (ABSENT, ABSENT)
        return self.get_track(ident, done).value_on(max(bisect_right(self.span.days, day) - 1, 0))

    def _can_give(self, gift: Gift, day: date) -> tuple[bool, bool]:
        """Whether what must hold each time surely, and perhaps, holds on a day (of facts as time
        makes them)."""
        if gift.during is None:
            return True, True
        ends = {ident: self.bound_on_day(ident, day) for ident in list_condition_facts(gift.during)}
        if any(low is ABSENT for low, _ in ends.values()):
            return False, True
        test = gift.during.compile_test()
        both = [test({ident: pair[end] for ident, pair in ends.items()}) for end in (0, 1)]
        return all(both), any(both)

    def affected_facts(self, one: TimedMove) -> frozenset[str]:
        """The facts on which a move has any effect."""
        if one.move.id not in self._affected_by_move:
            self._affected_by_move[one.move.id] = frozenset(self._list_affected(one))
        return self._affected_by_move[one.move.id]

    @cached_property
    def _affected_by_move(self) -> dict[str, frozenset[str]]:
        return {}

    def _list_affected(self, one: TimedMove) -> set[str]:
        move, found = one.move, set(one.move.sets) | set(one.move.starts)
        found |= {gift.fact for gift in move.gives}
        if move.contribute is not None:
            found |= self._insurance_facts
        for course in self.initial.moves.trajectory_rules.values():
            if course.when and found & set(list_condition_facts(course.when)):
                found.add(course.fact)
        return found

    @cached_property
    def _insurance_facts(self) -> set[str]:
        vocabulary, courses = self.initial.rules.vocabulary, self.initial.moves.trajectory_rules
        derived = {f.id for f in vocabulary if f.derive and f.derive.measure in _INSURANCE_MEASURES}
        return derived | {course.fact for course in courses.values() if course.by_insurance}

    def _track_without_moves(self, fact: Fact, done: Sequence[TimedMove]) -> Track:
        course = self.initial.moves.trajectory_rules.get(fact.id)
        if fact.derive is not None:
            found = self._track_derived(fact, fact.derive, done)
            if found is not None:
                return found
        if course is not None:
            return _TRACK_BY_KIND[course.kind](self, fact, course, done)
        now = constant_track(fact, self.initial.get_value(fact.id), len(self.span.days))
        stops = self.initial.habits.contributes is False
        if fact.id == self.initial.moves.insured_by and stops and not now.has_absent_days:
            return replace_since(now, False, self.span.months > to_month(self.span.on))
        return now

    @cached_property
    def _is_later(self) -> Mask:
        """The days after the first day of the plan."""
        return self.span.ordinals > self.span.on.toordinal()

    def _track_derived(
        self, fact: Fact, how: Derivation, done: Sequence[TimedMove]
    ) -> Track | None:
        """A fact that records, or another fact, give; None where it is as any other."""
        if how.measure == "completed_years":
            return self._track_age(fact, how)
        if how.measure == "records_in_window":
            return self._track_records(fact, how)
        if how.measure in _INSURANCE_MEASURES:
            return self._track_insurance(fact, how, done)
        if how.measure == "permit_months":
            return self._track_permit_months(fact)
        if how.measure == "permit_valid" and not self.initial.habits.endorses:
            return self._track_unendorsed(fact)
        return None

    # ------------------------------------------------------------ records

    def _track_age(self, fact: Fact, how: Derivation) -> Track:
        born = self.initial.get_value(how.source)
        if isinstance(born, date):
            counted = [how.day_of_years(day) for day in self.span.counting_days]
            years = [max(completed_years(born, day), 0) for day in counted]
            return exact_track(fact, np.array(years, np.int32))
        return self._track_years(fact, self.initial.get_value(fact.id))

    def _track_years(self, fact: Fact, value: Any) -> Track:
        """Full years of which the anniversary is not known."""
        if value is ABSENT or value is None:
            return constant_track(fact, value, len(self.span.days))
        how = fact.derive
        since = (
            how.day_of_years(self.span.first_counting_day) if how else self.span.first_counting_day
        )
        # zero years are of what began after the counting day too
        latest = self.span.on if value == 0 and fact.derive is None else since
        counted = [how.day_of_years(day) if how else day for day in self.span.counting_days]
        ends = [bound_years_since(value, since, day, latest) for day in counted]
        return bounded_track(fact, *np.array(ends, np.int32).T)

    def _track_records(self, fact: Fact, how: Derivation) -> Track:
        days = self.initial.get_value(how.source)
        if days is ABSENT:
            return self._track_sliding(fact, self.initial.get_value(fact.id), how.window)
        whole = self.initial.rules.reference.kind != "on_the_day"
        found = [
            sum(is_in_window(day, how.window, at, whole_months=whole) for day in days or ())
            for at in (self.span.counting_days if days else ())
        ]
        return exact_track(fact, np.array(found or [0] * len(self.span.days), np.int32))

    def _track_sliding(self, fact: Fact, value: Any, window: int | None) -> Track:
        """An amount that leaves a window on days that are not known."""
        if value is ABSENT or value is None or not value or not window:
            return constant_track(fact, value, len(self.span.days))
        held = encode_number(fact, value)
        moved = self.span.counting_ordinals > self.span.first_counting_day.toordinal()
        left = self.span.elapsed_months(self.span.first_counting_day) >= window
        return bounded_track(fact, np.where(moved, 0, held), np.where(left, 0, held))

    def _track_insurance(self, fact: Fact, how: Derivation, done: Sequence[TimedMove]) -> Track:
        if how.measure == "mean_base_ratio":
            return self._track_mean_ratio(fact, how, done)
        return self._track_insured_months(fact, how, list_planned_contributions(done))

    def _track_insured_months(
        self, fact: Fact, how: Derivation, raised: tuple[PlannedContribution, ...]
    ) -> Track:
        past = self._get_past_months(fact, how)
        ways = [(self._build_insurance(how.scheme), past)]
        if self.initial.can_end_before(how.scheme):
            ways += [(one.one_month_sooner, held.one_month_sooner) for one, held in ways]
        if how.measure == "unbroken_months":
            ends = [insurance.count_unbroken(held, raised) for insurance, held in ways]
        else:
            multiple = how.multiple if how.measure == "months_at_base" else None
            ends = [one.count_within(held, how.window, multiple, raised) for one, held in ways]
        low, high = zip(*ends, strict=True)
        found = bounded_track(fact, np.minimum.reduce(low), np.maximum.reduce(high))
        if self.initial.history is not None:
            return found
        return replace_since(
            found, self.initial.get_value(fact.id), ~self._is_later
        )  # a total is that of today

    def _track_mean_ratio(self, fact: Fact, how: Derivation, done: Sequence[TimedMove]) -> Track:
        """It stays as long as the run of months does; whoever is insured long enough only later, or
        anew, may get any. While the run is surely too short there is none."""
        value, later = self.initial.get_value(fact.id), self._is_later
        now, run = (
            constant_track(fact, value, len(self.span.days)),
            self._find_unbroken_run(how.scheme, done),
        )
        if run is None:
            return replace_since(now, ABSENT, later) if value is None else now
        window = how.window or 0
        anew = np.logical_or.accumulate(run.low < window) if value is not None else later
        now = replace_since(now, ABSENT, later & anew)
        return replace_since(now, None, later & (run.high < window))

    def _find_unbroken_run(self, scheme: str | None, done: Sequence[TimedMove]) -> Track | None:
        """The unbroken months of a scheme; None where nothing is known of them."""
        for fact in self.initial.rules.vocabulary:
            how = fact.derive
            if how and how.measure == "unbroken_months" and how.scheme == scheme:
                untold = self.initial.history is None and self.initial.get_value(fact.id) is ABSENT
                return None if untold else self.get_track(fact.id, done)
        return None

    def _build_insurance(self, scheme: str | None) -> InsuranceMonths:
        start = self.initial
        filing = start.rules.contributions.includes_filing_month
        recorded = start.find_recorded_until(scheme)
        outlook = start.get_outlook(scheme)
        return InsuranceMonths(
            self.span, outlook, recorded, filing, start.first_month_counts, start.joint_lags
        )

    def _get_past_months(self, fact: Fact, how: Derivation) -> PastMonths:
        """The months of the records, or of a total: of one that is not known none or all; one that
        does not apply has none."""
        key = (how.measure == "months_at_base", how.multiple, how.scheme)
        history = self.initial.history
        if history is None:
            value, last = self.initial.get_value(fact.id), self.initial.last_recorded
            if value is ABSENT:
                return months_unknown(int(fact.most), last, how.window)
            return months_from_total(value or 0, last, how.window)
        pasts = self.initial.past_months
        if key not in pasts:
            rules = self.initial.rules
            wages = rules.find_series(rules.contributions.series)
            multiple = how.multiple if key[0] else None
            last = self.initial.find_recorded_until(how.scheme)
            pasts[key] = months_from_records(history, last, how.scheme, multiple, wages)
        return pasts[key]

    def _track_permit_months(self, fact: Fact) -> Track:
        permit, kept = self.initial.permit, self.initial.habits.endorses
        if permit is None or permit.issued_on is None:
            valid = self.initial.permit_valid
            value = self.initial.get_value(fact.id)
            still, grown = (
                self._track_growth(fact, value, growing=grows) for grows in (False, True)
            )
            gone = np.where(self.span.counts_since(self.span.on) & (still.low > 0), 0, still.low)
            if valid is ABSENT and kept:
                return bounded_track(fact, gone, grown.high)
            if valid is False:  # it may have lapsed after the day to which the measure counts
                return bounded_track(fact, gone, still.high)
            if valid is True and kept and value == 0:  # it may be of today
                return bounded_track(fact, self.span.full_months(self.span.on), grown.high)
            return grown if valid is True and kept else still
        # one that has lapsed is not endorsed by itself, and one that was made up began anew then
        kept = kept and permit.is_valid_on(self.span.on) is not False
        held = [
            permit.held_since(min(day, self.span.on) if kept else day)
            for day in self.span.counting_days
        ]
        months = [
            ABSENT if one is None else count_full_months(one, day)
            for one, day in zip(held, self.span.counting_days, strict=True)
        ]
        return exact_track(fact, np.array([encode_number(fact, m) for m in months], np.int32))

    def _track_unendorsed(self, fact: Fact) -> Track:
        permit = self.initial.permit
        if permit is None:
            return constant_track(fact, self.initial.get_value(fact.id), len(self.span.days))
        answers = [permit.is_valid_on(day) for day in self.span.days]
        return answer_track(fact, [ABSENT if answer is None else answer for answer in answers])

    # ------------------------------------------------------------ courses of the file

    def _track_growth(self, fact: Fact, value: Any, *, growing: bool) -> Track:
        now = constant_track(fact, value, len(self.span.days))
        if not isinstance(value, int) or not growing:
            return now
        more = np.maximum(self.span.elapsed_months(self.span.first_counting_day), 0)
        return exact_track(fact, now.low + more)

    def track_accruing(
        self, fact: Fact, course: TrajectoryRule, done: Sequence[TimedMove]
    ) -> Track:
        """Months (or years) add up: from more than nought, or while a fact beside it says so."""
        value = self.initial.get_value(fact.id)
        begun = bool(value) or self.initial.has_begun(course)
        if not isinstance(value, int) or begun is False:
            return constant_track(fact, value, len(self.span.days))
        grown = self._track_added_months(fact, value, course, done)
        return grown if begun else bounded_track(fact, np.zeros_like(grown.low), grown.high)

    def _track_added_months(
        self, fact: Fact, value: int, course: TrajectoryRule, done: Sequence[TimedMove]
    ) -> Track:
        if fact.type == "years":
            return self._track_years(fact, value)
        if not course.by_insurance:
            return self._track_growth(fact, value, growing=True)
        low, high = self._build_insurance(None).count_future(list_planned_contributions(done))
        return bounded_track(fact, value + low, value + high)

    def track_sliding(self, fact: Fact, course: TrajectoryRule, done: Sequence[TimedMove]) -> Track:
        """What was given leaves the window; when, is not known."""
        del done
        return self._track_sliding(fact, self.initial.get_value(fact.id), course.window)

    def track_lapsing(self, fact: Fact, course: TrajectoryRule, done: Sequence[TimedMove]) -> Track:
        """A yes for so many months."""
        del done
        now = constant_track(fact, self.initial.get_value(fact.id), len(self.span.days))
        if now.value_on(0)[0] is not True:
            return now
        return replace_since(
            now, False, self.span.elapsed_months(self.span.first_counting_day) >= course.after
        )

    def track_following(
        self, fact: Fact, course: TrajectoryRule, done: Sequence[TimedMove]
    ) -> Track:
        """As given, until the condition that it follows comes to say otherwise."""
        given, when = self.initial.get_value(fact.id), course.when
        if given is ABSENT or when is None:
            return constant_track(fact, given, len(self.span.days))
        need = Precondition(when, self.initial.rules.vocabulary)
        tracks = {ident: self.get_track(ident, done) for ident in need.facts}
        first = need.is_met({ident: (self.initial.get_value(ident),) * 2 for ident in tracks})
        then = [
            need.is_met({ident: track.value_on(day) for ident, track in tracks.items()})
            for day in range(len(self.span.days))
        ]
        followed = [_follow_condition(given, first, answer) for answer in then]
        today = [day <= self.span.on for day in self.span.days]
        return answer_track(
            fact, [given if now else one for now, one in zip(today, followed, strict=True)]
        )


def _follow_condition(given: bool, first: bool | None, then: bool | None) -> Any:
    """What was given, until the condition says otherwise than on the first day."""
    if first is None:
        return given if then is given else ABSENT
    if then is None:
        return ABSENT
    return given if then is first else then


_INSURANCE_MEASURES = frozenset(
    {"valid_months", "unbroken_months", "months_at_base", "mean_base_ratio"}
)
_TRACK_BY_KIND = {
    "accrues": Trajectories.track_accruing,
    "slides": Trajectories.track_sliding,
    "lapses": Trajectories.track_lapsing,
    "follows": Trajectories.track_following,
}
