"""What is opened, and by what: checked and immutable. Permit, points and settlement are apart: a
thing opened by the permit needs no points, and points are not household registration."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from jifen.policy.model import Source
from jifen.policy.text import Text

Route = Literal["permit", "points", "settlement"]


@dataclass(frozen=True, slots=True)
class EntitlementProvenance:
    """What an element rests on: the clause where it was seen, how sure it is, a note."""

    cite: str
    confidence: str
    note: Text


@dataclass(frozen=True, slots=True)
class OtherCondition:
    """A condition that is not kept here: known of a person only where somebody says so."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class EntitlementNeeds:
    """What has to hold, all of it. `permit`: it is valid; `permit_years`: full years by the permit
    (`cumulative`: gaps do not undo earlier ones); `points`: the line is reached and the points are
    valid; `measures`: the versions of the measure by whose points it is opened, empty for any;
    `notice`: a settlement notice is there and its days are not over."""

    permit: bool
    permit_years: int
    cumulative: bool
    points: bool
    measures: tuple[str, ...]
    notice: bool
    also: tuple[OtherCondition, ...]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One thing that is opened, from a day on. `group`: a right, a basic public service or a
    convenience of the national rules; 'local' otherwise. `who`: whom it is for.
    `since_confidence`: 'unsure' where no source tells the first day."""

    id: str
    route: Route
    group: str
    who: tuple[str, ...]
    label: Text
    since: date
    since_confidence: str
    until: date | None
    needs: EntitlementNeeds
    provenance: EntitlementProvenance

    def is_in_force(self, on: date) -> bool:
        """Whether there is such a thing on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class CityEntitlements:
    """All that a city's permit, points and routes open, the national part first. `plainly`: what
    its page says before anything else."""

    city: str
    plainly: Text
    entitlements: tuple[Entitlement, ...]
    sources: tuple[Source, ...]

    def list_in_force(self, day: date) -> tuple[Entitlement, ...]:
        """What there is on a day."""
        return tuple(
            entitlement for entitlement in self.entitlements if entitlement.is_in_force(day)
        )
