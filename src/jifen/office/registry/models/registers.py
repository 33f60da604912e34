"""The embedded registers: tables that stand in for a city's insurance, education, household, tax,
police and business registers."""

from django.db import models

from jifen.office.vault.fields import SealedJSONField


class RegisterEntry(models.Model):
    """What a register holds under a key (an identity number or a credit code, as blind index).

    `facts`: fact id → value as in the contract; for the business register: name, district, state.
    """

    register = models.CharField(max_length=20)
    city = models.CharField(max_length=40)
    key_index = models.CharField(max_length=64)
    facts = SealedJSONField(default=dict)
    as_of = models.DateField()

    class Meta:
        """One entry per register, city and key."""

        constraints = (
            models.UniqueConstraint(
                fields=("register", "city", "key_index"), name="registry_register_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.register} entry {self.pk}"
