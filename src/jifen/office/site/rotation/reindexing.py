"""Rebuilding blind indexes under the key in use: in portions, while the site runs. Look-ups also
use the older key, so that a row is found before and after."""

from django.db import transaction

from jifen.office.messages.channels.providers import PHONE
from jifen.office.messages.models import OutboxSms
from jifen.office.registry.models import Person, RegisterEntry, Unit
from jifen.office.registry.models.people import identity_indexes, name_indexes
from jifen.office.registry.registers import BUSINESS, code_indexes
from jifen.office.site.rotation.consultations import reindex_addresses
from jifen.office.site.rotation.portions import PORTION, list_portions
from jifen.office.site.rotation.resealing import Progress
from jifen.office.vault.seal import Unreadable, blind_index


def reindex_all(progress: Progress) -> tuple[int, list[str]]:
    """How many rows were indexed anew, and what could not be, in words."""
    people, faults = _reindex_people(progress)
    addresses, bad = reindex_addresses(progress)
    others = _reindex_unit_entries(progress) + _reindex_outbox(progress)
    return people + addresses + others, faults + bad


def _reindex_people(progress: Progress) -> tuple[int, list[str]]:
    reindexed, looked_at, faults = 0, 0, list[str]()
    total = Person.objects.count()
    registers = _list_registers()
    for keys in list_portions(Person):
        count, bad = _reindex_portion(keys, registers)
        reindexed, faults, looked_at = reindexed + count, faults + bad, looked_at + len(keys)
        progress("people", looked_at, max(total, looked_at))
    return reindexed, faults


def _reindex_portion(keys: list[int], registers: "Registers") -> tuple[int, list[str]]:
    """A portion; one person at a time where somebody's number cannot be opened."""
    try:
        with transaction.atomic():
            return _reindex_people_and_entries(keys, registers)
    except Unreadable as fault:
        if len(keys) == 1:
            return 0, [f"person {keys[0]}: {fault}"]
    outcomes = [_reindex_portion([key], registers) for key in keys]
    return sum(count for count, _ in outcomes), [fault for _, bad in outcomes for fault in bad]


def _reindex_people_and_entries(keys: list[int], registers: "Registers") -> tuple[int, list[str]]:
    """The people, and what registers hold under the same numbers. Raises Unreadable."""
    people = list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    indexes = {person.pk: identity_indexes(person.identity) for person in people}
    _reindex_register_entries(
        {old: new for new, *older in indexes.values() for old in older}, registers
    )
    others = Person.objects.filter(identity_index__in=[new for new, *_ in indexes.values()])
    person_of_index = dict(others.values_list("identity_index", "pk"))
    changed, faults = [], []
    for person in people:
        current = indexes[person.pk][0]
        if person_of_index.get(current, person.pk) != person.pk:
            faults.append(
                f"person {person.pk}: person {person_of_index[current]} has the same identity "
                "number; unite the two rows"
            )
            continue
        name_index = name_indexes(person.name)[0]
        if (person.identity_index, person.name_index) != (current, name_index):
            person.identity_index, person.name_index = current, name_index
            changed.append(person)
    Person.objects.bulk_update(changed, ["identity_index", "name_index"])
    return len(changed), faults


Registers = tuple[list[str], list[str]]
"""The registers and cities of which entries are kept: by them and a key an entry is found."""


def _list_registers() -> Registers:
    rows = RegisterEntry.objects.order_by().values_list("register", "city").distinct()
    return sorted({register for register, _ in rows}), sorted({city for _, city in rows})


def _reindex_register_entries(new_by_old: dict[str, str], registers: Registers) -> int:
    """Entries of registers under an older index; how many there were."""
    names, cities = registers
    rows = RegisterEntry.objects.filter(register__in=names, city__in=cities)
    entries = list(rows.filter(key_index__in=list(new_by_old)))
    for entry in entries:
        entry.key_index = new_by_old[entry.key_index]
    RegisterEntry.objects.bulk_update(entries, ["key_index"])
    return len(entries)


def _reindex_unit_entries(progress: Progress) -> int:
    """Entries of units that are registered here; those of other units stay under the older key,
    since the table holds no code to tell the new index from."""
    codes = list(Unit.objects.order_by().values_list("credit_code", flat=True).distinct())
    reindexed, cities = 0, _list_registers()[1]
    for start in range(0, len(codes), PORTION):
        portion_indexes = [code_indexes(code) for code in codes[start : start + PORTION]]
        with transaction.atomic():
            reindexed += _reindex_register_entries(
                {old: new for new, *older in portion_indexes for old in older}, ([BUSINESS], cities)
            )
        progress("register of units", start + len(portion_indexes), len(codes))
    return reindexed


def _reindex_outbox(progress: Progress) -> int:
    reindexed, looked_at, total = 0, 0, OutboxSms.objects.count()
    for keys in list_portions(OutboxSms):
        with transaction.atomic():
            rows = list(OutboxSms.objects.filter(pk__in=keys))
            for sms in rows:
                sms.phone_index = blind_index(sms.phone, PHONE)
            reindexed += OutboxSms.objects.bulk_update(rows, ["phone_index"])
        looked_at += len(keys)
        progress("outbox", looked_at, max(total, looked_at))
    return reindexed
