"""The rules of a city's lists, checked and immutable. Days are calendar days unless a name says
working days."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from jifen.policy.model import Source
from jifen.policy.text import Text
from jifen.scoring.ranking import Level

MonthDay = tuple[int, int]
Counting = Literal["working_days", "end_moves", "calendar_days"]


@dataclass(frozen=True, slots=True)
class Told:
    """What an element rests on: the clause where it was seen, how sure it is, a note."""

    cite: str
    confidence: str
    note: Text


@dataclass(frozen=True, slots=True)
class Enter:
    """Working days, after the day of a decision, within which it is on a list."""

    days: int
    told: Told


@dataclass(frozen=True, slots=True)
class Publicity:
    """How long a list is public before it is final; the day of publication does not count. One of
    `countings` is followed."""

    days: int
    counting: Counting
    countings: tuple[Counting, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Objections:
    """Working days in which an objection is decided."""

    days: int
    told: Told


@dataclass(frozen=True, slots=True)
class Season:
    """From a month and day to another of the same year, both included."""

    first: MonthDay
    last: MonthDay
    told: Told

    def within(self, day: date) -> bool:
        """Whether a day falls into it."""
        return self.first <= (day.month, day.day) <= self.last


@dataclass(frozen=True, slots=True)
class Settlement:
    """Until when to settle: so many days after the settlement notice, or up to a day of the year.
    Later it is given up."""

    days: int | None
    last: MonthDay | None
    told: Told


@dataclass(frozen=True, slots=True)
class Ranking:
    """A yearly round: the day of the list; who of those level at the last place is in. A place
    that falls free later is not given to another."""

    list_on: MonthDay
    level: Level
    levels: tuple[Level, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a place on a list lapses. `by`: seen on the permit, or said by the staff."""

    id: str
    label: Text
    by: Literal["permit", "staff"]
    told: Told


@dataclass(frozen=True)
class ListRules:
    """The rules for cases accepted from a day on. `filing` and `ranking`: a yearly round."""

    city: str
    id: str
    mode: Literal["line", "rank"]
    since: date
    until: date | None
    label: Text
    enter: Enter | None
    filing: Season | None
    ranking: Ranking | None
    publicity: Publicity
    objections: Objections
    settlement: Settlement
    lapses: tuple[Ground, ...]
    again: Told
    sources: tuple[Source, ...]

    def covers(self, day: date) -> bool:
        """Whether they hold for a case accepted on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def ground(self, id_: str) -> Ground | None:
        """A ground of lapse by its id."""
        return next((one for one in self.lapses if one.id == id_), None)

    def counted(self, counting: Counting) -> "ListRules":
        """The same rules with another way to count the days of publicity. Raises ValueError."""
        if counting not in self.publicity.countings:
            raise ValueError(f"'{counting}' is none of: {', '.join(self.publicity.countings)}")
        return replace(self, publicity=replace(self.publicity, counting=counting))
