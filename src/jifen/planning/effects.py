"""What finished moves do to a fact."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from jifen.planning.days import DaySpan, Mask, Numbers
from jifen.planning.insurance_months import PlannedContribution
from jifen.planning.model import Gift, Move
from jifen.planning.tracks import (
    NOT_APPLICABLE,
    UNKNOWN,
    Track,
    bounded_track,
    decimal_places,
    replace_since,
)
from jifen.policy.months import subtract_months, to_month


@dataclass(frozen=True, slots=True)
class TimedMove:
    """A move whose effect begins on a day; `begun` is the day on which it was begun.

    `at_will`: an amount that counts for some months only, and can be given on any day from `on` on;
    it is taken to count on each of them, as it does if it is given then.
    """

    move: Move
    begun: date
    on: date
    at_will: bool = False


def list_planned_contributions(done: Sequence[TimedMove]) -> tuple[PlannedContribution, ...]:
    """The contributions that moves begin or raise: from the first full month on."""
    return tuple(
        PlannedContribution(to_month(one.on) + (one.on.day > 1), one.move.contribute)
        for one in done
        if one.move.contribute is not None
    )


CanGive = Callable[[Gift, date], tuple[bool, bool]]


def apply_moves(
    track: Track, done: Sequence[TimedMove], span: DaySpan, may_give: CanGive, *, on_the_day: bool
) -> Track:
    """A fact with the effects of moves, the earlier first. `may_give` says whether an amount can be
    given on a day, surely and perhaps; `on_the_day`: the fact is asked of the day itself, not of
    the day on which the measure counts."""
    ident = track.fact.id
    for one in sorted(done, key=lambda one: one.on):
        since = span.ordinals >= one.on.toordinal() if on_the_day else span.counts_since(one.on)
        if ident in one.move.sets:
            track = replace_since(track, one.move.sets[ident], since)
        if ident in one.move.starts:
            track = _start_months(track, one.on, since, span)
        for gift in one.move.gives:
            if gift.fact == ident:
                track = _give_amount(track, gift, one, span, may_give)
    return track


def _start_months(track: Track, day: date, since: Mask, span: DaySpan) -> Track:
    """Months that are counted from a day on."""
    months = span.full_months(day)
    low = np.where(since, months, track.low)
    high = np.where(since, months, track.high)
    return bounded_track(track.fact, low, high)


def _give_amount(
    track: Track, gift: Gift, one: TimedMove, span: DaySpan, may_give: CanGive
) -> Track:
    amount = int(gift.amount.scaleb(decimal_places(track.fact)))
    window = None if one.at_will and gift.every is None else gift.window
    added = [np.zeros(len(span.days), np.int32) for _ in range(2)]
    for given in _list_gift_days(gift, one.on, span.days[-1]):
        counts = span.counts_since(given)
        if window is not None:
            counts = counts & (span.elapsed_months(given) < window)
        for end, may in enumerate(may_give(gift, given)):
            added[end] += amount * counts * may
    return bounded_track(
        track.fact, _add_amount(track.low, added[0]), _add_amount(track.high, added[1])
    )


def _list_gift_days(gift: Gift, day: date, last: date) -> Iterator[date]:
    """The days on which it is given."""
    given, months = day, 0
    while given <= last:
        yield given
        if gift.every is None:
            return
        months += gift.every
        given = subtract_months(day, -months)


def _add_amount(held: Numbers, added: Numbers) -> Numbers:
    """What does not apply becomes the amount; what is unknown stays so."""
    more = np.where(held == NOT_APPLICABLE, np.where(added > 0, added, held), held + added)
    return np.where(held == UNKNOWN, held, more).astype(np.int32)
