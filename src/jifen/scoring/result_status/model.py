"""The status of a result, as values."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jifen.policy.text import EMPTY, Text

State = Literal["vetoed", "refused", "reached", "below", "open"]
"""A veto stands; a condition is not met; surely reached; surely below the line; not yet certain."""
Range = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Decider:
    """Something that decides the state: a veto that stands, a condition that is not met, a fact
    that is not known yet, or an indicator that gives points. `remedy`: what to do about it."""

    kind: Literal["veto", "condition", "fact", "indicator"]
    id: str
    label: Text
    remedy: Text = EMPTY


@dataclass(frozen=True, slots=True)
class ResultStatus:
    """The status of a result.

    `state` holds for every value of the facts that are missing; `presumed_state` holds if nothing
    adverse is on record (the `presumed:` values of the city's facts). `ranked`: those at the line
    are ranked within a quota. `threshold`: the points to be reached; None where the measure has no
    line. `number`: the points that may be shown as the headline, always inside `range`; None for a
    state in which no number may stand alone. `range`: least and most points if nothing adverse is
    on record; `bounds`: least and most for every value of the missing facts. `answered`: whether
    any fact is known. `presumed`: the missing facts that were presumed. `points_sure`: the line is
    reached by points alone, whatever the missing facts are (if nothing adverse is on record).
    """

    state: State
    presumed_state: State
    ranked: bool
    threshold: Decimal | None
    number: Decimal | None
    range: Range
    bounds: Range
    answered: bool
    deciders: tuple[Decider, ...]
    presumed: tuple[str, ...]
    points_sure: bool
    ways: tuple[Text, ...] = ()
    """The ways without points that are open."""
    narrowest: bool = True
    """Whether `bounds` are the narrowest that hold; else some of their ends cannot be reached."""

    @property
    def is_exact(self) -> bool:
        """Whether the total is known, whatever the missing facts are."""
        return self.bounds[0] == self.bounds[1]

    @property
    def is_barred(self) -> bool:
        """Whether no score helps: a veto stands or a condition is not met."""
        return self.state in ("vetoed", "refused")

    @property
    def is_wide(self) -> bool:
        """Whether the range says too little to be shown with both ends: its upper end lies further
        above the lower one than the line is high."""
        low, high = self.range
        return bool(self.threshold) and high - low > (self.threshold or 0)

    @property
    def over(self) -> Decimal | None:
        """By how many points the line is surely exceeded; None where that is not certain."""
        if self.state != "reached" or self.threshold is None:
            return None
        over = self.bounds[0] - self.threshold
        return None if over < 0 else over  # who comes in by a way may have fewer points

    @property
    def lacking(self) -> Decimal | None:
        """How many points are still lacking: surely and at least while the state is `below`; by the
        answers so far while it is open; None where none are lacking or none may be named."""
        if self.threshold is None or self.is_barred or self.number is None:
            return None
        reference = self.bounds[1] if self.state == "below" else self.number
        return self.threshold - reference if reference < self.threshold else None
