"""People: found or added by the number of their identity card."""

from django.db import transaction

from jifen.facts.identity import fold_number, read_identity
from jifen.facts.values import BadValue
from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person
from jifen.office.registry.models.people import identity_index, identity_indexes
from jifen.office.vault.private_codes import to_standard_characters
from jifen.policy.text import Text


def find_or_add_person(user: User, number: str, name: str, phone: str = "") -> Person:
    """The person of an identity number; added where there is none. Raises RegistryFault for a
    number that cannot be, and where the name is not that on record (private codes of older systems
    are the characters that the standard names for them)."""
    checked, stripped_name = read_checked_number(number), to_standard_characters(name.strip())
    if not stripped_name:
        raise RegistryFault(
            "JF-G020", Text("请填写证件上的姓名。", "Give the name on the card."), "name"
        )
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


_OTHER_NAME = Text(
    "姓名与此证件号码的登记不一致。请核对证件；如有更名，请先到受理窗口更新。",
    "The name differs from the one on record for this number. Check the card; after a change of "
    "name the office updates it first.",
)


def read_checked_number(number: str) -> str:
    """An identity number as it is kept. Raises RegistryFault for one that cannot be."""
    folded = fold_number(number)
    try:
        read_identity(folded)
    except BadValue as error:
        words = error.sentence or Text(
            f"证件号码有误：应为{error.expected.zh}。{error.remedy.zh}",
            f"The identity number is wrong: expected {error.expected.en}. {error.remedy.en}",
        )
        raise RegistryFault("JF-G022", words, "identity") from None
    return folded
