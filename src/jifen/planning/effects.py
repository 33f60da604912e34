"""What finished moves do to a fact."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from jifen.planning.days import Mask, Numbers, Span
from jifen.planning.insured import Paying
from jifen.planning.model import Gift, Move
from jifen.planning.track import NOT_APPLICABLE, UNKNOWN, Track, became, between, places_of
from jifen.policy.months import subtract_months, to_month


@dataclass(frozen=True, slots=True)
class Done:
    """A move whose effect begins on a day; `begun` is the day on which it was begun.

    `at_will`: an amount that counts for some months only, and can be given on any day from `on` on;
    it is taken to count on each of them, as it does if it is given then.
    """

    move: Move
    begun: date
    on: date
    at_will: bool = False


def paying(done: Sequence[Done]) -> tuple[Paying, ...]:
    """The contributions that moves begin or raise: from the first full month on."""
    return tuple(
        Paying(to_month(one.on) + (one.on.day > 1), one.move.contribute)
        for one in done
        if one.move.contribute is not None
    )


MayGive = Callable[[Gift, date], tuple[bool, bool]]


def with_moves(
    track: Track, done: Sequence[Done], span: Span, may_give: MayGive, *, on_the_day: bool
) -> Track:
    """A fact with the effects of moves, the earlier first. `may_give` says whether an amount can be
    given on a day, surely and perhaps; `on_the_day`: the fact is asked of the day itself, not of
    the day on which the measure counts."""
    ident = track.fact.id
    for one in sorted(done, key=lambda one: one.on):
        since = span.ordinal >= one.on.toordinal() if on_the_day else span.since(one.on)
        if ident in one.move.sets:
            track = became(track, one.move.sets[ident], since)
        if ident in one.move.starts:
            track = _started(track, one.on, since, span)
        for gift in one.move.gives:
            if gift.fact == ident:
                track = _given(track, gift, one, span, may_give)
    return track


def _started(track: Track, day: date, since: Mask, span: Span) -> Track:
    """Months that are counted from a day on."""
    months = span.full_months(day)
    low = np.where(since, months, track.low)
    high = np.where(since, months, track.high)
    return between(track.fact, low, high)


def _given(track: Track, gift: Gift, one: Done, span: Span, may_give: MayGive) -> Track:
    amount = int(gift.amount.scaleb(places_of(track.fact)))
    window = None if one.at_will and gift.every is None else gift.window
    added = [np.zeros(len(span.days), np.int32) for _ in range(2)]
    for given in _days_of(gift, one.on, span.days[-1]):
        counts = span.since(given)
        if window is not None:
            counts = counts & (span.elapsed(given) < window)
        for end, may in enumerate(may_give(gift, given)):
            added[end] += amount * counts * may
    return between(track.fact, _more(track.low, added[0]), _more(track.high, added[1]))


def _days_of(gift: Gift, day: date, last: date) -> Iterator[date]:
    """The days on which it is given."""
    given, months = day, 0
    while given <= last:
        yield given
        if gift.every is None:
            return
        months += gift.every
        given = subtract_months(day, -months)


def _more(held: Numbers, added: Numbers) -> Numbers:
    """What does not apply becomes the amount; what is unknown stays so."""
    more = np.where(held == NOT_APPLICABLE, np.where(added > 0, added, held), held + added)
    return np.where(held == UNKNOWN, held, more).astype(np.int32)
