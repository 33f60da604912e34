"""A small city for tests: people, units, staff, registers, documents, and the way of a case."""

from datetime import date
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from jifen.cities import in_force
from jifen.facts.identity import compute_check_character
from jifen.office.accounts.models import StaffRole, User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import (
    decisions,
    drafts,
    hearings,
    materials,
    registers,
    review,
    submission,
)
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.models import Application, FalseRecord
from jifen.office.registry.actions import ties
from jifen.office.registry.credit_code import check_character as unit_check
from jifen.office.registry.models import Membership, Person, Unit
from jifen.office.registry.models.people import identity_index
from jifen.office.sandbox.cast import SHANGHAI
from tests.world.snapshots import told_once

SINCE = date(2020, 1, 1)
GOOD: dict[str, Any] = SHANGHAI | {"birth_date": "1990-01-01"}
"""Somebody who reaches Shanghai's line."""


def identity(number: int, born: str = "19900101") -> str:
    """A valid identity number of nobody (area 310101)."""
    head = f"310101{born}{number % 1000:03d}"
    return head + compute_check_character(head)


def credit_code(number: int) -> str:
    """A valid credit code of no unit."""
    head = f"91310000MA1{number:06d}"
    return head + unit_check(head)


@told_once
def user(name: str, **fields: Any) -> User:
    """Somebody who can sign in with 'pass-word-1234'."""
    return User.objects.create_user(name, "pass-word-1234", name=name, **fields)


@told_once
def staff(name: str, role: str, city: str = "shanghai", **where: str) -> User:
    """Somebody of the staff."""
    made = user(name)
    StaffRole.objects.create(user=made, role=role, city=city, since=SINCE, **where)
    return made


@told_once
def person(number: int = 1, name: str = "王小明", **fields: Any) -> Person:
    """A person."""
    said = identity(number)
    return Person.objects.create(
        identity=said, identity_index=identity_index(said), name=name, **fields
    )


def activation_code(number: int, name: str) -> str:
    """What somebody with that number and name is handed at a window."""
    clerk = User.objects.filter(username="window").first() or staff("window", "clerk")
    return ties.hand_over_code(clerk, identity(number), name)[1]


@told_once
def unit(number: int = 1, *members: User, kind: str = "employer", **fields: Any) -> Unit:
    """A confirmed unit in Pudong, its first member the administrator."""
    made = Unit.objects.create(
        kind=kind,
        credit_code=credit_code(number),
        name=f"单位{number}",
        **{"city": "shanghai", "district": "pudong", "state": "confirmed"} | fields,
    )
    for place, member in enumerate(members):
        role = "operator" if place else "admin"
        Membership.objects.create(unit=made, user=member, role=role)
        member.__dict__.pop("_units", None)
    return made


def photo(colour: str = "white") -> bytes:
    """A small JPEG."""
    made = BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, "JPEG")
    return made.getvalue()


def typed(facts: dict[str, Any]) -> dict[str, drafts.FieldInput]:
    """Facts as a form or the API hands them over."""
    return {fact: drafts.FieldInput({"text": str(value)}, [value]) for fact, value in facts.items()}


class Office:
    """An employer with an operator, a person, and a full staff of Pudong."""

    @told_once
    def __init__(self) -> None:
        self.admin, self.operator = user("admin"), user("operator")
        self.unit = unit(1, self.admin, self.operator)
        self.person_user = user("person")
        self.person = person(1, user=self.person_user)
        self.clerk = staff("clerk", "clerk", district="pudong")
        self.clerk2 = staff("clerk2", "clerk", district="pudong")
        self.police = staff("police", "reviewer", department="police")
        self.senior = staff("senior", "senior_clerk", district="pudong")
        self.senior2 = staff("senior2", "senior_clerk", district="pudong")
        self.supervisor = staff("supervisor", "supervisor", district="pudong")

    @told_once
    def draft(self, facts: dict[str, Any] | None = None, **changes: Any) -> CaseAccess:
        """A filled-in draft, with the person's consent."""
        case = drafts.open_draft(
            self.operator, "shanghai", self.person, unit=self.unit, district="pudong"
        )
        drafts.save_draft(case, typed((facts or GOOD) | changes), seen=0)
        drafts.give_consent(access_case(self.person_user, case.application.key))
        return access_case(self.operator, case.application.key)

    def with_documents(self, case: CaseAccess) -> CaseAccess:
        """Every document that is wanted."""
        for one in materials.list_missing_materials(case.application):
            materials.upload_files(case, one.material.id, [(f"{one.material.id}.jpg", photo())])
        return access_case(self.operator, case.application.key)

    @told_once
    def submitted(self, facts: dict[str, Any] | None = None, **changes: Any) -> Application:
        """A filed case."""
        case = self.with_documents(self.draft(facts, **changes))
        return submission.submit_case(case, f"key-{case.application.pk}")

    @told_once
    def reviewed(self, application: Application, **corrected: Any) -> Application:
        """Every fact confirmed by the clerk and the police, some corrected."""
        registers.ask_due_registers()
        for who, gate in ((self.clerk, "office"), (self.police, "police")):
            while facts := list_open_facts(Application.objects.get(pk=application.pk), gate):
                case = access_case(who, application.key, "find")
                review.record_findings(case, [finding(fact, corrected) for fact in facts])
        return Application.objects.get(pk=application.pk)

    @told_once
    def decided(self, application: Application, **corrected: Any) -> Application:
        """Proposed by the clerk and signed."""
        self.reviewed(application, **corrected)
        decisions.propose_decision(access_case(self.clerk, application.key, "propose"))
        decisions.countersign_decision(access_case(self.senior, application.key, "countersign"))
        return Application.objects.get(pk=application.pk)


def finding(fact: str, corrected: dict[str, Any]) -> review.FactFinding:
    """Confirm, or correct with a reason."""
    if fact in corrected:
        return review.FactFinding(
            fact, "corrected", [corrected[fact]], "not_matching", "与材料不一致"
        )
    return review.FactFinding(fact, "confirmed")


def tell(record: FalseRecord) -> FalseRecord:
    """The message about a finding reached the account of the person today: the days run."""
    hearings.record_telling(record.pk, today())
    record.refresh_from_db()
    return record


def today() -> date:
    """The day of the office."""
    return timezone.localdate()


def policy_today() -> Any:
    """The measure of Shanghai in force."""
    return in_force("shanghai", today())
