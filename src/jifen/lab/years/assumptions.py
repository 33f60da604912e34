"""What is assumed of the coming years: typed, immutable, each part with its basis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jifen.lab.words import say
from jifen.policy.model import Basis, Source
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Interruption:
    """Each year `share` of the people miss `months` of insurance; people of whom `while_fact`
    does not hold pay nothing at all."""

    share: float
    months: int
    while_fact: str | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class PayLevel:
    """A pay level: a person pays at it, or does not, throughout. `share_of` are facts whose share
    of their window says how likely that is, the best known first."""

    id: str
    share_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayLevels:
    """The pay levels from the highest; who pays at one pays at those below. `among`: the months
    that could count at all (a newcomer has few)."""

    among: str | None
    from_highest: tuple[PayLevel, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class AgeBand:
    """The yearly share of leavers among people of `first` to `last` completed years."""

    first: int
    last: int
    share: float


@dataclass(frozen=True, slots=True)
class Leavers:
    """Who leaves: by age, and (`reached_leave`) of those at the line how many settle and so leave
    the points system before the next year."""

    bands: tuple[AgeBand, ...]
    reached_leave: float
    basis: Basis


@dataclass(frozen=True, slots=True)
class Entrants:
    """Newcomers a year, as a share of the people at the start; each is like somebody among the
    given people whose `fact` is below `below`."""

    share: float
    fact: str
    below: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """A choice moves from one answer to a later one, in a year, of `share` of the people; `sets`
    are answers of other facts that come with it."""

    origin: str
    to: str
    share: float
    sets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """How one fact moves. Which parts are used depends on `kind` (see `document.KINDS`)."""

    fact: str
    kind: str
    insured: bool
    while_fact: str | None
    zero_stays: bool
    window: int
    recent: str | None
    level: str | None
    steps: tuple[ChoiceStep, ...]
    share: float
    of: str
    least: int
    basis: Basis


@dataclass(frozen=True, slots=True, eq=False)
class Assumptions:
    """A file of assumptions: dated, every part with its sources and how sure it is."""

    id: str
    city: str
    as_of: date
    label: Text
    note: Text
    interruption: Interruption
    levels: PayLevels | None
    leavers: Leavers
    entrants: Entrants
    movements: Mapping[str, Movement]
    sources: tuple[Source, ...]

    def list_parts(self) -> Iterator[tuple[Text, Basis]]:
        """Every part that a result rests on, with its basis, for a reader to judge."""
        yield say("years.assumptions.interrupted_insurance"), self.interruption.basis
        if self.levels:
            yield say("years.assumptions.pay_levels"), self.levels.basis
        yield say("years.assumptions.people_who_leave"), self.leavers.basis
        yield say("years.assumptions.people_who_come"), self.entrants.basis
        for movement in self.movements.values():
            words = f"{movement.fact}: {movement.kind}"
            yield Text(words, words), movement.basis
