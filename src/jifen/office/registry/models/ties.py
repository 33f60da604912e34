"""How a person is tied to the account that acts as them, and how a wrong tie is undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.registry.models.people import Person
from jifen.office.vault.fields import SealedField

USER = settings.AUTH_USER_MODEL


class CodeChannel(models.TextChoices):
    """How a code came to the person."""

    COUNTER = "counter", "当面"
    PHONE = "phone", "手机"


class ActivationCode(models.Model):
    """A code that only the person was given. `digest`: a slow, salted hash of a
    keyed hash of it; `tries` are wrong ones.
    Whatever ends it (used, replaced, too many tries, its time) leaves it here."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="activation_codes")
    digest = models.CharField(max_length=200)
    way = models.CharField(max_length=8, choices=CodeChannel.choices)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One code at a time; handed over by somebody, or sent."""

        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(ended_at__isnull=True),
                name="registry_one_code_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(way="phone", made_by__isnull=True)
                | Q(way="counter", made_by__isnull=False),
                name="registry_code_handed_over_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"code of person {self.person_id}"


class TieContest(models.Model):
    """The tie of an account to a person is said to be wrong. From `opened_at` it is frozen: the
    account acts for the person no more. Somebody else of the staff decides whether it is undone."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tie_contests")
    account = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    words = SealedField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    undone = models.BooleanField(null=True)
    reason = SealedField(blank=True)

    class Meta:
        """One at a time; four eyes."""

        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(decided_at__isnull=True),
                name="registry_one_contest_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("opened_by")),
                name="registry_contest_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, undone__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, undone__isnull=False),
                name="registry_contest_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"contest of the tie of person {self.person_id}"
