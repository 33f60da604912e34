"""The rules of a city's permit, checked and immutable. Days are calendar days unless a name says
working days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from jifen.policy.model import Confidence, Source
from jifen.policy.months import subtract_months
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class Told:
    """What an element rests on: the clause where it was seen, how sure it is, a note."""

    cite: str
    confidence: Confidence
    note: Text


@dataclass(frozen=True, slots=True)
class Issue:
    """When a permit may be issued: months of residence registration and one of the grounds."""

    registered_months: int
    grounds: tuple[str, ...]
    days: int
    told: Told


@dataclass(frozen=True, slots=True)
class Endorsement:
    """When the yearly endorsement may be made: so many days, or months, before the full year."""

    opens_days: int | None
    opens_months: int | None
    told: Told

    def opens(self, valid_until: date) -> date:
        """The first day for a permit that ends on a day."""
        if self.opens_days is not None:
            return valid_until - timedelta(days=self.opens_days)
        return subtract_months(valid_until, self.opens_months or 1)


@dataclass(frozen=True, slots=True)
class Later:
    """What making up after the days of grace means: one of `readings` is followed."""

    reading: str
    readings: tuple[str, ...]
    register_again_after_days: int | None
    told: Told


@dataclass(frozen=True, slots=True)
class Cause:
    """A reasonable cause for a late endorsement."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Restoration:
    """Within so many months after the lapse, validity may be restored for a cause."""

    within_months: int
    grounds: tuple[Cause, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class AutomaticRule:
    """Endorsement without an application, from `first_days` to `last_days` before the end."""

    first_days: int
    last_days: int
    dwellings: tuple[str, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class EarlyRule:
    """Endorsement on request before its window, where the permit ends in the school season;
    (month, day) at both ends."""

    season_from: tuple[int, int]
    season_until: tuple[int, int]
    opens_days: int
    told: Told


@dataclass(frozen=True, slots=True)
class Points:
    """Working days after an endorsement until points can be renewed."""

    follow_days: int
    told: Told


@dataclass(frozen=True)
class PermitRules:
    """The rules from a day on. `made_up_days`: days of grace in which years continue."""

    city: str
    id: str
    since: date
    until: date | None
    label: Text
    issue: Issue
    endorsement: Endorsement
    made_up_days: int
    made_up: Told
    later: Later
    restoration: Restoration | None
    automatic: AutomaticRule | None
    early: EarlyRule | None
    points: Points
    sources: tuple[Source, ...]

    def covers(self, day: date) -> bool:
        """Whether they are in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def reading(self, reading: str) -> "PermitRules":
        """The same rules with another reading of what follows late. Raises ValueError."""
        if reading not in self.later.readings:
            raise ValueError(f"'{reading}' is none of: {', '.join(self.later.readings)}")
        return replace(self, later=replace(self.later, reading=reading))
