"""A procedure, checked and immutable. Days are working days unless a name says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jifen.policy.condition import Condition
from jifen.policy.model import Source
from jifen.policy.text import Text

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Told:
    """What an element rests on: the clause where it was seen, how sure it is, a note."""

    cite: str
    confidence: str
    note: Text


@dataclass(frozen=True, slots=True)
class District:
    """A district whose office has cases."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: who confirms which facts ('*': all that no other gate names), in how many days,
    after which gates. `department` is empty where the clerks of the office do it."""

    id: str
    label: Text
    department: str
    days: int
    after: tuple[str, ...]
    facts: tuple[str, ...]
    told: Told

    @property
    def role(self) -> str:
        """'clerk' or 'department'."""
        return "department" if self.department else "clerk"


@dataclass(frozen=True, slots=True)
class Correction:
    """How long an applicant has to put something right, and how often it may be asked."""

    days: int
    most_rounds: int | None
    told: Told


@dataclass(frozen=True, slots=True)
class Refiling:
    """When a second application is too soon."""

    not_twice_in_months: int
    not_while_pending: bool
    told: Told


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for the expedited lane, and what proves it."""

    id: str
    label: Text
    evidence: Text


@dataclass(frozen=True, slots=True)
class Expedited:
    """The expedited lane: its clock; after `overtakes_after` days a normal case goes first."""

    grounds: tuple[Ground, ...]
    days: int
    overtakes_after: int
    told: Told


@dataclass(frozen=True, slots=True)
class Enough:
    """What is enough to confirm these facts ('*': all that no other entry names) without a look:
    any one of the ways. register: one says the same; paper: a document that proves it is there;
    nothing_claimed: there is nothing to prove."""

    facts: tuple[str, ...]
    ways: frozenset[str]
    told: Told


@dataclass(frozen=True, slots=True)
class Material:
    """A document: the facts that it proves; asked `always`, or where one of them is claimed and
    `when` (if any) holds. Without those `required` a case can be filed (a register tells the same,
    or there is another way). Of one group `any_of` a single document is enough."""

    id: str
    label: Text
    help: Text
    facts: tuple[str, ...]
    always: bool
    required: bool
    when: Condition | None
    any_of: str
    pages: int
    months_valid: int | None
    told: Told


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code, and for what it is used: correct, reject, refuse, revoke."""

    id: str
    label: Text
    use: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """How many calendar years something is kept."""

    kind: str
    years: int
    note: Text


@dataclass(frozen=True, slots=True)
class Renewal:
    """The yearly renewal of points. Facts that are `lasting` stay true once proved; of them those
    `with_employer` only while the employer is the same. All others are asked anew each year.
    `papers_with_employer`: documents of the employer or of the post; another one brings its own."""

    lasting: frozenset[str]
    with_employer: frozenset[str]
    papers_with_employer: frozenset[str]
    told: Told


@dataclass(frozen=True)
class Process:
    """The procedure of a city from a day on. `registers`: which register confirms which facts."""

    city: str
    id: str
    since: date
    until: date | None
    label: Text
    filers: frozenset[str]
    office: str
    districts: tuple[District, ...]
    gates: tuple[Gate, ...]
    days: int
    told: Told
    correction: Correction
    countersign: tuple[str, ...]
    refiling: Refiling
    expedited: Expedited
    materials: tuple[Material, ...]
    registers: Mapping[str, tuple[str, ...]]
    evidence: tuple[Enough, ...]
    reasons: tuple[Reason, ...]
    recheck_days: int
    hearing_days: int
    retention: tuple[Keep, ...]
    renewal: Renewal | None
    sources: tuple[Source, ...]

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def district(self, ident: str) -> District | None:
        """A district by its id."""
        return next((one for one in self.districts if one.id == ident), None)

    def gate(self, ident: str) -> Gate:
        """A gate by its id."""
        return next(one for one in self.gates if one.id == ident)

    def material(self, ident: str) -> Material | None:
        """A material by its id."""
        return next((one for one in self.materials if one.id == ident), None)

    def enough_for(self, fact: str) -> frozenset[str]:
        """The ways that are enough to confirm a fact without a look; none where no entry covers
        it."""
        named = next((one.ways for one in self.evidence if fact in one.facts), None)
        rest = (one.ways for one in self.evidence if EVERYTHING in one.facts)
        return next(rest, frozenset()) if named is None else named

    def reason(self, ident: str) -> Text:
        """The words of a reason code."""
        return next((one.label for one in self.reasons if one.id == ident), Text(ident, ident))
