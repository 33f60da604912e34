"""The rules of a city's permit, checked and immutable. Days are calendar days unless a name says
working days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from jifen.policy.model import Confidence, Source
from jifen.policy.months import subtract_months
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class PermitProvenance:
    """The source of an element: the clause where it was seen, its confidence, a note."""

    cite: str
    confidence: Confidence
    note: Text


@dataclass(frozen=True, slots=True)
class IssueRule:
    """When a permit may be issued: months of residence registration and one of the grounds."""

    registered_months: int
    grounds: tuple[str, ...]
    days: int
    provenance: PermitProvenance


@dataclass(frozen=True, slots=True)
class EndorsementRule:
    """When the yearly endorsement may be made: so many days, or months, before the full year."""

    opens_days: int | None
    opens_months: int | None
    provenance: PermitProvenance

    def find_first_day(self, valid_until: date) -> date:
        """Return the first day on which a permit that ends on a day can be endorsed."""
        if self.opens_days is not None:
            return valid_until - timedelta(days=self.opens_days)
        return subtract_months(valid_until, self.opens_months or 1)


@dataclass(frozen=True, slots=True)
class LateRule:
    """What an endorsement after the grace period means: `reading` is the one of `readings` that is
    followed."""

    reading: str
    readings: tuple[str, ...]
    register_again_after_days: int | None
    provenance: PermitProvenance


@dataclass(frozen=True, slots=True)
class LateCause:
    """A reasonable cause for a late endorsement."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class RestorationRule:
    """Within so many months after the lapse, validity may be restored for a cause."""

    within_months: int
    grounds: tuple[LateCause, ...]
    provenance: PermitProvenance


@dataclass(frozen=True, slots=True)
class AutomaticRule:
    """Endorsement without an application, from `first_days` to `last_days` before the end."""

    first_days: int
    last_days: int
    dwellings: tuple[str, ...]
    provenance: PermitProvenance


@dataclass(frozen=True, slots=True)
class EarlyRule:
    """Endorsement on request before its window, where the permit ends in the school season;
    (month, day) at both ends."""

    season_from: tuple[int, int]
    season_until: tuple[int, int]
    opens_days: int
    provenance: PermitProvenance


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Working days after an endorsement until points can be renewed."""

    follow_days: int
    provenance: PermitProvenance


@dataclass(frozen=True)
class PermitRules:
    """The rules from a day on. `grace_period_days`: days after the end of validity in which a late
    endorsement continues the years; `grace_period`: the source of that figure."""

    city: str
    id: str
    since: date
    until: date | None
    label: Text
    issue: IssueRule
    endorsement: EndorsementRule
    grace_period_days: int
    grace_period: PermitProvenance
    late_endorsement: LateRule
    restoration: RestorationRule | None
    automatic: AutomaticRule | None
    early: EarlyRule | None
    points: PointsRule
    sources: tuple[Source, ...]

    def in_force_on(self, day: date) -> bool:
        """Whether they are in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def with_reading(self, reading: str) -> "PermitRules":
        """Return the same rules with another reading of a late endorsement. Raises ValueError."""
        if reading not in self.late_endorsement.readings:
            raise ValueError(f"'{reading}' is none of: {', '.join(self.late_endorsement.readings)}")
        return replace(self, late_endorsement=replace(self.late_endorsement, reading=reading))
