"""Index anew, under the key in use, what is found by a blind index: in portions, while the site
runs. Look-ups ask under the older key too, so that a row is found before and after."""

from collections.abc import Iterator

from django.db import transaction

from jifen.office.messages.channels.ways import PHONE
from jifen.office.messages.models import OutboxSms
from jifen.office.registry.models import Person, RegisterEntry, Unit
from jifen.office.registry.models.people import identity_indexes
from jifen.office.registry.registers import BUSINESS, code_indexes
from jifen.office.site.rotation.reseal import Progress
from jifen.office.vault.seal import Unreadable, blind_indexes

PORTION = 200


def reindex(progress: Progress) -> tuple[int, list[str]]:
    """How many rows were indexed anew, and what could not be, in words."""
    people, faults = _people(progress)
    return people + _register_of_units(progress) + _outbox(progress), faults


def _people(progress: Progress) -> tuple[int, list[str]]:
    done, seen, faults = 0, 0, list[str]()
    total = Person.objects.count()
    for keys in _portions(Person):
        with transaction.atomic():
            for key in keys:
                try:
                    done += _person(key)
                except (Unreadable, TwicePresent) as fault:
                    faults.append(f"person {key}: {fault}")
        seen += len(keys)
        progress("people", seen, max(total, seen))
    return done, faults


class TwicePresent(Exception):
    """Two rows are of one number: they were added in the second in which keys changed."""


def _person(key: int) -> bool:
    """The person, and what registers hold under the same number. Raises Unreadable,
    TwicePresent."""
    person = Person.objects.select_for_update().filter(pk=key).first()
    if person is None:
        return False
    current, *older = identity_indexes(person.identity)
    RegisterEntry.objects.filter(key_index__in=older).update(key_index=current)
    if person.identity_index == current:
        return False
    other = Person.objects.filter(identity_index=current).first()
    if other is not None:
        raise TwicePresent(f"person {other.pk} has the same identity number; unite the two rows")
    person.identity_index = current
    person.save(update_fields=("identity_index",))
    return True


def _register_of_units(progress: Progress) -> int:
    """Entries of units that are registered here; those of other units stay under the older key,
    since the table holds no code to tell the new index from."""
    done, codes = 0, list(Unit.objects.values_list("credit_code", flat=True).distinct())
    for number, code in enumerate(codes, 1):
        current, *older = code_indexes(code)
        rows = RegisterEntry.objects.filter(register=BUSINESS, key_index__in=older)
        done += rows.update(key_index=current)
        progress("register of units", number, len(codes))
    return done


def _outbox(progress: Progress) -> int:
    done, seen, total = 0, 0, OutboxSms.objects.count()
    for keys in _portions(OutboxSms):
        with transaction.atomic():
            for row in OutboxSms.objects.filter(pk__in=keys):
                current, *older = blind_indexes(row.phone, PHONE)
                same = OutboxSms.objects.filter(pk=row.pk, phone_index__in=older)
                done += same.update(phone_index=current)
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
