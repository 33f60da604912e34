"""People: found or added by the number of their identity card."""

from django.db import transaction

from jifen.facts.identity import fold_number, read_identity
from jifen.facts.values import BadValue
from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import identity_index, identity_indexes
from jifen.office.registry.words import say
from jifen.office.vault.private_codes import to_standard_characters


def find_or_add_person(user: User, number: str, name: str, phone: str = "") -> Person:
    """The person of an identity number; added where there is none. Raises RegistryFault for a
    number that cannot be, and where the name is not that on record (private codes of older systems
    are the characters that the standard names for them)."""
    checked, stripped_name = read_checked_number(number), to_standard_characters(name.strip())
    if not stripped_name:
        raise RegistryFault("JF-G020", say("actions.people.give_the_name"), "name")
    with transaction.atomic():
        person, added = Person.objects.get_or_create(
            identity_index__in=identity_indexes(checked),
            defaults=make_person_values(checked, stripped_name) | {"phone": phone.strip()},
        )
        if added:
            record("person.added", actor=f"user:{user.pk}", subject=f"person:{person.pk}")
    if to_standard_characters(person.name) != stripped_name:
        raise RegistryFault("JF-G021", _OTHER_NAME, "name")
    return person


def make_person_values(number: str, name: str) -> dict[str, str]:
    """What is kept of a checked number and a name."""
    return {
        "identity": number,
        "identity_index": identity_index(number),
        "name": to_standard_characters(name.strip())[:60],
    }


_OTHER_NAME = say("actions.people.other_name")


def read_checked_number(number: str) -> str:
    """An identity number as it is kept. Raises RegistryFault for one that cannot be."""
    folded = fold_number(number)
    try:
        read_identity(folded)
    except BadValue as error:
        words = error.sentence or say(
            "actions.people.the_identity_number_is_wrong",
            expected=error.expected,
            remedy=error.remedy,
        )
        raise RegistryFault("JF-G022", words, "identity") from None
    return folded
