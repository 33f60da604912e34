"""What sets of moves make of the facts of a person through the days of a span."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.planning.schedule import MoveSet
from jifen.planning.tracks import Track
from jifen.planning.trajectories import Trajectories
from jifen.scoring.population.axis import Axis, Cut

CodeColumn = NDArray[Any]
_CodeKey = tuple[str, tuple[Cut, ...] | None, int, bool]
"""A fact, the cuts of its axis, its direction, and which end."""


@dataclass(eq=False)
class TracksOfSets:
    """The facts of a span where sets of moves are done: for each fact its different tracks, and
    which of them each set has; and their codes."""

    trajectories: Trajectories
    sets: tuple[MoveSet, ...]
    _tracks: dict[str, tuple[list[Track], NDArray[np.intp]]] = field(default_factory=dict)
    _codes: dict[_CodeKey, CodeColumn] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """How many sets, and how many days."""
        return len(self.sets), len(self.trajectories.span.days)

    def get_tracks(self, fact_id: str) -> tuple[list[Track], NDArray[np.intp]]:
        """The different tracks of a fact, and for each set the number of its own."""
        if fact_id not in self._tracks:
            self._tracks[fact_id] = self._collect_tracks(fact_id)
        return self._tracks[fact_id]

    def _collect_tracks(self, fact_id: str) -> tuple[list[Track], NDArray[np.intp]]:
        affecting = self._moves_by_affected_fact.get(fact_id)
        if affecting is None:
            return [self.trajectories.get_track(fact_id)], np.zeros(len(self.sets), np.intp)
        number_by_moves: dict[MoveSet, int] = {}
        number_by_track: dict[int, int] = {}
        tracks, track_numbers = list[Track](), []
        for move_set in self.sets:
            relevant = tuple([done for done in move_set if done.move.id in affecting])
            number = number_by_moves.get(relevant)
            if number is None:
                track = self.trajectories.get_track(fact_id, relevant)
                number = number_by_track.setdefault(id(track), len(tracks))
                if number == len(tracks):
                    tracks.append(track)
                number_by_moves[relevant] = number
            track_numbers.append(number)
        return tracks, np.array(track_numbers, np.intp)

    @cached_property
    def _moves_by_affected_fact(self) -> dict[str, set[str]]:
        """The ids of the moves of the sets that have an effect on a fact, by fact."""
        move_by_id = {done.move.id: done for move_set in self.sets for done in move_set}
        affecting: dict[str, set[str]] = {}
        for move_id, timed_move in move_by_id.items():
            for fact_id in self.trajectories.affected_facts(timed_move):
                affecting.setdefault(fact_id, set()).add(move_id)
        return affecting

    def has_open_days(self, fact_ids: Iterable[str]) -> bool:
        """Whether any of some facts is between bounds on some day, for some set."""
        return any(
            track.has_open_days for fact_id in fact_ids for track in self.get_tracks(fact_id)[0]
        )

    def encode_fact(self, axis: Axis, rising: int, *, high: bool) -> CodeColumn:
        """The codes of the different tracks of a fact, track by track and day by day, at the end
        that gives less (or, `high`, more)."""
        key = axis.fact.id, axis.cuts, rising, high
        if key not in self._codes:
            tracks, _ = self.get_tracks(axis.fact.id)
            codes = [_encode_track(track, axis, rising, high=high) for track in tracks]
            self._codes[key] = np.stack(codes)
        return self._codes[key]


def _encode_track(track: Track, axis: Axis, rising: int, *, high: bool) -> CodeColumn:
    if not track.has_open_days:
        return track.encode_codes(axis, high=False)
    if rising == 0:
        codes = track.encode_codes(axis, high=False)
        codes[track.low != track.high] = axis.absent
        return codes
    return track.encode_codes(axis, high=high == (rising > 0))
