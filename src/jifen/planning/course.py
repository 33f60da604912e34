"""What time makes of the facts of a person if nothing changes, and what finished moves add."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from jifen.facts.measures import ABSENT, in_window
from jifen.facts.permit import full_months
from jifen.planning.ages import age_on, years_since
from jifen.planning.asked import is_age
from jifen.planning.days import Mask, Span
from jifen.planning.effects import Done, paying, with_moves
from jifen.planning.insured import Insurance, Past, Paying, recorded, totalled, unknown
from jifen.planning.model import Course, Gift
from jifen.planning.needs import Need
from jifen.planning.start import Start
from jifen.planning.track import (
    Track,
    became,
    between,
    exactly,
    number,
    said,
    stays,
)
from jifen.policy.condition import list_condition_facts
from jifen.policy.months import completed_years, to_month
from jifen.policy.vocabulary import Derivation, Fact

Key = tuple[str, tuple[tuple[str, date, bool], ...]]


@dataclass(eq=False)
class Courses:
    """The facts of a person through the days of a span. `track(fact, done)` gives one, with the
    moves that are done and their days; each is worked out once."""

    start: Start
    span: Span
    _tracks: dict[Key, Track] = field(default_factory=dict)

    def track(self, ident: str, done: Sequence[Done] = ()) -> Track:
        """A fact of the city through the days, where some moves are done."""
        fact = self.start.rules.vocabulary[ident]
        relevant = tuple(one for one in done if ident in self.touched(one))
        key = (ident, tuple((one.move.id, one.on, one.at_will) for one in relevant))
        if key not in self._tracks:
            plain = self._by_itself(fact, relevant)
            today, may = self.start.moves.holds_on_the_day(fact), self._may_give
            self._tracks[key] = with_moves(plain, relevant, self.span, may, on_the_day=today)
        return self._tracks[key]

    def on_day(self, ident: str, day: date, done: Sequence[Done] = ()) -> tuple[Any, Any]:
        """A fact, from its least to its most, as it is asked of something that is done on a day: an
        age is that of the day itself, whenever the measure counts (ABSENT twice: not known)."""
        fact = self.start.rules.vocabulary[ident]
        if is_age(fact):
            return age_on(self.start, fact, day) or (ABSENT, ABSENT)
        return self.track(ident, done).at(max(bisect_right(self.span.days, day) - 1, 0))

    def _may_give(self, gift: Gift, day: date) -> tuple[bool, bool]:
        """Whether what must hold each time surely, and perhaps, holds on a day (of facts as time
        makes them)."""
        if gift.during is None:
            return True, True
        ends = {ident: self.on_day(ident, day) for ident in list_condition_facts(gift.during)}
        if any(low is ABSENT for low, _ in ends.values()):
            return False, True
        test = gift.during.compile_test()
        both = [test({ident: pair[end] for ident, pair in ends.items()}) for end in (0, 1)]
        return all(both), any(both)

    def touched(self, one: Done) -> frozenset[str]:
        """The facts on which a move has any effect."""
        if one.move.id not in self._touched:
            self._touched[one.move.id] = frozenset(self._effects(one))
        return self._touched[one.move.id]

    @cached_property
    def _touched(self) -> dict[str, frozenset[str]]:
        return {}

    def _effects(self, one: Done) -> set[str]:
        move, found = one.move, set(one.move.sets) | set(one.move.starts)
        found |= {gift.fact for gift in move.gives}
        if move.contribute is not None:
            found |= self._insured
        for course in self.start.moves.courses.values():
            if course.when and found & set(list_condition_facts(course.when)):
                found.add(course.fact)
        return found

    @cached_property
    def _insured(self) -> set[str]:
        vocabulary, courses = self.start.rules.vocabulary, self.start.moves.courses
        derived = {f.id for f in vocabulary if f.derive and f.derive.measure in _BY_INSURANCE}
        return derived | {course.fact for course in courses.values() if course.by_insurance}

    def _by_itself(self, fact: Fact, done: Sequence[Done]) -> Track:
        course = self.start.moves.courses.get(fact.id)
        if fact.derive is not None:
            found = self._derived(fact, fact.derive, done)
            if found is not None:
                return found
        if course is not None:
            return _COURSES[course.kind](self, fact, course, done)
        now = stays(fact, self.start.value(fact.id), len(self.span.days))
        stops = self.start.habits.contributes is False
        if fact.id == self.start.moves.insured_by and stops and not now.absent:
            return became(now, False, self.span.month > to_month(self.span.on))
        return now

    @cached_property
    def _later(self) -> Mask:
        """The days after the first day of the plan."""
        return self.span.ordinal > self.span.on.toordinal()

    def _derived(self, fact: Fact, how: Derivation, done: Sequence[Done]) -> Track | None:
        """A fact that records, or another fact, give; None where it is as any other."""
        if how.measure == "completed_years":
            return self._age(fact, how)
        if how.measure == "records_in_window":
            return self._records(fact, how)
        if how.measure in _BY_INSURANCE:
            return self._of_insurance(fact, how, done)
        if how.measure == "permit_months":
            return self._permit_months(fact)
        if how.measure == "permit_valid" and not self.start.habits.endorses:
            return self._unendorsed(fact)
        return None

    # ------------------------------------------------------------ records

    def _age(self, fact: Fact, how: Derivation) -> Track:
        born = self.start.value(how.source)
        if isinstance(born, date):
            counted = [how.day_of_years(day) for day in self.span.counting]
            years = [max(completed_years(born, day), 0) for day in counted]
            return exactly(fact, np.array(years, np.int32))
        return self._years(fact, self.start.value(fact.id))

    def _years(self, fact: Fact, value: Any) -> Track:
        """Full years of which the anniversary is not known."""
        if value is ABSENT or value is None:
            return stays(fact, value, len(self.span.days))
        how = fact.derive
        since = how.day_of_years(self.span.counts_on) if how else self.span.counts_on
        # zero years are of what began after the counting day too
        latest = self.span.on if value == 0 and fact.derive is None else since
        counted = [how.day_of_years(day) if how else day for day in self.span.counting]
        ends = [years_since(value, since, day, latest) for day in counted]
        return between(fact, *np.array(ends, np.int32).T)

    def _records(self, fact: Fact, how: Derivation) -> Track:
        days = self.start.value(how.source)
        if days is ABSENT:
            return self._slides(fact, self.start.value(fact.id), how.window)
        whole = self.start.rules.reference.kind != "on_the_day"
        found = [
            sum(in_window(day, how.window, at, whole_months=whole) for day in days or ())
            for at in (self.span.counting if days else ())
        ]
        return exactly(fact, np.array(found or [0] * len(self.span.days), np.int32))

    def _slides(self, fact: Fact, value: Any, window: int | None) -> Track:
        """An amount that leaves a window on days that are not known."""
        if value is ABSENT or value is None or not value or not window:
            return stays(fact, value, len(self.span.days))
        held = number(fact, value)
        moved = self.span.counted > self.span.counts_on.toordinal()
        left = self.span.elapsed(self.span.counts_on) >= window
        return between(fact, np.where(moved, 0, held), np.where(left, 0, held))

    def _of_insurance(self, fact: Fact, how: Derivation, done: Sequence[Done]) -> Track:
        if how.measure == "mean_base_ratio":
            return self._mean_ratio(fact, how, done)
        return self._insured_months(fact, how, paying(done))

    def _insured_months(self, fact: Fact, how: Derivation, raised: tuple[Paying, ...]) -> Track:
        past = self._past(fact, how)
        ways = [(self._insurance(how.scheme), past)]
        if self.start.may_end_before(how.scheme):
            ways += [(one.a_month_sooner, held.a_month_sooner) for one, held in ways]
        if how.measure == "unbroken_months":
            ends = [insurance.unbroken(held, raised) for insurance, held in ways]
        else:
            multiple = how.multiple if how.measure == "months_at_base" else None
            ends = [one.within(held, how.window, multiple, raised) for one, held in ways]
        low, high = zip(*ends, strict=True)
        found = between(fact, np.minimum.reduce(low), np.maximum.reduce(high))
        if self.start.history is not None:
            return found
        return became(found, self.start.value(fact.id), ~self._later)  # a total is that of today

    def _mean_ratio(self, fact: Fact, how: Derivation, done: Sequence[Done]) -> Track:
        """It stays as long as the run of months does; whoever is insured long enough only later, or
        anew, may get any. While the run is surely too short there is none."""
        value, later = self.start.value(fact.id), self._later
        now, run = stays(fact, value, len(self.span.days)), self._run(how.scheme, done)
        if run is None:
            return became(now, ABSENT, later) if value is None else now
        window = how.window or 0
        anew = np.logical_or.accumulate(run.low < window) if value is not None else later
        now = became(now, ABSENT, later & anew)
        return became(now, None, later & (run.high < window))

    def _run(self, scheme: str | None, done: Sequence[Done]) -> Track | None:
        """The unbroken months of a scheme; None where nothing is known of them."""
        for fact in self.start.rules.vocabulary:
            how = fact.derive
            if how and how.measure == "unbroken_months" and how.scheme == scheme:
                untold = self.start.history is None and self.start.value(fact.id) is ABSENT
                return None if untold else self.track(fact.id, done)
        return None

    def _insurance(self, scheme: str | None) -> Insurance:
        start = self.start
        filing = start.rules.contributions.includes_filing_month
        recorded = start.recorded_until(scheme)
        outlook = start.outlook(scheme)
        return Insurance(self.span, outlook, recorded, filing, start.began, start.together)

    def _past(self, fact: Fact, how: Derivation) -> Past:
        """The months of the records, or of a total: of one that is not known none or all; one that
        does not apply has none."""
        key = (how.measure == "months_at_base", how.multiple, how.scheme)
        history = self.start.history
        if history is None:
            value, last = self.start.value(fact.id), self.start.last_recorded
            if value is ABSENT:
                return unknown(int(fact.most), last, how.window)
            return totalled(value or 0, last, how.window)
        pasts = self.start.pasts
        if key not in pasts:
            rules = self.start.rules
            wages = rules.find_series(rules.contributions.series)
            multiple = how.multiple if key[0] else None
            last = self.start.recorded_until(how.scheme)
            pasts[key] = recorded(history, last, how.scheme, multiple, wages)
        return pasts[key]

    def _permit_months(self, fact: Fact) -> Track:
        permit, kept = self.start.permit, self.start.habits.endorses
        if permit is None or permit.issued_on is None:
            valid = self.start.permit_valid
            value = self.start.value(fact.id)
            still, grown = (self._grows(fact, value, growing=grows) for grows in (False, True))
            gone = np.where(self.span.since(self.span.on) & (still.low > 0), 0, still.low)
            if valid is ABSENT and kept:
                return between(fact, gone, grown.high)
            if valid is False:  # it may have lapsed after the day to which the measure counts
                return between(fact, gone, still.high)
            if valid is True and kept and value == 0:  # it may be of today
                return between(fact, self.span.full_months(self.span.on), grown.high)
            return grown if valid is True and kept else still
        # one that has lapsed is not endorsed by itself, and one that was made up began anew then
        kept = kept and permit.valid_on(self.span.on) is not False
        held = [
            permit.held_since(min(day, self.span.on) if kept else day) for day in self.span.counting
        ]
        months = [
            ABSENT if one is None else full_months(one, day)
            for one, day in zip(held, self.span.counting, strict=True)
        ]
        return exactly(fact, np.array([number(fact, m) for m in months], np.int32))

    def _unendorsed(self, fact: Fact) -> Track:
        permit = self.start.permit
        if permit is None:
            return stays(fact, self.start.value(fact.id), len(self.span.days))
        answers = [permit.valid_on(day) for day in self.span.days]
        return said(fact, [ABSENT if answer is None else answer for answer in answers])

    # ------------------------------------------------------------ courses of the file

    def _grows(self, fact: Fact, value: Any, *, growing: bool) -> Track:
        now = stays(fact, value, len(self.span.days))
        if not isinstance(value, int) or not growing:
            return now
        more = np.maximum(self.span.elapsed(self.span.counts_on), 0)
        return exactly(fact, now.low + more)

    def accrues(self, fact: Fact, course: Course, done: Sequence[Done]) -> Track:
        """Months (or years) add up: from more than nought, or while a fact beside it says so."""
        value = self.start.value(fact.id)
        begun = bool(value) or self.start.carried(course)
        if not isinstance(value, int) or begun is False:
            return stays(fact, value, len(self.span.days))
        grown = self._added(fact, value, course, done)
        return grown if begun else between(fact, np.zeros_like(grown.low), grown.high)

    def _added(self, fact: Fact, value: int, course: Course, done: Sequence[Done]) -> Track:
        if fact.type == "years":
            return self._years(fact, value)
        if not course.by_insurance:
            return self._grows(fact, value, growing=True)
        low, high = self._insurance(None).to_come(paying(done))
        return between(fact, value + low, value + high)

    def slides(self, fact: Fact, course: Course, done: Sequence[Done]) -> Track:
        """What was given leaves the window; when, is not known."""
        del done
        return self._slides(fact, self.start.value(fact.id), course.window)

    def lapses(self, fact: Fact, course: Course, done: Sequence[Done]) -> Track:
        """A yes for so many months."""
        del done
        now = stays(fact, self.start.value(fact.id), len(self.span.days))
        if now.at(0)[0] is not True:
            return now
        return became(now, False, self.span.elapsed(self.span.counts_on) >= course.after)

    def follows(self, fact: Fact, course: Course, done: Sequence[Done]) -> Track:
        """As given, until the condition that it follows comes to say otherwise."""
        given, when = self.start.value(fact.id), course.when
        if given is ABSENT or when is None:
            return stays(fact, given, len(self.span.days))
        need = Need(when, self.start.rules.vocabulary)
        tracks = {ident: self.track(ident, done) for ident in need.facts}
        first = need.holds({ident: (self.start.value(ident),) * 2 for ident in tracks})
        then = [
            need.holds({ident: track.at(day) for ident, track in tracks.items()})
            for day in range(len(self.span.days))
        ]
        followed = [_followed(given, first, answer) for answer in then]
        today = [day <= self.span.on for day in self.span.days]
        return said(fact, [given if now else one for now, one in zip(today, followed, strict=True)])


def _followed(given: bool, first: bool | None, then: bool | None) -> Any:
    """What was given, until the condition says otherwise than on the first day."""
    if first is None:
        return given if then is given else ABSENT
    if then is None:
        return ABSENT
    return given if then is first else then


_BY_INSURANCE = frozenset({"valid_months", "unbroken_months", "months_at_base", "mean_base_ratio"})
_COURSES = {
    "accrues": Courses.accrues,
    "slides": Courses.slides,
    "lapses": Courses.lapses,
    "follows": Courses.follows,
}
