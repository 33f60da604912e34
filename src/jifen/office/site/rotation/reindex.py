"""Index anew, under the key in use, what is found by a blind index: in portions, while the site
runs. Look-ups ask under the older key too, so that a row is found before and after."""

from collections.abc import Iterator

from django.db import transaction

from jifen.office.messages.channels.providers import PHONE
from jifen.office.messages.models import OutboxSms
from jifen.office.registry.models import Person, RegisterEntry, Unit
from jifen.office.registry.models.people import identity_indexes
from jifen.office.registry.registers import BUSINESS, code_indexes
from jifen.office.site.rotation.reseal import Progress
from jifen.office.vault.seal import Unreadable, blind_index

PORTION = 200


def reindex(progress: Progress) -> tuple[int, list[str]]:
    """How many rows were indexed anew, and what could not be, in words."""
    people, faults = _people(progress)
    return people + _register_of_units(progress) + _outbox(progress), faults


def _people(progress: Progress) -> tuple[int, list[str]]:
    done, seen, faults = 0, 0, list[str]()
    total = Person.objects.count()
    registers = _registers()
    for keys in _portions(Person):
        count, bad = _some_people(keys, registers)
        done, faults, seen = done + count, faults + bad, seen + len(keys)
        progress("people", seen, max(total, seen))
    return done, faults


def _some_people(keys: list[int], registers: "Registers") -> tuple[int, list[str]]:
    """A portion; one person at a time where somebody's number cannot be opened."""
    try:
        with transaction.atomic():
            return _indexed(keys, registers)
    except Unreadable as fault:
        if len(keys) == 1:
            return 0, [f"person {keys[0]}: {fault}"]
    outcomes = [_some_people([key], registers) for key in keys]
    return sum(count for count, _ in outcomes), [one for _, bad in outcomes for one in bad]


def _indexed(keys: list[int], registers: "Registers") -> tuple[int, list[str]]:
    """The people, and what registers hold under the same numbers. Raises Unreadable."""
    people = list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    indexes = {one.pk: identity_indexes(one.identity) for one in people}
    _follow({old: new for new, *older in indexes.values() for old in older}, registers)
    others = Person.objects.filter(identity_index__in=[new for new, *_ in indexes.values()])
    taken = dict(others.values_list("identity_index", "pk"))
    changed, faults = [], []
    for one in people:
        current = indexes[one.pk][0]
        if taken.get(current, one.pk) != one.pk:
            faults.append(
                f"person {one.pk}: person {taken[current]} has the same identity number; unite "
                "the two rows"
            )
        elif one.identity_index != current:
            one.identity_index = current
            changed.append(one)
    Person.objects.bulk_update(changed, ["identity_index"])
    return len(changed), faults


Registers = tuple[list[str], list[str]]
"""The registers and cities of which entries are kept: by them and a key an entry is found."""


def _registers() -> Registers:
    rows = RegisterEntry.objects.order_by().values_list("register", "city").distinct()
    return sorted({register for register, _ in rows}), sorted({city for _, city in rows})


def _follow(new_by_old: dict[str, str], registers: Registers) -> int:
    """Entries of registers under an older index; how many there were."""
    names, cities = registers
    rows = RegisterEntry.objects.filter(register__in=names, city__in=cities)
    entries = list(rows.filter(key_index__in=list(new_by_old)))
    for entry in entries:
        entry.key_index = new_by_old[entry.key_index]
    RegisterEntry.objects.bulk_update(entries, ["key_index"])
    return len(entries)


def _register_of_units(progress: Progress) -> int:
    """Entries of units that are registered here; those of other units stay under the older key,
    since the table holds no code to tell the new index from."""
    codes = list(Unit.objects.order_by().values_list("credit_code", flat=True).distinct())
    done, cities = 0, _registers()[1]
    for start in range(0, len(codes), PORTION):
        some = [code_indexes(code) for code in codes[start : start + PORTION]]
        with transaction.atomic():
            done += _follow(
                {old: new for new, *older in some for old in older}, ([BUSINESS], cities)
            )
        progress("register of units", start + len(some), len(codes))
    return done


def _outbox(progress: Progress) -> int:
    done, seen, total = 0, 0, OutboxSms.objects.count()
    for keys in _portions(OutboxSms):
        with transaction.atomic():
            rows = list(OutboxSms.objects.filter(pk__in=keys))
            for row in rows:
                row.phone_index = blind_index(row.phone, PHONE)
            done += OutboxSms.objects.bulk_update(rows, ["phone_index"])
        seen += len(keys)
        progress("outbox", seen, max(total, seen))
    return done


def _portions(model: type[Person] | type[OutboxSms]) -> Iterator[list[int]]:
    """The keys of all rows, some at a time."""
    last = 0
    while keys := _after(model, last):
        yield keys
        last = keys[-1]


def _after(model: type[Person] | type[OutboxSms], last: int) -> list[int]:
    rows = model._default_manager.filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:PORTION])
