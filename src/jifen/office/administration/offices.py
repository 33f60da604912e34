"""Offices of a city: where they are, when they are open, how they are reached."""

import re
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import has_post
from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.models import OfficeCard
from jifen.office.administration.words import say
from jifen.office.audit.actions import record
from jifen.process import NoProcess, find_process

REQUIRED = ("name", "address", "phone", "hours")
MOST_LETTERS = {
    "name": 80,
    "name_en": 120,
    "address": 160,
    "address_en": 200,
    "phone": 40,
    "hours": 200,
    "hours_en": 200,
}
FIELDS = tuple(MOST_LETTERS)
_PHONE = re.compile(r"[0-9+()（）\- 转,，、/;；]{5,40}")


def list_offices(city: str) -> list[OfficeCard]:
    """The cards of a city as they stand, that of the whole city first."""
    rows = OfficeCard.objects.filter(city=city, ended_at__isnull=True)
    return list(rows.order_by("district"))


def find_office(city: str, district: str) -> OfficeCard | None:
    """The card of a district; where it has none, that of the whole city."""
    cards = {card.district: card for card in list_offices(city)}
    return cards.get(district) or cards.get("")


def write_office(by: User, city: str, district: str, typed: Mapping[str, str]) -> OfficeCard | None:
    """Write the card of an office; None where it says nothing new. Raises AdministrationFault."""
    if not has_post(by, city, "", Role.CITY_ADMIN):
        raise NOT_ADMINISTRATOR
    if district and not _has_district(city, district):
        raise NO_DISTRICT
    words = {name: " ".join(typed.get(name, "").split()) for name in FIELDS}
    for name in REQUIRED:
        if not words[name]:
            raise build_missing(name)
    for name, text in words.items():
        if len(text) > MOST_LETTERS[name]:
            raise build_too_long(name, len(text), MOST_LETTERS[name])
    if not _PHONE.fullmatch(words["phone"]):
        raise BAD_PHONE
    with transaction.atomic():
        rows = OfficeCard.objects.select_for_update()
        old = rows.filter(city=city, district=district, ended_at__isnull=True).first()
        if old is not None and all(getattr(old, name) == words[name] for name in FIELDS):
            return None
        if old is not None:
            OfficeCard.objects.filter(pk=old.pk).update(ended_at=timezone.now())
        card = OfficeCard.objects.create(city=city, district=district, written_by=by, **words)
        changed = [name for name in FIELDS if old is None or getattr(old, name) != words[name]]
        record(
            "office.written",
            actor=f"user:{by.pk}",
            subject=f"office:{card.pk}",
            city=city,
            details={"district": district, "changed": changed},
        )
        return card


def _has_district(city: str, district: str) -> bool:
    try:
        return find_process(city, timezone.localdate()).find_district(district) is not None
    except NoProcess:
        return False


FIELD_WORDS = {
    "name": say("offices.field_words_name"),
    "name_en": say("offices.field_words_name_en"),
    "address": say("offices.field_words_address"),
    "address_en": say("offices.field_words_address_en"),
    "phone": say("offices.field_words_phone"),
    "hours": say("offices.field_words_hours"),
    "hours_en": say("offices.field_words_hours_en"),
}
NOT_ADMINISTRATOR = AdministrationFault(
    "JF-O013",
    say("offices.not_an_administrator"),
)
NO_DISTRICT = AdministrationFault(
    "JF-O014",
    say("offices.the_city_has_no_such"),
    "district",
)
BAD_PHONE = AdministrationFault(
    "JF-O016",
    say("offices.a_telephone_number_has_digits"),
    "phone",
)


def build_missing(name: str) -> AdministrationFault:
    """A field that is left empty."""
    label = FIELD_WORDS[name]
    words = say("offices.is_empty_write", label=label)
    return AdministrationFault("JF-O015", words, name)


def build_too_long(name: str, length: int, most: int) -> AdministrationFault:
    """A field with more letters than it holds."""
    label = FIELD_WORDS[name]
    words = say("offices.has_letters_at_most_fit", label=label, length=length, most=most)
    return AdministrationFault("JF-O015", words, name)
