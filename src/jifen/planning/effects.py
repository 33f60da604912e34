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


def list_planned_contributions(timed_moves: Sequence[TimedMove]) -> tuple[PlannedContribution, ...]:
    """The contributions that moves begin or raise: from the first full month on."""
    return tuple(
        PlannedContribution(
            to_month(timed_move.on) + (timed_move.on.day > 1), timed_move.move.contribute
        )
        for timed_move in timed_moves
        if timed_move.move.contribute is not None
    )


CanGive = Callable[[Gift, date], tuple[bool, bool]]


def apply_moves(
    track: Track,
    timed_moves: Sequence[TimedMove],
    span: DaySpan,
    can_give: CanGive,
    *,
    on_the_day: bool,
) -> Track:
    """A fact with the effects of moves, the earlier first. `may_give` says whether an amount can be
    given on a day, surely and perhaps; `on_the_day`: the fact is asked of the day itself, not of
    the day on which the measure counts."""
    fact_id = track.fact.id
    for timed_move in sorted(timed_moves, key=lambda timed_move: timed_move.on):
        since = (
            span.ordinals >= timed_move.on.toordinal()
            if on_the_day
            else span.counts_since(timed_move.on)
        )
        if fact_id in timed_move.move.sets:
            track = replace_since(track, timed_move.move.sets[fact_id], since)
        if fact_id in timed_move.move.starts:
            track = _start_months(track, timed_move.on, since, span)
        for gift in timed_move.move.gives:
            if gift.fact == fact_id:
                track = _give_amount(track, gift, timed_move, span, can_give)
    return track


def _start_months(track: Track, day: date, since: Mask, span: DaySpan) -> Track:
    """Months that are counted from a day on."""
    months = span.full_months(day)
    low = np.where(since, months, track.low)
    high = np.where(since, months, track.high)
    return bounded_track(track.fact, low, high)


def _give_amount(
    track: Track, gift: Gift, timed_move: TimedMove, span: DaySpan, can_give: CanGive
) -> Track:
    amount = int(gift.amount.scaleb(decimal_places(track.fact)))
    window = None if timed_move.at_will and gift.every is None else gift.window
    added = [np.zeros(len(span.days), np.int32) for _ in range(2)]
    for given_on in _list_gift_days(gift, timed_move.on, span.days[-1]):
        counts = span.counts_since(given_on)
        if window is not None:
            counts = counts & (span.elapsed_months(given_on) < window)
        for end, possible in enumerate(can_give(gift, given_on)):
            added[end] += amount * counts * possible
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


def _add_amount(amounts: Numbers, added: Numbers) -> Numbers:
    """What does not apply becomes the amount; what is unknown stays so."""
    totals = np.where(
        amounts == NOT_APPLICABLE, np.where(added > 0, added, amounts), amounts + added
    )
    return np.where(amounts == UNKNOWN, amounts, totals).astype(np.int32)
