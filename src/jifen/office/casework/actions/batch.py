"""Many drafts at once from a workbook: good rows become drafts, bad ones are told; uploading again
makes no doubles."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import case_for
from jifen.office.casework.actions.drafts import Typed, open_draft, save
from jifen.office.casework.actions.periods import running
from jifen.office.casework.actions.registers import same
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import OPEN, Application, Outcome, PointsPeriod, State
from jifen.office.casework.renewal.begin import begin
from jifen.office.casework.standing import claimed, rules_of
from jifen.office.registry.actions.people import person_of
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person, Unit
from jifen.office.sheets.read import Batch, Row
from jifen.policy.text import Text

Store = Callable[[Any], dict[str, Any]]
"""A given value → how the form holds it."""


@dataclass(slots=True)
class Taken:
    """What became of a workbook: drafts made, drafts brought up to date, rows refused with why."""

    made: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[int, Text] = field(default_factory=dict)


def take_in(
    user: User,
    unit: Unit,
    agency: Unit | None,
    batch: Batch,
    store: Store,
    on: date | None = None,
) -> Taken:
    """Every row without a fault becomes a draft, or brings that of the same unit up to date; each
    in a transaction of its own, so that one refused row takes nothing else with it."""
    taken, day = Taken(), on or timezone.localdate()
    for row in batch.rows:
        take_row(user, unit, agency, row, store, taken, day)
    return taken


def take_row(
    user: User,
    unit: Unit,
    agency: Unit | None,
    row: Row,
    store: Store,
    taken: Taken,
    day: date,
) -> None:
    """One row; nothing where it has a fault, and why in `taken` where it is refused."""
    if row.faults:
        return
    try:
        with transaction.atomic():
            _take(user, unit, agency, row, store, taken, day)
    except (CaseFault, RegistryFault) as error:
        taken.refused[row.number] = error.words
    except NoSuchCase:
        taken.refused[row.number] = _OTHER


def _take(
    user: User,
    unit: Unit,
    agency: Unit | None,
    row: Row,
    store: Store,
    taken: Taken,
    day: date,
) -> None:
    person = person_of(user, row.identity, row.name, row.phone)
    there = Application.objects.filter(person=person, city=unit.city, state__in=OPEN).first()
    fields = {fact: Typed(store(value), [value]) for fact, value in row.facts.items()}
    period = renewable(person, unit) if there is None else None
    if period is not None:
        _renew(user, period, unit, agency, row, fields, day)
        taken.made += 1
        return
    if there is None:
        _open(user, unit, agency, person, fields, day)
        taken.made += 1
        return
    if there.unit_id != unit.pk or there.state != State.DRAFT:
        raise CaseFault("JF-K080", _OTHER)
    changed = _changed(there, row, fields, day)
    if changed:
        case = case_for(user, there)
        if case is None:
            raise NoSuchCase
        save(case, changed, seen=there.revision)
    taken.updated += bool(changed)
    taken.unchanged += not changed


def renewable(person: Person, unit: Unit) -> PointsPeriod | None:
    """The points of somebody, at the line, whose renewal this unit files; whoever has none files
    anew."""
    rows = running().filter(person=person, city=unit.city, employer=unit)
    rows = rows.filter(decision__outcome=Outcome.REACHED)
    return rows.select_related("decision__application", "permit").first()


def _renew(
    user: User,
    period: PointsPeriod,
    unit: Unit,
    agency: Unit | None,
    row: Row,
    fields: dict[str, Typed],
    day: date,
) -> None:
    """A renewal with what the row says differently; what it says alike is not looked at again."""
    case = begin(user, period, unit=unit, on=day, agency=agency)
    if changed := _changed(case.application, row, fields, day):
        save(case, changed, seen=0)


def _changed(
    application: Application, row: Row, fields: dict[str, Typed], day: date
) -> dict[str, Typed]:
    """What a row says differently from a draft, by what the rules make of it."""
    rules, given = rules_of(application), claimed(application.items.all())
    return {
        fact: fields[fact]
        for fact, value in row.facts.items()
        if fact not in given or not same(rules, fact, given[fact], value, day)
    }


_OTHER = Text(
    "此人已有一件已提交或由其他单位办理的申请，没有改动。",
    "This person has an application that is filed already or another unit's; nothing was changed.",
)


def _open(
    user: User,
    unit: Unit,
    agency: Unit | None,
    person: Person,
    fields: dict[str, Typed],
    day: date,
) -> None:
    case = open_draft(
        user, unit.city, person, unit=unit, agency=agency, district=unit.district, on=day
    )
    save(case, fields, seen=0)
