"""The rules of a city's lists, checked and immutable. Days are calendar days unless a name says
working days."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from jifen.policy.model import Source
from jifen.policy.text import Text
from jifen.scoring.ranking import Level

MonthDay = tuple[int, int]
DayCounting = Literal["working_days", "end_moves", "calendar_days"]


@dataclass(frozen=True, slots=True)
class ListProvenance:
    """The source of an element: the clause where it was seen, its confidence, a note."""

    cite: str
    confidence: str
    note: Text


@dataclass(frozen=True, slots=True)
class EntryRule:
    """Working days, after the day of a decision, within which it is on a list."""

    days: int
    provenance: ListProvenance


@dataclass(frozen=True, slots=True)
class PublicityRule:
    """The public notice period of a list; the day of publication does not count. `counting` is the
    one of `countings` that is followed."""

    days: int
    counting: DayCounting
    countings: tuple[DayCounting, ...]
    provenance: ListProvenance


@dataclass(frozen=True, slots=True)
class ObjectionRule:
    """Working days in which an objection is decided."""

    days: int
    provenance: ListProvenance


@dataclass(frozen=True, slots=True)
class FilingSeason:
    """From a month and day to another, both included; one that begins later in the year than it
    ends is filed over the new year, and belongs to the year in which it ends."""

    first: MonthDay
    last: MonthDay
    provenance: ListProvenance

    def contains_day(self, day: date) -> bool:
        """Whether a day falls into it."""
        month_day = (day.month, day.day)
        if self.first > self.last:
            return month_day >= self.first or month_day <= self.last
        return self.first <= month_day <= self.last

    def find_days(self, year: int) -> tuple[date, date]:
        """The first and the last day of the filing that is ranked in a year."""
        began = year - 1 if self.first > self.last else year
        return date(began, *self.first), date(year, *self.last)


@dataclass(frozen=True, slots=True)
class SettlementRule:
    """The time to settle: so many days after the settlement notice, or up to a day of the year.
    Whoever does not settle by then gives the place up."""

    days: int | None
    last: MonthDay | None
    provenance: ListProvenance


@dataclass(frozen=True, slots=True)
class RankingRule:
    """The yearly ranking: the day of the list, and which of those tied at the last place are on it.
    A place that becomes free later is not given to anybody else."""

    list_on: MonthDay
    level: Level
    levels: tuple[Level, ...]
    provenance: ListProvenance


@dataclass(frozen=True, slots=True)
class LapseGround:
    """Why a place on a list lapses. `by`: the permit shows it, or the staff say it."""

    id: str
    label: Text
    by: Literal["permit", "staff"]
    provenance: ListProvenance


@dataclass(frozen=True)
class ListRules:
    """The rules for cases accepted from a day on. `filing` and `ranking`: a yearly round."""

    city: str
    id: str
    mode: Literal["line", "rank"]
    since: date
    until: date | None
    label: Text
    entry: EntryRule | None
    filing: FilingSeason | None
    ranking: RankingRule | None
    publicity: PublicityRule
    objections: ObjectionRule
    settlement: SettlementRule
    lapse_grounds: tuple[LapseGround, ...]
    reapplication: ListProvenance
    sources: tuple[Source, ...]

    def in_force_on(self, day: date) -> bool:
        """Whether they apply to a case accepted on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def find_ground(self, id_: str) -> LapseGround | None:
        """Return a ground of lapse by its id; None where there is none."""
        return next((ground for ground in self.lapse_grounds if ground.id == id_), None)

    def with_counting(self, counting: DayCounting) -> "ListRules":
        """Return the same rules with another counting of the public notice. Raises ValueError."""
        if counting not in self.publicity.countings:
            raise ValueError(f"'{counting}' is none of: {', '.join(self.publicity.countings)}")
        return replace(self, publicity=replace(self.publicity, counting=counting))
