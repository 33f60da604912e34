"""What can be done, and what time does by itself: checked, immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.policy.condition import Condition
from jifen.policy.model import Confidence, Source
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class MoveProvenance:
    """What an entry rests on. Without a source it is this system's assumption, and `unsure`."""

    confidence: Confidence
    sources: tuple[str, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class TrajectoryRule:
    """What time does to a fact that no record gives, if nothing changes; see `shape.KINDS`.

    `window` and `after` are months; `beside` names a fact by whose answer it grows from nought;
    `open_nought`: nought is said of what never began, and in its first month too."""

    fact: str
    kind: str
    by_insurance: bool
    companion: str
    zero_is_open: bool
    window: int
    after: int
    when: Condition | None
    provenance: MoveProvenance


@dataclass(frozen=True, slots=True)
class Gift:
    """An amount that counts from a day on: for `window` months (None: for ever), and again every
    so many months, as long as `during` holds."""

    fact: str
    amount: Decimal
    window: int | None
    every: int | None
    during: Condition | None


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Something that a person can do. `shortest` and `usual` are months from its beginning to its
    effect, `cost` yuan (None: not known). `needs` must hold on the day on which it is begun.

    `contribute`: contributions are paid from the first full month on, at so many average wages or
    more (0: at any base). `settles`: further months until the effect is whole.
    """

    id: str
    label: Text
    since: date
    until: date | None
    instead: str
    needs: Condition | None
    shortest: int
    usual: int
    settles: int
    cost: Decimal | None
    sets: Mapping[str, Any]
    gives: tuple[Gift, ...]
    starts: tuple[str, ...]
    contribute: Decimal | None
    provenance: MoveProvenance
    only: str = ""
    """`lapsed_permit`: only for who may hold one; not where the record says that there is none."""

    @property
    def is_at_will(self) -> bool:
        """Whether its amount counts for some months only, so that it is better made when needed."""
        return any(gift.window is not None and gift.every is None for gift in self.gives)

    def is_open_on(self, day: date) -> bool:
        """Whether it can be begun on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, eq=False)
class CityMoves:
    """What a city's file says. `insured_by` is the fact that says that contributions go on."""

    city: str
    recorded_on: date
    insured_by: str
    trajectory_rules: Mapping[str, TrajectoryRule]
    moves: tuple[Move, ...]
    sources: tuple[Source, ...]
    on_the_day: Mapping[str, MoveProvenance] = field(default_factory=dict)
    """Facts that are asked of the day itself, wherever the measure counts to another day."""

    def is_of_the_day(self, fact: Fact) -> bool:
        """Whether a fact is asked of the day itself: a permit must be valid on it."""
        is_permit = fact.derive is not None and fact.derive.measure == "permit_valid"
        return is_permit or fact.id in self.on_the_day

    def find_move(self, move_id: str) -> Move:
        """A move by its id; KeyError where there is none."""
        for move in self.moves:
            if move.id == move_id:
                return move
        raise KeyError(move_id)
