"""A procedure, checked and immutable. Days are working days unless a name says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jifen.policy.condition import Condition
from jifen.policy.model import Source
from jifen.policy.text import Text

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class ProcessProvenance:
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
class ProcessGate:
    """One gate: who confirms which facts ('*': all that no other gate names), in how many days,
    after which gates. `department` is empty where the clerks of the office do it."""

    id: str
    label: Text
    department: str
    days: int
    after: tuple[str, ...]
    facts: tuple[str, ...]
    provenance: ProcessProvenance

    @property
    def role(self) -> str:
        """'clerk' or 'department'."""
        return "department" if self.department else "clerk"


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """How long an applicant has to put something right, and how often it may be asked."""

    days: int
    most_rounds: int | None
    provenance: ProcessProvenance


@dataclass(frozen=True, slots=True)
class RefilingRule:
    """When a second application is too soon."""

    not_twice_in_months: int
    not_while_pending: bool
    provenance: ProcessProvenance


@dataclass(frozen=True, slots=True)
class ExpeditedGround:
    """A ground for the expedited lane, and what proves it."""

    id: str
    label: Text
    evidence: Text


@dataclass(frozen=True, slots=True)
class ExpeditedLane:
    """The expedited lane: its clock; after `overtakes_after` days a normal case goes first."""

    grounds: tuple[ExpeditedGround, ...]
    days: int
    overtakes_after: int
    provenance: ProcessProvenance


@dataclass(frozen=True, slots=True)
class SufficientEvidence:
    """What is enough to confirm these facts ('*': all that no other entry names) without a look:
    any one of the ways. register: one says the same; paper: a document that proves it is there;
    nothing_claimed: there is nothing to prove."""

    facts: tuple[str, ...]
    ways: frozenset[str]
    provenance: ProcessProvenance


@dataclass(frozen=True, slots=True)
class MaterialRule:
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
    provenance: ProcessProvenance


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """A reason code, and for what it is used: correct, reject, refuse, revoke."""

    id: str
    label: Text
    use: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetentionPeriod:
    """How many calendar years something is kept."""

    kind: str
    years: int
    note: Text


@dataclass(frozen=True, slots=True)
class RenewalRule:
    """The yearly renewal of points. Facts that are `lasting` stay true once proved; of them those
    `with_employer` only while the employer is the same. All others are asked anew each year.
    `papers_with_employer`: documents of the employer or of the post; another one brings its own."""

    lasting: frozenset[str]
    with_employer: frozenset[str]
    papers_with_employer: frozenset[str]
    provenance: ProcessProvenance


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
    gates: tuple[ProcessGate, ...]
    days: int
    provenance: ProcessProvenance
    correction: CorrectionRule
    countersign: tuple[str, ...]
    refiling: RefilingRule
    expedited: ExpeditedLane
    materials: tuple[MaterialRule, ...]
    registers: Mapping[str, tuple[str, ...]]
    evidence: tuple[SufficientEvidence, ...]
    reasons: tuple[ReasonCode, ...]
    recheck_days: int
    hearing_days: int
    retention: tuple[RetentionPeriod, ...]
    renewal: RenewalRule | None
    sources: tuple[Source, ...]
    closed_districts: tuple[District, ...] = ()
    """They take no new cases; those that are there go on."""

    def covers_day(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def find_district(self, ident: str) -> District | None:
        """A district by its id, closed or not."""
        districts = (*self.districts, *self.closed_districts)
        return next((district for district in districts if district.id == ident), None)

    def takes_district(self, ident: str) -> bool:
        """Whether a district takes new cases."""
        return any(district.id == ident for district in self.districts)

    def find_gate(self, ident: str) -> ProcessGate:
        """A gate by its id."""
        return next(gate for gate in self.gates if gate.id == ident)

    def find_material(self, ident: str) -> MaterialRule | None:
        """A material by its id."""
        return next((material for material in self.materials if material.id == ident), None)

    def find_sufficient_ways(self, fact: str) -> frozenset[str]:
        """The ways that are enough to confirm a fact without a look; none where no entry covers
        it."""
        named = next((entry.ways for entry in self.evidence if fact in entry.facts), None)
        rest = (entry.ways for entry in self.evidence if EVERYTHING in entry.facts)
        return next(rest, frozenset()) if named is None else named

    def find_reason_label(self, ident: str) -> Text:
        """The words of a reason code."""
        return next(
            (reason.label for reason in self.reasons if reason.id == ident), Text(ident, ident)
        )
