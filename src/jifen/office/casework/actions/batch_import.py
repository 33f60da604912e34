"""Many drafts at once from a workbook: good rows become drafts, bad ones are told; uploading again
makes no doubles."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_for
from jifen.office.casework.actions.drafts import FieldInput, open_draft, save_draft
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.actions.registers import has_same_meaning
from jifen.office.casework.case_policy import rules_of, select_claimed_facts
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import OPEN, Application, Outcome, PointsPeriod, State
from jifen.office.casework.renewal.creation import begin_renewal
from jifen.office.casework.words import say
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person, Unit
from jifen.office.sheets.batch_reader import Batch, BatchRow
from jifen.policy.text import Text

ToFormValue = Callable[[Any], dict[str, Any]]
"""A given value → how the form holds it."""


@dataclass(slots=True)
class BatchResult:
    """What became of a workbook: drafts made, drafts brought up to date, rows refused with why."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[int, Text] = field(default_factory=dict)


def import_batch(
    user: User,
    unit: Unit,
    agency: Unit | None,
    batch: Batch,
    to_form_value: ToFormValue,
    on: date | None = None,
) -> BatchResult:
    """Every row without a fault becomes a draft, or brings that of the same unit up to date; each
    in a transaction of its own, so that one refused row takes nothing else with it."""
    result, day = BatchResult(), on or timezone.localdate()
    for row in batch.rows:
        import_row(user, unit, agency, row, to_form_value, result, day)
    return result


def import_row(
    user: User,
    unit: Unit,
    agency: Unit | None,
    row: BatchRow,
    to_form_value: ToFormValue,
    result: BatchResult,
    day: date,
) -> None:
    """One row; nothing where it has a fault, and why in `taken` where it is refused."""
    if row.faults:
        return
    try:
        with transaction.atomic():
            _import_person(user, unit, agency, row, to_form_value, result, day)
    except (CaseFault, RegistryFault) as error:
        result.refused[row.number] = error.words
    except NoSuchCase:
        result.refused[row.number] = _OTHER_APPLICATION


def _import_person(
    user: User,
    unit: Unit,
    agency: Unit | None,
    row: BatchRow,
    to_form_value: ToFormValue,
    result: BatchResult,
    day: date,
) -> None:
    person = find_or_add_person(user, row.identity, row.name, row.phone)
    existing = Application.objects.filter(person=person, city=unit.city, state__in=OPEN).first()
    fields = {fact: FieldInput(to_form_value(value), [value]) for fact, value in row.facts.items()}
    period = find_renewable_points(person, unit) if existing is None else None
    if period is not None:
        _begin_renewal_from_row(user, period, unit, agency, row, fields, day)
        result.created += 1
        return
    if existing is None:
        _open_new_draft(user, unit, agency, person, fields, day)
        result.created += 1
        return
    if existing.unit_id != unit.pk or existing.state != State.DRAFT:
        raise CaseFault("JF-K080", _OTHER_APPLICATION)
    changed = _select_changed_fields(existing, row, fields, day)
    if changed:
        case = access_for(user, existing)
        if case is None:
            raise NoSuchCase
        save_draft(case, changed, seen=existing.revision)
    result.updated += bool(changed)
    result.unchanged += not changed


def find_renewable_points(person: Person, unit: Unit) -> PointsPeriod | None:
    """The points of somebody, at the line, whose renewal this unit files; whoever has none files
    anew."""
    rows = list_running_periods().filter(person=person, city=unit.city, employer=unit)
    rows = rows.filter(decision__outcome=Outcome.REACHED)
    return rows.select_related("decision__application", "permit").first()


def _begin_renewal_from_row(
    user: User,
    period: PointsPeriod,
    unit: Unit,
    agency: Unit | None,
    row: BatchRow,
    fields: dict[str, FieldInput],
    day: date,
) -> None:
    """A renewal with what the row says differently; what it says alike is not looked at again."""
    case = begin_renewal(user, period, unit=unit, on=day, agency=agency)
    if changed := _select_changed_fields(case.application, row, fields, day):
        save_draft(case, changed, seen=0)


def _select_changed_fields(
    application: Application, row: BatchRow, fields: dict[str, FieldInput], day: date
) -> dict[str, FieldInput]:
    """What a row says differently from a draft, by what the rules make of it."""
    rules, given = rules_of(application), select_claimed_facts(application.items.all())
    return {
        fact: fields[fact]
        for fact, value in row.facts.items()
        if fact not in given or not has_same_meaning(rules, fact, given[fact], value, day)
    }


_OTHER_APPLICATION = say("actions.batch_import.other_application")


def _open_new_draft(
    user: User,
    unit: Unit,
    agency: Unit | None,
    person: Person,
    fields: dict[str, FieldInput],
    day: date,
) -> None:
    case = open_draft(
        user, unit.city, person, unit=unit, agency=agency, district=unit.district, on=day
    )
    save_draft(case, fields, seen=0)
