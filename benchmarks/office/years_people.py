"""The people of the simulated office: permits that end on every day of a year, some with points."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jifen.facts.identity import compute_check_character
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import drafts, submission
from jifen.office.casework.models import (
    Application,
    Decision,
    Item,
    Material,
    MaterialVersion,
    PointsPeriod,
)
from jifen.office.casework.waiting_rows import store_renewal_wait
from jifen.office.registry.models import Permit, PermitEvent, Person, RegisterEntry
from jifen.office.registry.models.people import identity_index
from jifen.permits import Dwelling, PermitCard, check_automatic_endorsement, permit_rules_on
from tests.world.office import GOOD, Office

BATCH = 5_000
POLICE = {
    "detention_dates": [],
    "ordinary_crime_dates": [],
    "false_material_dates": [],
    "serious_crime": False,
    "family_planning_breach": False,
}
INSURANCE = {f: v for f, v in GOOD.items() if f.startswith(("base_", "insured_"))} | {
    "employed_and_insured": True
}


def fill_years(permits: int, points: int, first: date) -> Any:
    """The people; returns a clerk of the windows."""
    office = Office()
    for start in range(0, permits, BATCH):
        _create_permits(range(start, min(start + BATCH, permits)), permits, first)
    _create_points_cases(office, points, first)
    return office.clerk


def _create_permits(numbers: range, many: int, first: date) -> None:
    people = Person.objects.bulk_create(
        Person(
            identity=identity_number,
            identity_index=identity_index(identity_number),
            name=f"人{n}",
            phone=f"138{n:08}",
        )
        for n, identity_number in ((n, _build_identity_number(n)) for n in numbers)
    )
    permits = [_build_permit(n, who, many, first) for n, who in zip(numbers, people, strict=True)]
    Permit.objects.bulk_create(permits)
    PermitEvent.objects.bulk_create(
        PermitEvent(
            permit=p,
            kind="issued",
            on=p.issued_on,
            anchor=p.anchor,
            years=1,
            valid_until=p.valid_until,
        )
        for p in permits
    )


def _build_identity_number(number: int) -> str:
    """A valid identity number of nobody, born on 1 January 1990."""
    head = f"{320000 + number // 1000}19900101{number % 1000:03d}"
    return head + compute_check_character(head)


def _build_permit(number: int, person: Person, many: int, first: date) -> Permit:
    """85 % at home in their own, 10 % in a registered rental of a year or more, 5 % elsewhere."""
    issued = first - timedelta(days=330 - 365 * number // many % 365)
    card = PermitCard(issued, issued)
    kind = "own_home" if number % 20 > 2 else "other" if number % 20 == 0 else "registered_rental"
    lease = first + timedelta(days=200 + number % 1_200) if kind == "registered_rental" else None
    rules = permit_rules_on("shanghai", first)
    home = check_automatic_endorsement(rules, card, Dwelling(kind, lease))
    return Permit(
        person=person,
        city="shanghai",
        district="pudong",
        registered_on=issued - timedelta(days=400),
        issued_on=issued,
        anchor=issued,
        years=1,
        valid_until=card.valid_until,
        dwelling=kind,
        lease_until=lease,
        look_on=home.first if home else None,
    )


def _create_points_cases(office: Office, many: int, first: date) -> None:
    """One decided case, and as many of its like as are asked for, of people with own homes."""
    Person.objects.filter(pk=office.person.pk).update(phone="13900000000")
    real = timezone.localdate
    timezone.localdate = lambda *_: first
    try:
        case = office.with_documents(office.draft())
        drafts.choose_renewal(case, automatically=True)
        filed = submission.submit_case(
            access_case(office.operator, case.application.key), "k", on=first
        )
        model = office.decided(filed)
    finally:
        timezone.localdate = real
    rows = Permit.objects.filter(dwelling="own_home").select_related("person")
    for permit in rows.order_by("pk")[: many * 50 : 50]:
        _create_similar_case(model, permit, first)


def _create_similar_case(model: Application, permit: Permit, first: date) -> None:
    items, versions = (
        list(model.items.all()),
        MaterialVersion.objects.filter(material__application=model).select_related("material"),
    )
    decision = model.decisions.get()
    new_case = Application.objects.get(pk=model.pk)
    new_case.pk, new_case.person = None, permit.person
    new_case.key = Application._meta.get_field("key").get_default()
    new_case.number, new_case.submit_key = f"SIM{permit.pk:09}", ""
    new_case._state.adding = True
    new_case.save()
    for item in items:
        item.pk, item.application, item._state.adding = None, new_case, True
    Item.objects.bulk_create(items)
    for version in versions:
        kind = Material.objects.create(application=new_case, kind=version.material.kind)
        MaterialVersion.objects.create(
            material=kind, number=1, document=version.document, by=version.by
        )
    new_decision = Decision.objects.get(pk=decision.pk)
    new_decision.pk, new_decision.application, new_decision._state.adding = None, new_case, True
    new_decision.save()
    period = PointsPeriod.objects.create(
        person=permit.person,
        city="shanghai",
        decision=new_decision,
        permit=permit,
        employer=new_case.unit,
        since=first,
        until=permit.valid_until,
    )
    store_renewal_wait(period)
    register_facts = {"insurance": INSURANCE, "police": POLICE}
    register_facts["household"] = {"birth_date": "1990-01-01", "permit_valid": True}
    RegisterEntry.objects.bulk_create(
        RegisterEntry(
            register=name,
            city="shanghai",
            key_index=permit.person.identity_index,
            facts=facts,
            as_of=first,
        )
        for name, facts in register_facts.items()
    )
