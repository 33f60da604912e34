"""Drafts: every field is kept as it is typed; two people at once overwrite nothing in silence."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_for
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import label_item, policy_on
from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed, SeveralFaults
from jifen.office.casework.merging import Merged, merge_field
from jifen.office.casework.models import (
    FILLED,
    OPEN,
    Application,
    Edit,
    Finding,
    Item,
    PointsPeriod,
)
from jifen.office.casework.official_facts import refuse_official_facts
from jifen.office.casework.rules import PERSON
from jifen.office.casework.waiting_rows import store_case_waits
from jifen.office.casework.words import say
from jifen.office.registry.models import Person, Unit

ABSENT: list[Any] = []


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One field of the form: as it stands there; what the engine reads of it ([]: nothing)."""

    typed: Any
    given: list[Any]


@dataclass(frozen=True, slots=True)
class EditConflict:
    """Somebody else changed the field since this page was opened; theirs was kept."""

    fact: str
    theirs: Any
    mine: Any
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What became of an autosave: the revision now, when, and what was not taken over."""

    revision: int
    at: datetime
    conflicts: tuple[EditConflict, ...]


def open_draft(
    user: User,
    city: str,
    person: Person,
    *,
    unit: Unit | None,
    agency: Unit | None = None,
    district: str = "",
    on: date | None = None,
) -> CaseAccess:
    """Begin an application. Raises CaseFault where the person has an open one, or the city has no
    measure in force."""
    day = on or timezone.localdate()
    policy = policy_on(city, day)
    try:
        with transaction.atomic():
            application = Application.objects.create(
                city=city,
                district=district,
                person=person,
                unit=unit,
                agency=agency,
                on=day,
                policy=policy.id,
                policy_version=policy.version,
                policy_hash=policy.hash,
                created_by=user,
            )
            case = access_for(user, application)
            if case is None:
                raise NoSuchCase
            record_event(application, "opened", case)
            store_case_waits(application)
    except IntegrityError:
        raise _make_open_case_fault() from None
    return case


def _make_open_case_fault() -> CaseFault:
    return CaseFault(
        "JF-K004",
        say("actions.drafts.this_person_already_has"),
    )


def can_open_case(city: str, person: Person) -> bool:
    """Whether the person has no open application in the city."""
    rows = Application.objects.filter(city=city, person=person, state__in=OPEN)
    return not rows.exists()


def save_draft(
    case: CaseAccess, fields: Mapping[str, FieldInput], seen: int, *, refuse_closed: bool = False
) -> SaveResult:
    """Keep what changed of the form. `seen`: the revision that the page was made from. Facts that
    may not be changed now are left as they are (a page sends its whole form) or, where told to
    `refuse_closed`, refused all at once as SeveralFaults.

    Of a field that somebody else changed since, and that this page changed too, theirs is kept and
    the conflict is told; what only one of both changed is taken from that one. Raises NotAllowed,
    and SeveralFaults for what only an official record may say.
    """
    with act_on_case(case, "edit") as application:
        open_facts = list_editable_facts(application)
        if refuse_closed and open_facts is not None:
            _refuse_closed_facts(application, fields.keys() - open_facts)
        refuse_official_facts(application, {fact: field.typed for fact, field in fields.items()})
        items = {item.fact: item for item in application.items.all()}
        conflicts = []
        for fact, field in fields.items():
            if open_facts is not None and fact not in open_facts:
                continue
            conflict = _merge_field(application, items.get(fact), fact, field, seen, case.user)
            if conflict:
                conflicts.append(conflict)
        at = timezone.now()
        return SaveResult(application.revision, at, tuple(conflicts))


def _refuse_closed_facts(application: Application, facts: Set[str]) -> None:
    if facts:
        raise SeveralFaults(_make_closed_fault(application, fact) for fact in sorted(facts))


def _make_closed_fault(application: Application, fact: str) -> CaseFault:
    label = label_item(application, "fact", fact)
    words = say("actions.drafts.is_not_asked", label=label)
    return CaseFault("JF-K014", words, fact)


def list_editable_facts(application: Application) -> frozenset[str] | None:
    """The facts that may be changed now: all of a draft (None), those asked for in a correction."""
    if application.submitted_at is None:
        return None
    correction = application.corrections.filter(state="open").first()
    if correction is None:
        return frozenset()
    return frozenset(correction.items.filter(kind="fact").values_list("key", flat=True))


def _merge_field(
    application: Application, item: Item | None, fact: str, field: FieldInput, seen: int, user: User
) -> EditConflict | None:
    stored = item.typed if item else None
    by_another = item is not None and item.revision > seen and item.edited_by_id != user.pk
    kept = merge_field(
        stored,
        field.typed,
        lambda: _find_value_at_revision(application, fact, seen),
        by_another=by_another,
    )
    if item and kept is Merged.CONFLICT:
        return EditConflict(fact, stored, field.typed, str(item.edited_by), item.edited_at)
    if kept is Merged.MINE:
        write_item(application, item, fact, field, user)
    return None


def _find_value_at_revision(application: Application, fact: str, seen: int) -> Any:
    """What stood in the field at a revision."""
    rows = Edit.objects.filter(application=application, fact=fact, revision__lte=seen)
    row = rows.order_by("-revision").first()
    return row.typed if row else None


def write_item(
    application: Application, item: Item | None, fact: str, field: FieldInput, user: User
) -> Item:
    """Keep a field as the next revision, within the act; what it was carried or filled from holds
    no longer."""
    application.revision += 1
    row = item or Item(application=application, fact=fact)
    row.typed, row.given, row.revision = field.typed, field.given, application.revision
    row.edited_by, row.edited_at = user, timezone.now()
    if row.carried_from_id and application.submitted_at is None:
        row.finding, row.found, row.carried_from, row.why = Finding.OPEN, [], None, "changed"
        row.source, row.found_at = "", None
    if row.source.startswith(FILLED):
        row.source, row.source_as_of = "", None
    row.save()
    Edit.objects.create(
        application=application,
        fact=fact,
        revision=application.revision,
        typed=field.typed,
        by=user,
    )
    return row


def set_family(case: CaseAccess, family: list[dict[str, str]]) -> None:
    """The members of the family that live along (name and relation; children with their year of
    birth): points open services for them."""
    with act_on_case(case, "edit") as application:
        application.family = family[:12]
        application.revision += 1


def choose_renewal(case: CaseAccess, *, automatically: bool) -> None:
    """Whether the points are renewed each year without asking, where nothing has changed."""
    with act_on_case(case, "choose_renewal") as application:
        if PERSON not in case.sides and _has_other_employer(application):
            raise NotAllowed("JF-K003", _ANOTHER_FILES)
        application.renews_itself = automatically
        record_event(application, "renewal_chosen", case, details={"by_itself": automatically})


def _has_other_employer(application: Application) -> bool:
    """Whether the person named another employer since."""
    rows = PointsPeriod.objects.filter(decision__application=application)
    return rows.exclude(employer=application.unit).exists()


_ANOTHER_FILES = say("actions.drafts.another_files")


def give_consent(case: CaseAccess) -> None:
    """The person agrees that the employer files and that registers are asked."""
    with act_on_case(case, "consent") as application:
        application.consent_at = application.consent_at or timezone.now()
        record_event(application, "consented", case)
