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

    def get_track(self, fact_id: str, timed_moves: Sequence[TimedMove] = ()) -> Track:
        """A fact of the city through the days, where some moves are done."""
        fact = self.initial.rules.vocabulary[fact_id]
        relevant = tuple(
            timed_move for timed_move in timed_moves if fact_id in self.affected_facts(timed_move)
        )
        key = (
            fact_id,
            tuple(
                (timed_move.move.id, timed_move.on, timed_move.at_will) for timed_move in relevant
            ),
        )
        if key not in self._tracks:
            unmoved_track = self._track_without_moves(fact, relevant)
            of_the_day, can_give = self.initial.moves.is_of_the_day(fact), self._can_give
            self._tracks[key] = apply_moves(
                unmoved_track, relevant, self.span, can_give, on_the_day=of_the_day
            )
        return self._tracks[key]

    def bound_on_day(
        self, fact_id: str, day: date, timed_moves: Sequence[TimedMove] = ()
    ) -> tuple[Any, Any]:
        """A fact, from its least to its most, as it is asked of something that is done on a day: an
        age is that of the day itself, whenever the measure counts (ABSENT twice: not known)."""
        fact = self.initial.rules.vocabulary[fact_id]
        if is_age(fact):
            return bound_age_on(self.initial, fact, day) or (ABSENT, ABSENT)
        return self.get_track(fact_id, timed_moves).value_on(
            max(bisect_right(self.span.days, day) - 1, 0)
        )

    def _can_give(self, gift: Gift, day: date) -> tuple[bool, bool]:
        """Whether what must hold each time surely, and perhaps, holds on a day (of facts as time
        makes them)."""
        if gift.during is None:
            return True, True
        ranges = {
            fact_id: self.bound_on_day(fact_id, day)
            for fact_id in list_condition_facts(gift.during)
        }
        if any(low is ABSENT for low, _ in ranges.values()):
            return False, True
        compile_test = gift.during.compile_test()
        outcomes = [
            compile_test({fact_id: fact_range[end] for fact_id, fact_range in ranges.items()})
            for end in (0, 1)
        ]
        return all(outcomes), any(outcomes)

    def affected_facts(self, timed_move: TimedMove) -> frozenset[str]:
        """The facts on which a move has any effect."""
        if timed_move.move.id not in self._affected_by_move:
            self._affected_by_move[timed_move.move.id] = frozenset(self._list_affected(timed_move))
        return self._affected_by_move[timed_move.move.id]

    @cached_property
    def _affected_by_move(self) -> dict[str, frozenset[str]]:
        return {}

    def _list_affected(self, timed_move: TimedMove) -> set[str]:
        move, affected = timed_move.move, set(timed_move.move.sets) | set(timed_move.move.starts)
        affected |= {gift.fact for gift in move.gives}
        if move.contribute is not None:
            affected |= self._insurance_facts
        for rule in self.initial.moves.trajectory_rules.values():
            if rule.when and affected & set(list_condition_facts(rule.when)):
                affected.add(rule.fact)
        return affected

    @cached_property
    def _insurance_facts(self) -> set[str]:
        vocabulary, rules = self.initial.rules.vocabulary, self.initial.moves.trajectory_rules
        derived = {
            fact.id
            for fact in vocabulary
            if fact.derive and fact.derive.measure in _INSURANCE_MEASURES
        }
        return derived | {rule.fact for rule in rules.values() if rule.by_insurance}

    def _track_without_moves(self, fact: Fact, timed_moves: Sequence[TimedMove]) -> Track:
        rule = self.initial.moves.trajectory_rules.get(fact.id)
        if fact.derive is not None:
            derived_track = self._track_derived(fact, fact.derive, timed_moves)
            if derived_track is not None:
                return derived_track
        if rule is not None:
            return _TRACK_BY_KIND[rule.kind](self, fact, rule, timed_moves)
        track = constant_track(fact, self.initial.get_value(fact.id), len(self.span.days))
        stops_paying = self.initial.habits.contributes is False
        if fact.id == self.initial.moves.insured_by and stops_paying and not track.has_absent_days:
            return replace_since(track, False, self.span.months > to_month(self.span.on))
        return track

    @cached_property
    def _is_later(self) -> Mask:
        """The days after the first day of the plan."""
        return self.span.ordinals > self.span.on.toordinal()

    def _track_derived(
        self, fact: Fact, derivation: Derivation, timed_moves: Sequence[TimedMove]
    ) -> Track | None:
        """A fact that records, or another fact, give; None where it is as any other."""
        if derivation.measure == "completed_years":
            return self._track_age(fact, derivation)
        if derivation.measure == "records_in_window":
            return self._track_records(fact, derivation)
        if derivation.measure in _INSURANCE_MEASURES:
            return self._track_insurance(fact, derivation, timed_moves)
        if derivation.measure == "permit_months":
            return self._track_permit_months(fact)
        if derivation.measure == "permit_valid" and not self.initial.habits.endorses:
            return self._track_unendorsed(fact)
        return None

    # ------------------------------------------------------------ records

    def _track_age(self, fact: Fact, derivation: Derivation) -> Track:
        born = self.initial.get_value(derivation.source)
        if isinstance(born, date):
            counting_days = [derivation.day_of_years(day) for day in self.span.counting_days]
            years = [max(completed_years(born, day), 0) for day in counting_days]
            return exact_track(fact, np.array(years, np.int32))
        return self._track_years(fact, self.initial.get_value(fact.id))

    def _track_years(self, fact: Fact, value: Any) -> Track:
        """Full years of which the anniversary is not known."""
        if value is ABSENT or value is None:
            return constant_track(fact, value, len(self.span.days))
        derivation = fact.derive
        since = (
            derivation.day_of_years(self.span.first_counting_day)
            if derivation
            else self.span.first_counting_day
        )
        # zero years are of what began after the counting day too
        latest = self.span.on if value == 0 and fact.derive is None else since
        counting_days = [
            derivation.day_of_years(day) if derivation else day for day in self.span.counting_days
        ]
        ends = [bound_years_since(value, since, day, latest) for day in counting_days]
        return bounded_track(fact, *np.array(ends, np.int32).T)

    def _track_records(self, fact: Fact, derivation: Derivation) -> Track:
        days = self.initial.get_value(derivation.source)
        if days is ABSENT:
            return self._track_sliding(fact, self.initial.get_value(fact.id), derivation.window)
        whole_months = self.initial.rules.reference.kind != "on_the_day"
        counts = [
            sum(
                is_in_window(day, derivation.window, counting_day, whole_months=whole_months)
                for day in days or ()
            )
            for counting_day in (self.span.counting_days if days else ())
        ]
        return exact_track(fact, np.array(counts or [0] * len(self.span.days), np.int32))

    def _track_sliding(self, fact: Fact, value: Any, window: int | None) -> Track:
        """An amount that leaves a window on days that are not known."""
        if value is ABSENT or value is None or not value or not window:
            return constant_track(fact, value, len(self.span.days))
        amount = encode_number(fact, value)
        counts_later = self.span.counting_ordinals > self.span.first_counting_day.toordinal()
        left = self.span.elapsed_months(self.span.first_counting_day) >= window
        return bounded_track(fact, np.where(counts_later, 0, amount), np.where(left, 0, amount))

    def _track_insurance(
        self, fact: Fact, derivation: Derivation, timed_moves: Sequence[TimedMove]
    ) -> Track:
        if derivation.measure == "mean_base_ratio":
            return self._track_mean_ratio(fact, derivation, timed_moves)
        return self._track_insured_months(fact, derivation, list_planned_contributions(timed_moves))

    def _track_insured_months(
        self, fact: Fact, derivation: Derivation, planned: tuple[PlannedContribution, ...]
    ) -> Track:
        past = self._get_past_months(fact, derivation)
        variants = [(self._build_insurance(derivation.scheme), past)]
        if self.initial.can_end_before(derivation.scheme):
            variants += [
                (insurance.one_month_sooner, past_months.one_month_sooner)
                for insurance, past_months in variants
            ]
        if derivation.measure == "unbroken_months":
            ranges = [
                insurance.count_unbroken(past_months, planned)
                for insurance, past_months in variants
            ]
        else:
            multiple = derivation.multiple if derivation.measure == "months_at_base" else None
            ranges = [
                insurance.count_within(past_months, derivation.window, multiple, planned)
                for insurance, past_months in variants
            ]
        low, high = zip(*ranges, strict=True)
        track = bounded_track(fact, np.minimum.reduce(low), np.maximum.reduce(high))
        if self.initial.history is not None:
            return track
        return replace_since(
            track, self.initial.get_value(fact.id), ~self._is_later
        )  # a total is that of today

    def _track_mean_ratio(
        self, fact: Fact, derivation: Derivation, timed_moves: Sequence[TimedMove]
    ) -> Track:
        """It stays as long as the run of months does; whoever is insured long enough only later, or
        anew, may get any. While the run is surely too short there is none."""
        value, later = self.initial.get_value(fact.id), self._is_later
        track, run = (
            constant_track(fact, value, len(self.span.days)),
            self._find_unbroken_run(derivation.scheme, timed_moves),
        )
        if run is None:
            return replace_since(track, ABSENT, later) if value is None else track
        window = derivation.window or 0
        insured_anew = np.logical_or.accumulate(run.low < window) if value is not None else later
        track = replace_since(track, ABSENT, later & insured_anew)
        return replace_since(track, None, later & (run.high < window))

    def _find_unbroken_run(
        self, scheme: str | None, timed_moves: Sequence[TimedMove]
    ) -> Track | None:
        """The unbroken months of a scheme; None where nothing is known of them."""
        for fact in self.initial.rules.vocabulary:
            derivation = fact.derive
            if (
                derivation
                and derivation.measure == "unbroken_months"
                and derivation.scheme == scheme
            ):
                is_unknown = (
                    self.initial.history is None and self.initial.get_value(fact.id) is ABSENT
                )
                return None if is_unknown else self.get_track(fact.id, timed_moves)
        return None

    def _build_insurance(self, scheme: str | None) -> InsuranceMonths:
        initial = self.initial
        counts_filing_month = initial.rules.contributions.includes_filing_month
        last_recorded = initial.find_recorded_until(scheme)
        outlook = initial.get_outlook(scheme)
        return InsuranceMonths(
            self.span,
            outlook,
            last_recorded,
            counts_filing_month,
            initial.first_month_counts,
            initial.joint_lags,
        )

    def _get_past_months(self, fact: Fact, derivation: Derivation) -> PastMonths:
        """The months of the records, or of a total: of one that is not known none or all; one that
        does not apply has none."""
        key = (derivation.measure == "months_at_base", derivation.multiple, derivation.scheme)
        history = self.initial.history
        if history is None:
            value, last = self.initial.get_value(fact.id), self.initial.last_recorded
            if value is ABSENT:
                return months_unknown(int(fact.most), last, derivation.window)
            return months_from_total(value or 0, last, derivation.window)
        past_cache = self.initial.past_months
        if key not in past_cache:
            rules = self.initial.rules
            wages = rules.find_series(rules.contributions.series)
            multiple = derivation.multiple if key[0] else None
            last = self.initial.find_recorded_until(derivation.scheme)
            past_cache[key] = months_from_records(history, last, derivation.scheme, multiple, wages)
        return past_cache[key]

    def _track_permit_months(self, fact: Fact) -> Track:
        permit, endorses = self.initial.permit, self.initial.habits.endorses
        if permit is None or permit.issued_on is None:
            permit_valid = self.initial.permit_valid
            value = self.initial.get_value(fact.id)
            constant, grown = (
                self._track_growth(fact, value, growing=grows) for grows in (False, True)
            )
            lapsed = np.where(
                self.span.counts_since(self.span.on) & (constant.low > 0), 0, constant.low
            )
            if permit_valid is ABSENT and endorses:
                return bounded_track(fact, lapsed, grown.high)
            if (
                permit_valid is False
            ):  # it may have lapsed after the day to which the measure counts
                return bounded_track(fact, lapsed, constant.high)
            if permit_valid is True and endorses and value == 0:  # it may be of today
                return bounded_track(fact, self.span.full_months(self.span.on), grown.high)
            return grown if permit_valid is True and endorses else constant
        # one that has lapsed is not endorsed by itself, and one that was made up began anew then
        endorses = endorses and permit.is_valid_on(self.span.on) is not False
        held_since = [
            permit.held_since(min(day, self.span.on) if endorses else day)
            for day in self.span.counting_days
        ]
        months = [
            ABSENT if since is None else count_full_months(since, day)
            for since, day in zip(held_since, self.span.counting_days, strict=True)
        ]
        return exact_track(
            fact, np.array([encode_number(fact, month_count) for month_count in months], np.int32)
        )

    def _track_unendorsed(self, fact: Fact) -> Track:
        permit = self.initial.permit
        if permit is None:
            return constant_track(fact, self.initial.get_value(fact.id), len(self.span.days))
        answers = [permit.is_valid_on(day) for day in self.span.days]
        return answer_track(fact, [ABSENT if answer is None else answer for answer in answers])

    # ------------------------------------------------------------ courses of the file

    def _track_growth(self, fact: Fact, value: Any, *, growing: bool) -> Track:
        constant = constant_track(fact, value, len(self.span.days))
        if not isinstance(value, int) or not growing:
            return constant
        elapsed = np.maximum(self.span.elapsed_months(self.span.first_counting_day), 0)
        return exact_track(fact, constant.low + elapsed)

    def track_accruing(
        self, fact: Fact, rule: TrajectoryRule, timed_moves: Sequence[TimedMove]
    ) -> Track:
        """Months (or years) add up: from more than nought, or while a fact beside it says so."""
        value = self.initial.get_value(fact.id)
        begun = bool(value) or self.initial.has_begun(rule)
        if not isinstance(value, int) or begun is False:
            return constant_track(fact, value, len(self.span.days))
        grown = self._track_added_months(fact, value, rule, timed_moves)
        return grown if begun else bounded_track(fact, np.zeros_like(grown.low), grown.high)

    def _track_added_months(
        self, fact: Fact, value: int, rule: TrajectoryRule, timed_moves: Sequence[TimedMove]
    ) -> Track:
        if fact.type == "years":
            return self._track_years(fact, value)
        if not rule.by_insurance:
            return self._track_growth(fact, value, growing=True)
        low, high = self._build_insurance(None).count_future(
            list_planned_contributions(timed_moves)
        )
        return bounded_track(fact, value + low, value + high)

    def track_sliding(
        self, fact: Fact, rule: TrajectoryRule, timed_moves: Sequence[TimedMove]
    ) -> Track:
        """What was given leaves the window; when, is not known."""
        del timed_moves
        return self._track_sliding(fact, self.initial.get_value(fact.id), rule.window)

    def track_lapsing(
        self, fact: Fact, rule: TrajectoryRule, timed_moves: Sequence[TimedMove]
    ) -> Track:
        """A yes for so many months."""
        del timed_moves
        track = constant_track(fact, self.initial.get_value(fact.id), len(self.span.days))
        if track.value_on(0)[0] is not True:
            return track
        return replace_since(
            track, False, self.span.elapsed_months(self.span.first_counting_day) >= rule.after
        )

    def track_following(
        self, fact: Fact, rule: TrajectoryRule, timed_moves: Sequence[TimedMove]
    ) -> Track:
        """As given, until the condition that it follows comes to say otherwise."""
        given, condition = self.initial.get_value(fact.id), rule.when
        if given is ABSENT or condition is None:
            return constant_track(fact, given, len(self.span.days))
        precondition = Precondition(condition, self.initial.rules.vocabulary)
        tracks = {fact_id: self.get_track(fact_id, timed_moves) for fact_id in precondition.facts}
        initially = precondition.is_met(
            {fact_id: (self.initial.get_value(fact_id),) * 2 for fact_id in tracks}
        )
        answers = [
            precondition.is_met(
                {fact_id: track.value_on(day_number) for fact_id, track in tracks.items()}
            )
            for day_number in range(len(self.span.days))
        ]
        followed = [_follow_condition(given, initially, answer) for answer in answers]
        initial_days = [day_number <= self.span.on for day_number in self.span.days]
        return answer_track(
            fact,
            [
                given if is_initial else answer
                for is_initial, answer in zip(initial_days, followed, strict=True)
            ],
        )


def _follow_condition(given: bool, initially: bool | None, answer: bool | None) -> Any:
    """What was given, until the condition says otherwise than on the first day."""
    if initially is None:
        return given if answer is given else ABSENT
    if answer is None:
        return ABSENT
    return given if answer is initially else answer


_INSURANCE_MEASURES = frozenset(
    {"valid_months", "unbroken_months", "months_at_base", "mean_base_ratio"}
)
_TRACK_BY_KIND = {
    "accrues": Trajectories.track_accruing,
    "slides": Trajectories.track_sliding,
    "lapses": Trajectories.track_lapsing,
    "follows": Trajectories.track_following,
}
