"""The people whose points are asked for."""

from django.conf import settings
from django.db import models

from jifen.facts.identity import fold_number
from jifen.office.vault.fields import BlindIndexField, SealedField
from jifen.office.vault.masks import mask_identity, mask_phone
from jifen.office.vault.names import normalize_name
from jifen.office.vault.seal import blind_index, blind_indexes

IDENTITY, NAME = "identity", "name"


class Person(models.Model):
    """A person by the number of the identity card. Number and name are sealed; `identity_index`
    and `name_index` find them."""

    identity = SealedField()
    identity_index = models.CharField(max_length=64, unique=True)
    name = SealedField()
    name_index = BlindIndexField(of="name", folded=normalize_name)
    phone = SealedField(blank=True)
    phone_confirmed_at = models.DateTimeField(null=True)
    """When somebody of the staff saw that the phone is their own; codes are sent to no other."""
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="person"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def masked_identity(self) -> str:
        """What is shown without a reason to see more."""
        return mask_identity(self.identity)

    @property
    def masked_phone(self) -> str:
        """What is shown without a reason to see more."""
        return mask_phone(self.phone)


def identity_index(number: str) -> str:
    """What is written beside a number, whatever its spelling."""
    return blind_index(fold_number(number), IDENTITY)


def identity_indexes(number: str) -> list[str]:
    """What may stand beside a number, also while the key to look up by is rotated."""
    return blind_indexes(fold_number(number), IDENTITY)


def name_indexes(name: str) -> list[str]:
    """What may stand beside a name, however it is spaced or dotted."""
    return blind_indexes(normalize_name(name), NAME)


def filter_by_number(number: str) -> models.QuerySet[Person]:
    """The person of an identity number, where there is one."""
    return Person.objects.filter(identity_index__in=identity_indexes(number))
